//! An enum, open to values of later releases.

use super::docs;
use super::uses::ident;
use crate::model::{DataType, EnumValue};
use crate::names;

pub(super) fn items(ty: &DataType, values: &[EnumValue]) -> String {
    let name = ident(&ty.name);
    let variants: Vec<_> = values.iter().map(|value| ident(&names::variant_ident(&value.name))).collect();
    let mut text = docs::comment(&docs::data_type(ty), "");
    text.push_str("#[derive(Clone, Debug, PartialEq, Eq, Hash)]\n#[non_exhaustive]\n");
    text.push_str(&format!("pub enum {name} {{\n"));
    for (value, variant) in values.iter().zip(&variants) {
        text.push_str(&docs::comment(&docs::value(value), "    "));
        text.push_str(&format!("    {variant},\n"));
    }
    text.push_str("    /// A value that came with a later release.\n    Unrecognized(UnknownValue),\n}\n\n");
    text.push_str(&format!("enumeration! {{ {name} {{\n"));
    for (value, variant) in values.iter().zip(&variants) {
        text.push_str(&format!("    {variant} = {:?} since {:?},\n", value.name, value.since.text));
    }
    text.push_str("}}\n");
    text
}
