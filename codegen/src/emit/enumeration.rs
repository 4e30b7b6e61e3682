//! An enum, open to values of later releases.

use super::uses::ident;
use super::{Context, comment, docs};
use zstack_model::{DataType, EnumValue};

pub(super) fn items(context: &Context<'_>, ty: &DataType, values: &[EnumValue]) -> String {
    let name = ident(&ty.name);
    let variants: Vec<_> = values.iter().map(|value| ident(&value.variant())).collect();
    let mut text = comment::outer(&docs::data_type(ty), "");
    text.push_str("#[derive(Clone, Debug, PartialEq, Eq, Hash)]\n#[non_exhaustive]\n");
    text.push_str(&format!("pub enum {name} {{\n"));
    for (value, variant) in values.iter().zip(&variants) {
        text.push_str(&comment::outer(&docs::value(value), "    "));
        text.push_str(&format!("    {variant},\n"));
    }
    text.push_str("    /// A value that came with a later release.\n    Unrecognized(UnknownValue),\n}\n\n");
    text.push_str(&format!("enumeration! {{ {name} {{\n"));
    for (value, variant) in values.iter().zip(&variants) {
        let since = context.release(&value.since);
        text.push_str(&format!("    {variant} = {:?} since {since},\n", value.name));
    }
    text.push_str("}}\n");
    text
}
