//! Cargo features: one for each category of operations.
//!
//! Operations belong to the feature of their category. A data type that only one category uses belongs to that feature;
//! other data types are always compiled.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::TokenStream;
use quote::quote;

use super::imports;
use zstack_model::{DataType, Model};

/// The attribute that compiles an item only with a category.
pub(super) fn gate(category: &str) -> TokenStream {
    quote!(#[cfg(feature = #category)])
}

/// The condition under which a data type is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs<'a> {
    Nothing,
    Category(&'a str),
}

/// The categories to which data types belong, by the names of the types. Types without a category are missing.
pub(super) fn categories_of_types(model: &Model) -> HashMap<&str, &str> {
    let mut search = Search { extensions: HashMap::new(), model, found: HashMap::new() };
    for ty in &model.types {
        if let Some(base) = &ty.extends {
            search.extensions.entry(base).or_default().push(ty);
        }
    }
    let mut named = BTreeSet::new();
    imports::collect_type_names(&model.service.envelope, &mut named);
    search.visit_all(named, Needs::Nothing);
    for operation in &model.operations {
        search.visit_all(imports::of_operation(operation), Needs::Category(&operation.category));
    }
    for ty in &model.types {
        if !search.found.contains_key(ty.name.as_str()) {
            search.visit_all([ty.name.as_str()], Needs::Nothing);
        }
    }
    let category = |(name, needs)| match needs {
        Needs::Category(category) => Some((name, category)),
        Needs::Nothing => None,
    };
    search.found.into_iter().filter_map(category).collect()
}

struct Search<'a> {
    model: &'a Model,
    /// The direct extensions of each data type.
    extensions: HashMap<&'a str, Vec<&'a DataType>>,
    found: HashMap<&'a str, Needs<'a>>,
}

impl<'a> Search<'a> {
    /// Records that `by` uses these data types and all that they use.
    fn visit_all(&mut self, names: impl IntoIterator<Item = &'a str>, by: Needs<'a>) {
        let mut open: Vec<&'a str> = names.into_iter().collect();
        while let Some(name) = open.pop() {
            let needs = match self.found.get(name) {
                Some(&known) if known == by || known == Needs::Nothing => continue,
                Some(_) => Needs::Nothing,
                None => by,
            };
            self.found.insert(name, needs);
            let Some(ty) = self.model.data_type(name) else { continue };
            let mut named = BTreeSet::new();
            imports::collect_type_names(self.model.fields(ty), &mut named);
            open.extend(named);
            // A value of a base may be a value of an extension.
            open.extend(ty.extends.as_deref());
            open.extend(
                self.extensions.get(name).into_iter().flatten().map(|extension| extension.name.as_str()),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;

    /// An item that names a data type is compiled only together with that type.
    #[test]
    fn named_data_types_are_compiled() {
        for spec in ["../spec", "../xtask/tests/obstacles/spec"] {
            let model =
                zstack_model::load::load(&Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(spec)).unwrap();
            let categories = categories_of_types(&model);
            let mut gated = 0;
            let mut verify = |by: &str, within: Option<&str>, names: BTreeSet<&str>| {
                for name in names {
                    let needs = categories.get(name).copied();
                    gated += usize::from(needs.is_some());
                    assert!(
                        needs.is_none() || needs == within,
                        "{by} in {within:?} names {name} in {needs:?}"
                    );
                }
            };
            for ty in &model.types {
                let mut named: BTreeSet<&str> = ty.extends.as_deref().into_iter().collect();
                imports::collect_type_names(model.fields(ty), &mut named);
                verify(&ty.name, categories.get(ty.name.as_str()).copied(), named);
            }
            for operation in &model.operations {
                verify(&operation.name, Some(&operation.category), imports::of_operation(operation));
            }
            assert!(gated > 0, "{spec}: no data type belongs to a category");
        }
    }

    #[test]
    fn extensions_belong_to_the_category_of_their_base() {
        let spec = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../xtask/tests/obstacles/spec");
        let model = zstack_model::load::load(&spec).unwrap();
        let categories = categories_of_types(&model);
        for (ty, category) in [
            ("Shape", Some("serde")),
            ("Polygon", Some("serde")),
            ("Corner", Some("serde")),
            ("ErrorCode", None),
            ("Tree", Some("match")),
        ] {
            assert_eq!(categories.get(ty).copied(), category, "{ty}");
        }
    }
}
