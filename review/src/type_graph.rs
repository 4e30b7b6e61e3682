//! The graph of data types, which determines the operations that send or receive a data type.
//!
//! A data type is two nodes of the graph. Its *value* node represents the values of parameters and fields of this type.
//! Its *fields* node represents its fields, which are in its own values and in those of the records that extend it. Where a
//! value of a record is expected, a value of an extension may be used; the fields of a record alone do not lead to its
//! extensions.

use std::collections::{BTreeSet, HashMap};

use zstack_model::{Model, Operation};

/// The operations that use a data type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Users<'a> {
    /// The operations whose callers send it.
    pub(super) requests: BTreeSet<&'a str>,
    /// The operations whose callers receive it.
    pub(super) responses: BTreeSet<&'a str>,
}

/// The number of a node: twice the index of the data type, plus one for its fields.
type Node = usize;

const fn value(ty: usize) -> Node {
    2 * ty
}

const fn fields(ty: usize) -> Node {
    2 * ty + 1
}

/// The operations with a parameter or response field of a data type, by index.
#[derive(Clone, Debug, Default)]
struct DirectUsers {
    requests: Vec<usize>,
    responses: Vec<usize>,
    /// True if the envelope of all responses has such a field.
    envelope: bool,
}

/// The graph of the data types of a model.
#[derive(Clone, Debug)]
pub(super) struct TypeGraph<'a> {
    operations: &'a [Operation],
    types: HashMap<&'a str, usize>,
    direct_users: Vec<DirectUsers>,
    /// The nodes that lead to each node.
    predecessors: Vec<Vec<Node>>,
}

impl<'a> TypeGraph<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let types: HashMap<_, _> =
            model.types.iter().enumerate().map(|(index, ty)| (ty.name.as_str(), index)).collect();
        let find = |name: Option<&str>| types.get(name?).copied();

        let mut direct_users = vec![DirectUsers::default(); model.types.len()];
        for (index, operation) in model.operations.iter().enumerate() {
            for ty in
                operation.parameters.iter().filter_map(|parameter| find(parameter.field.ty.data_type_name()))
            {
                direct_users[ty].requests.push(index);
            }
            for ty in operation.response.iter().filter_map(|field| find(field.ty.data_type_name())) {
                direct_users[ty].responses.push(index);
            }
        }
        for ty in model.service.envelope.iter().filter_map(|field| find(field.ty.data_type_name())) {
            direct_users[ty].envelope = true;
        }

        let mut predecessors = vec![Vec::new(); 2 * model.types.len()];
        for (index, ty) in model.types.iter().enumerate() {
            predecessors[fields(index)].push(value(index));
            for field_type in ty.own_fields().iter().filter_map(|field| find(field.ty.data_type_name())) {
                predecessors[value(field_type)].push(fields(index));
            }
            if let Some(base) = find(ty.extends.as_deref()) {
                predecessors[fields(base)].push(fields(index));
                predecessors[value(index)].push(value(base));
            }
        }
        Self { operations: &model.operations, types, direct_users, predecessors }
    }

    /// The operations that use a data type, directly or through other data types.
    pub(super) fn users(&self, name: &str) -> Users<'a> {
        let mut users = Users::default();
        let Some(ty) = self.types.get(name) else { return users };
        let name = |index: &usize| self.operations[*index].name.as_str();
        for node in self.ancestors(fields(*ty)).filter(|node| node % 2 == 0) {
            let DirectUsers { requests, responses, envelope } = &self.direct_users[node / 2];
            users.requests.extend(requests.iter().map(name));
            users.responses.extend(responses.iter().map(name));
            if *envelope {
                users.responses.extend(self.operations.iter().map(|operation| operation.name.as_str()));
            }
        }
        users
    }

    /// Returns whether a value of a data type may contain another one of the same data type.
    pub(super) fn contains_itself(&self, name: &str) -> bool {
        let Some(ty) = self.types.get(name) else { return false };
        self.ancestors(fields(*ty)).any(|node| node == fields(*ty))
    }

    /// The data types through which a data type contains itself, including itself, sorted by name.
    pub(super) fn cycle_of(&self, name: &str) -> Vec<&'a str> {
        let Some(ty) = self.types.get(name) else { return Vec::new() };
        let ancestors: Vec<_> = self.ancestors(fields(*ty)).collect();
        let is_descendant = |other: usize| self.ancestors(fields(other)).any(|node| node == fields(*ty));
        let is_in_cycle = |other: usize| ancestors.contains(&fields(other)) && is_descendant(other);
        let others = self.types.iter().filter(|(_, index)| is_in_cycle(**index));
        let mut names: Vec<_> = others.map(|(name, _)| *name).collect();
        names.sort_unstable();
        names
    }

    /// The data types that clients send.
    pub(super) fn sent_types(&self) -> BTreeSet<&'a str> {
        self.reachable_from(|users| !users.requests.is_empty())
    }

    /// The data types that clients receive.
    pub(super) fn received_types(&self) -> BTreeSet<&'a str> {
        self.reachable_from(|users| {
            !users.responses.is_empty() || (users.envelope && !self.operations.is_empty())
        })
    }

    /// The nodes that lead to a node, directly or not. The node itself is included only if it is in a cycle.
    fn ancestors(&self, node: Node) -> impl Iterator<Item = Node> {
        closure(&self.predecessors, self.predecessors[node].clone())
    }

    /// The selected data types and those to which they lead.
    fn reachable_from(&self, is_selected: impl Fn(&DirectUsers) -> bool) -> BTreeSet<&'a str> {
        let mut successors = vec![Vec::new(); self.predecessors.len()];
        for (node, predecessors) in self.predecessors.iter().enumerate() {
            predecessors.iter().for_each(|predecessor| successors[*predecessor].push(node));
        }
        let types = 0..self.direct_users.len();
        let first = types.filter(|ty| is_selected(&self.direct_users[*ty])).map(value).collect();
        let mut found = vec![false; self.direct_users.len()];
        closure(&successors, first).for_each(|node| found[node / 2] = true);
        self.types.iter().filter(|(_, ty)| found[**ty]).map(|(name, _)| *name).collect()
    }
}

/// The given nodes and all nodes reachable from them, each once.
fn closure(edges: &[Vec<Node>], first: Vec<Node>) -> impl Iterator<Item = Node> {
    let mut seen = vec![false; edges.len()];
    let mut open = first;
    std::iter::from_fn(move || {
        loop {
            let node = open.pop()?;
            if !std::mem::replace(&mut seen[node], true) {
                open.extend(&edges[node]);
                return Some(node);
            }
        }
    })
}

#[cfg(test)]
mod tests;
