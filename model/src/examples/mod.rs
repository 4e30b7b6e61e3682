//! Generated examples: a request and its response for an operation without written examples, made of types, names and
//! constraints.
//!
//! ```text
//! parameters, fields ─ choice ─▶ values ◀── texts, numbers: by name
//!                                  │   ◀── pattern: by regular expression
//!                                  ▼
//!                           the check of written examples
//! ```
//!
//! The same operation gives the same example. It uses nothing that its release lacks, and passes the check of
//! written examples; if no such example is found, there is none.

mod choice;
mod generator;
mod no_example;
mod nouns;
mod numbers;
mod pattern;
mod texts;

use std::borrow::Cow;

use crate::model::{Example, Model, Operation, Version};

pub use no_example::{ExamplePart, NoExample};

use generator::Generator;

/// The name of generated examples.
pub const NAME: &str = "Generated example";

/// A generated example.
#[derive(Clone, Debug, PartialEq)]
pub struct GeneratedExample {
    /// The example, with the name [`NAME`].
    pub example: Example,
    /// The first release that has everything in the example.
    pub since: Version,
    /// The first release that lacks something in the example.
    pub removed: Option<Version>,
}

/// Returns the examples of an operation: the written ones, or a generated one, which is owned; none if none can
/// be generated.
///
/// The model may be a slice. Its newest release that has the operation is the release of a generated example.
#[must_use]
pub fn examples<'a>(model: &Model, operation: &'a Operation) -> Cow<'a, [Example]> {
    if operation.examples.is_empty() {
        Cow::Owned(generate(model, operation).map(|generated| generated.example).into_iter().collect())
    } else {
        Cow::Borrowed(&operation.examples)
    }
}

/// Generates an example of an operation, whether or not it has written examples.
///
/// # Errors
///
/// If no value satisfies the constraints of a required parameter or field.
pub fn generate(model: &Model, operation: &Operation) -> Result<GeneratedExample, NoExample> {
    Generator::new(model, operation).example()
}

/// Returns the operations without written examples of which no example can be generated.
pub(crate) fn missing(model: &Model) -> impl Iterator<Item = (&Operation, NoExample)> {
    let operations = model.operations.iter().filter(|operation| operation.examples.is_empty());
    operations.filter_map(|operation| Some((operation, generate(model, operation).err()?)))
}
