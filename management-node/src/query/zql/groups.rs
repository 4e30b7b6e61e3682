//! The conversion of statements about groups of rows: sums, counts by field, and functions.

use super::{Function, Problem, Select, Verb};
use crate::query::conditions::{describe, field};
use crate::query::resource::{Field, FieldKind, Resource};
use crate::query::{Column, Grouping, Selection};

/// The name by which statements order groups by the number of their rows.
const GROUP_COUNT: &str = "groupCount";

/// The groups that a statement lists.
pub(crate) struct Groups {
    /// The groups.
    pub(crate) grouping: Grouping,
    /// The form of the groups in the result.
    pub(crate) form: Form,
}

/// The form of groups in a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// An object with all columns.
    Objects,
    /// An array with all columns.
    Sums,
    /// An object with the columns before the last, and the number of rows, which is the last.
    Counts,
    /// An object with all columns, and the value of the last.
    Functions,
}

impl Groups {
    /// Converts a statement; `None` if it is about single rows.
    pub(super) fn new(select: &Select<'_>, selection: Selection) -> Result<Option<Self>, Problem> {
        let resource = selection.resource;
        let fields = |names: &[&str]| {
            names.iter().map(|name| field(resource, name, name)).collect::<Result<Vec<_>, Problem>>()
        };
        let mut keys = fields(&select.groups)?;
        let by_key: Vec<_> = keys.iter().map(|key| Column::Value(key)).collect();
        let function: Option<fn(&'static Field) -> Column> = match select.function {
            Some(Function::Minimum) => Some(Column::Minimum),
            Some(Function::Maximum) => Some(Column::Maximum),
            Some(Function::Average) => Some(Column::Average),
            Some(Function::Distinct) | None => None,
        };
        let (form, columns) = match (select.verb, function) {
            (Verb::Sum, _) => {
                let sums = fields(&select.fields)?;
                sums.iter().try_for_each(|field| check_number(field))?;
                (Form::Sums, [by_key, sums.into_iter().map(Column::Sum).collect()].concat())
            }
            (Verb::Count, _) if keys.is_empty() => return Ok(None),
            (Verb::Count, _) => (Form::Counts, [by_key, vec![Column::Count]].concat()),
            (Verb::Query, Some(function)) => {
                let [only] = select.fields.as_slice() else {
                    return Err("a function takes one field, such as `max(vminstance.cpuNum)`.".to_owned());
                };
                let field = field(resource, only, only)?;
                if select.function == Some(Function::Average) {
                    check_number(field)?;
                }
                (Form::Functions, [by_key, vec![function(field)]].concat())
            }
            (Verb::Query, None) => {
                let is_distinct = select.function == Some(Function::Distinct) && !select.fields.is_empty();
                if keys.is_empty() && !is_distinct {
                    return Ok(None);
                }
                let values = fields(&select.fields)?;
                if is_distinct {
                    keys.extend(&values);
                }
                (Form::Objects, [by_key, values.into_iter().map(Column::Value).collect()].concat())
            }
        };
        let order = |order: &super::Order<'_>| {
            let column = order_column(resource, form, &columns, order.field)?;
            Ok::<_, Problem>((column, order.is_descending))
        };
        let order = select.order.iter().map(order).collect::<Result<_, _>>()?;
        Ok(Some(Self { grouping: Grouping { selection, keys, columns, order }, form }))
    }
}

/// The column of a key of the order.
fn order_column(
    resource: &'static Resource,
    form: Form,
    columns: &[Column],
    name: &str,
) -> Result<Column, Problem> {
    if form == Form::Counts && name == GROUP_COUNT {
        return Ok(Column::Count);
    }
    let computed = columns.iter().find(|column| match column {
        Column::Sum(field) | Column::Minimum(field) | Column::Maximum(field) | Column::Average(field) => {
            field.name == name
        }
        _ => false,
    });
    match computed {
        Some(column) => Ok(*column),
        None => Ok(Column::Value(field(resource, name, name)?)),
    }
}

fn check_number(field: &Field) -> Result<(), Problem> {
    match field.kind {
        FieldKind::Number | FieldKind::Decimal => Ok(()),
        kind => Err(format!("`{}` is {}; only numbers can be added.", field.name, describe(kind))),
    }
}
