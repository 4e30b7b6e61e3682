//! The table of operations that the node performs, and by which layer.
//!
//! ```
//! use zstack_node::catalog::Layer;
//!
//! let rows = zstack_node::coverage::rows()?;
//! let create = rows.iter().find(|row| row.operation == "CreateZone").ok_or("no such operation")?;
//! assert_eq!(create.layer, Layer::Derived);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use zstack_runtime::Version;

use crate::catalog::Layer;
use crate::service::Operations;
use crate::spec::{Spec, SpecError};

/// An operation of the spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The name.
    pub operation: &'static str,
    /// The origin of its behavior.
    #[serde(serialize_with = "as_word")]
    pub layer: Layer,
    /// The release that added it.
    #[serde(serialize_with = "as_text")]
    pub since: Version,
    /// The category.
    #[serde(skip)]
    pub category: &'static str,
}

fn as_word<S: serde::Serializer>(layer: &Layer, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(layer.word())
}

fn as_text<S: serde::Serializer>(version: &Version, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(version)
}

/// Returns a row for each operation of the built-in spec, sorted by name.
///
/// # Errors
///
/// When the files that are built into the node are invalid.
pub fn rows() -> Result<Vec<Row>, SpecError> {
    Spec::load_built_in().map(rows_of)
}

/// Returns a row for each operation of a spec, sorted by name.
#[must_use]
pub fn rows_of(spec: &'static Spec) -> Vec<Row> {
    let Operations { operations, plans, .. } = spec.operations();
    let row = |operation: &&'static zstack_runtime::Operation| {
        let layer = match plans.get(operation.name) {
            _ if plans.is_typed(operation.name) => Layer::Written,
            Some(plan) => plan.action.layer,
            None => Layer::None,
        };
        Row { operation: operation.name, layer, since: operation.since, category: operation.category }
    };
    let mut rows: Vec<_> = operations.iter().map(row).collect();
    rows.sort_by_key(|row| row.operation);
    rows
}

/// Counts the rows of each layer in a sentence.
fn summary(rows: &[Row]) -> String {
    let count = |layer| rows.iter().filter(|row| row.layer == layer).count();
    format!(
        "{} operations: {} derived, {} declared, {} written, {} not performed",
        rows.len(),
        count(Layer::Derived),
        count(Layer::Declared),
        count(Layer::Written),
        count(Layer::None)
    )
}

/// Formats rows in columns, with a summary as the last line.
#[must_use]
pub fn text(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.operation.len()).max().unwrap_or(0);
    let mut text = String::new();
    for Row { operation, layer, since, .. } in rows {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{operation:width$}  {:8}  {since}", layer.word());
    }
    text + &summary(rows)
}

/// Formats rows as a list of JSON objects.
///
/// # Errors
///
/// Never; the rows are texts.
pub fn json(rows: &[Row]) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(rows)
}

/// Formats rows as a page in Markdown, by category.
#[must_use]
pub fn markdown(rows: &[Row]) -> String {
    let mut categories: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        categories.entry(row.category).or_default().push(row);
    }
    let mut text = format!(
        "# Coverage\n\nThe operations of the spec, and how the node performs them. `zstack-node coverage` prints the same \
         table.\n\n\
         | layer | meaning |\n|---|---|\n\
         | `derived` | follows from conventions, such as that CreateZone creates a zone |\n\
         | `declared` | is declared in a [resource file](resources.md) |\n\
         | `written` | is a function in Rust |\n\
         | `none` | is not performed: the operation fails with `SYS.1014` |\n\n{}.\n",
        summary(rows)
    );
    for (category, rows) in categories {
        let _ = write!(text, "\n## {category}\n\n| operation | layer | since |\n|---|---|---|\n");
        for Row { operation, layer, since, .. } in rows {
            let _ = writeln!(text, "| {operation} | `{}` | {since} |", layer.word());
        }
    }
    text
}
