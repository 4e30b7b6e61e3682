//! Who sends and who receives a data type: which operations lead to it, and in
//! which direction.
//!
//! A data type is two nodes of a graph. A *value* of it is what a parameter or
//! a field holds. Its *fields* are in each of its values, and in those of the
//! records that extend it. Where a value of a record is expected, one of its
//! extensions may stand; but whoever has only its fields does not lead there.

use std::collections::{BTreeSet, HashMap};

use zstack_model::{Model, Operation};

/// The operations that lead to something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reached<'a> {
    /// Those whose callers send it.
    pub(super) requests: BTreeSet<&'a str>,
    /// Those whose callers receive it.
    pub(super) responses: BTreeSet<&'a str>,
}

/// The number of a node: twice the place of the data type, and one more for
/// its fields.
type Node = usize;

const fn value(ty: usize) -> Node {
    2 * ty
}

const fn fields(ty: usize) -> Node {
    2 * ty + 1
}

/// The operations that hold a value of a data type themselves.
#[derive(Clone, Debug, Default)]
struct Holders {
    requests: Vec<usize>,
    responses: Vec<usize>,
    /// All answers have the envelope.
    envelope: bool,
}

/// How the data types of a model lead to each other.
#[derive(Clone, Debug)]
pub(super) struct Reach<'a> {
    operations: &'a [Operation],
    types: HashMap<&'a str, usize>,
    holders: Vec<Holders>,
    /// For each node, those that lead to it.
    before: Vec<Vec<Node>>,
}

impl<'a> Reach<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let types: HashMap<_, _> =
            model.types.iter().enumerate().map(|(nth, it)| (it.name.as_str(), nth)).collect();
        let named = |name: Option<&str>| types.get(name?).copied();

        let mut holders = vec![Holders::default(); model.types.len()];
        for (nth, it) in model.operations.iter().enumerate() {
            for ty in it.parameters.iter().filter_map(|parameter| named(parameter.field.ty.named())) {
                holders[ty].requests.push(nth);
            }
            for ty in it.response.iter().filter_map(|response| named(response.ty.named())) {
                holders[ty].responses.push(nth);
            }
        }
        for ty in model.service.envelope.iter().filter_map(|envelope| named(envelope.ty.named())) {
            holders[ty].envelope = true;
        }

        let mut before = vec![Vec::new(); 2 * model.types.len()];
        for (nth, it) in model.types.iter().enumerate() {
            before[fields(nth)].push(value(nth));
            for ty in it.own_fields().iter().filter_map(|field| named(field.ty.named())) {
                before[value(ty)].push(fields(nth));
            }
            if let Some(base) = named(it.extends.as_deref()) {
                before[fields(base)].push(fields(nth));
                before[value(nth)].push(value(base));
            }
        }
        Self { operations: &model.operations, types, holders, before }
    }

    /// The operations that lead to the fields, or the values, of a data type by
    /// however many steps.
    pub(super) fn reached(&self, name: &str) -> Reached<'a> {
        let mut reached = Reached::default();
        let Some(ty) = self.types.get(name) else { return reached };
        let name = |nth: &usize| self.operations[*nth].name.as_str();
        for node in self.all_before(fields(*ty)).filter(|node| node % 2 == 0) {
            let Holders { requests, responses, envelope } = &self.holders[node / 2];
            reached.requests.extend(requests.iter().map(name));
            reached.responses.extend(responses.iter().map(name));
            if *envelope {
                reached.responses.extend(self.operations.iter().map(|operation| operation.name.as_str()));
            }
        }
        reached
    }

    /// Whether a value of a data type may hold one of the same.
    pub(super) fn holds_itself(&self, name: &str) -> bool {
        let Some(ty) = self.types.get(name) else { return false };
        self.all_before(fields(*ty)).any(|it| it == fields(*ty))
    }

    /// The data types by which a data type holds itself, in the order of their names; itself among them.
    pub(super) fn cycle_of(&self, name: &str) -> Vec<&'a str> {
        let Some(ty) = self.types.get(name) else { return Vec::new() };
        let leads_here: Vec<_> = self.all_before(fields(*ty)).collect();
        let is_led_to = |nth: usize| self.all_before(fields(nth)).any(|it| it == fields(*ty));
        let others =
            self.types.iter().filter(|(_, nth)| leads_here.contains(&fields(**nth)) && is_led_to(**nth));
        let mut names: Vec<_> = others.map(|(name, _)| *name).collect();
        names.sort_unstable();
        names
    }

    /// The data types that clients send.
    pub(super) fn sent(&self) -> BTreeSet<&'a str> {
        self.after(|it| !it.requests.is_empty())
    }

    /// The data types that clients receive.
    pub(super) fn received(&self) -> BTreeSet<&'a str> {
        self.after(|it| !it.responses.is_empty() || (it.envelope && !self.operations.is_empty()))
    }

    /// The nodes that lead to a node; itself only if it leads to itself.
    fn all_before(&self, node: Node) -> impl Iterator<Item = Node> {
        closure(&self.before, self.before[node].clone())
    }

    /// The data types that some lead to, those included.
    fn after(&self, first: impl Fn(&Holders) -> bool) -> BTreeSet<&'a str> {
        let mut after = vec![Vec::new(); self.before.len()];
        for (node, before) in self.before.iter().enumerate() {
            before.iter().for_each(|it| after[*it].push(node));
        }
        let first = (0..self.holders.len()).filter(|ty| first(&self.holders[*ty])).map(value).collect();
        let mut found = vec![false; self.holders.len()];
        closure(&after, first).for_each(|node| found[node / 2] = true);
        self.types.iter().filter(|(_, ty)| found[**ty]).map(|(name, _)| *name).collect()
    }
}

/// Nodes, and all that can be reached from them, each once.
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
