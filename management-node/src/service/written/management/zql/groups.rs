//! Groups of rows in the results of ZQL.

use serde_json::{Map, Value};

use crate::model::Moment;
use crate::query::resource::{Field, FieldKind};
use crate::query::zql::{Form, Groups};
use crate::query::{Cell, Column};
use crate::service::written::Context;
use crate::store::Store;

/// Describes groups in the form of their statement, with the name of the field of the result.
pub(super) fn describe<S: Store>(
    context: &Context<'_, S>,
    groups: &Groups,
    rows: Vec<Vec<Cell>>,
) -> Option<(String, Value)> {
    let columns = &groups.grouping.columns;
    let rows = rows.into_iter().map(|cells| {
        let cells = cells.into_iter().zip(columns);
        cells.map(|(cell, column)| value(context, cell, *column)).collect::<Vec<_>>()
    });
    let object = |values: &[Value]| {
        let fields = columns.iter().zip(values).filter(|(_, value)| !value.is_null());
        let named =
            fields.filter_map(|(column, value)| Some((field(*column)?.name.to_owned(), value.clone())));
        Value::Object(named.collect::<Map<_, _>>())
    };
    let pair = |mut values: Vec<Value>| {
        let key = object(&values);
        Value::Array(vec![key, values.pop().unwrap_or_default()])
    };
    let (name, described): (_, Vec<Value>) = match groups.form {
        Form::Objects => ("inventories", rows.map(|values| object(&values)).collect()),
        Form::Sums => ("inventories", rows.map(Value::Array).collect()),
        Form::Counts => ("inventoryCounts", rows.map(pair).collect()),
        Form::Functions => {
            // Without rows, a function has no value.
            let rows = rows.filter(|values| values.last().is_some_and(|value| !value.is_null()));
            ("inventoryAggregateFunctions", rows.map(pair).collect())
        }
    };
    // The platform leaves an empty map out.
    let is_left_out = described.is_empty() && name != "inventories";
    (!is_left_out).then(|| (name.to_owned(), Value::Array(described)))
}

/// The field of a column; `None` for a number of rows.
fn field(column: Column) -> Option<&'static Field> {
    match column {
        Column::Count => None,
        Column::Value(field)
        | Column::CountDistinct(field)
        | Column::Sum(field)
        | Column::Minimum(field)
        | Column::Maximum(field)
        | Column::Average(field) => Some(field),
    }
}

/// The value of a cell, as inventories write it.
fn value<S: Store>(context: &Context<'_, S>, cell: Cell, column: Column) -> Value {
    let kind = match column {
        Column::Value(field) | Column::Minimum(field) | Column::Maximum(field) => field.kind,
        _ => FieldKind::Number,
    };
    match (cell, kind) {
        (Cell::Null, _) => Value::Null,
        (Cell::Number(number), FieldKind::Flag) => (number != 0).into(),
        (Cell::Number(number), FieldKind::Time) => context.time(Moment::from_millis(number)).into(),
        (Cell::Number(number), FieldKind::Text | FieldKind::Uuid) => number.to_string().into(),
        (Cell::Number(number), FieldKind::Number | FieldKind::Decimal) => number.into(),
        (Cell::Real(number), _) => number.into(),
        (Cell::Text(text), _) => text.into(),
    }
}
