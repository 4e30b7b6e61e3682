//! The time that operations take on the platform.

use serde_json::{Map, Value};
use zstack_model::yaml::MappingEntry;
use zstack_model::{Execution, Operation};

use super::index::{Record, Spec};
use super::problem::{Reporter, Spanned};
use super::reader::{ConditionForm, Mapping, ValueForm, conditions, key, values as value_forms};
use super::values;

/// The maximum time of an operation, in seconds.
const MAX_SECONDS: u32 = 3600;

/// The time that an operation takes on the platform.
#[derive(Clone, Debug, PartialEq)]
pub struct Timing {
    /// The resource whose documents show that the operation is running.
    pub resource: String,
    /// The time.
    pub seconds: u32,
    /// The values of fields while the operation is running.
    pub through: Map<String, Value>,
    /// Fields of the document after the operation, with the values that each may have. The operation takes
    /// no time for other documents.
    pub when: Vec<(String, Vec<String>)>,
}

/// The time of an operation, as written.
pub(super) struct TimingForm {
    pub(super) operation: Spanned<String>,
    seconds: u32,
    through: Vec<ValueForm>,
    when: Vec<ConditionForm>,
}

/// Reads the time of an operation.
pub(super) fn read(entry: MappingEntry, reporter: Reporter<'_>) -> Option<TimingForm> {
    let operation = key(&entry);
    let mut form = Mapping::new(entry.value, "the time of an operation", reporter);
    let seconds = form.required_text("seconds").and_then(|text| {
        let seconds = text.value.parse().ok().filter(|seconds| (1..=MAX_SECONDS).contains(seconds));
        if seconds.is_none() {
            let message =
                format!("`seconds` must be an integer from 1 to {MAX_SECONDS}; got `{}`", text.value);
            reporter.add("wrong-type", text.span, message, None);
        }
        seconds
    });
    let through = value_forms(form.entries("through", "`through`"));
    let when = conditions(&form.entries("when", "`when`"), reporter);
    form.finish();
    Some(TimingForm { operation, seconds: seconds?, through, when })
}

/// Resolves the time of an operation on documents of a resource.
pub(super) fn resolve<'m>(
    form: &TimingForm,
    operation: &Operation,
    (resource, record): (&str, &Record<'m>),
    spec: &Spec<'m>,
    reporter: Reporter<'_>,
) -> Timing {
    let TimingForm { operation: name, seconds, through, when } = form;
    if operation.execution != Execution::Async {
        let message = format!("`{}` is synchronous, so it cannot take time", operation.name);
        reporter.add("synchronous-operation", name.span, message, None);
    }
    if let (true, Some((field, _))) = (through.is_empty(), when.first()) {
        let message = format!("`{}` has conditions for documents that it does not change", name.value);
        reporter.add("missing-key", field.span, message, "add `through`, or remove `when`".to_owned());
    }
    Timing {
        resource: resource.to_owned(),
        seconds: *seconds,
        through: values::resolve(through, false, record, spec, reporter),
        when: values::conditions(when, record, spec, reporter),
    }
}
