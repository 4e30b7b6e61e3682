//! Elements of the spec that no page of the run prints. They stay: silence is not a removal.

use zstack_model::{Source, TypeShape};

use crate::draft::{Draft, ElementKey};
use crate::report::{NoteKind, Report};

/// Reports what the spec says by documents, and no page of a run about the same operations.
pub(crate) fn report(draft: &Draft<'_>, report: &mut Report) {
    let mut keys = Vec::new();
    for operation in &draft.operations {
        let key = ElementKey::Operation(operation.name.clone());
        if !draft.printed.contains(&key) || draft.is_new(&key) || operation.source == Source::Platform {
            continue;
        }
        let parameters = operation.parameters.iter().map(|parameter| &parameter.field);
        let is_documented = |source: Source| source == Source::Document;
        keys.extend(
            parameters
                .filter(|field| is_documented(field.source))
                .map(|field| ElementKey::Parameter(operation.name.clone(), field.name.clone())),
        );
        keys.extend(
            operation
                .response
                .iter()
                .filter(|field| is_documented(field.source))
                .map(|field| ElementKey::ResponseField(operation.name.clone(), field.name.clone())),
        );
    }
    for ty in &draft.types {
        let key = ElementKey::DataType(ty.name.clone());
        let is_record = matches!(ty.shape, TypeShape::Record { .. });
        if !is_record || !draft.printed.contains(&key) || draft.is_new(&key) || ty.source == Source::Platform
        {
            continue;
        }
        let fields = ty.own_fields().iter().filter(|field| field.source == Source::Document);
        keys.extend(fields.map(|field| ElementKey::Field(ty.name.clone(), field.name.clone())));
    }
    for key in keys.into_iter().filter(|key| !draft.printed.contains(key) && !draft.is_new(key)) {
        report.add(NoteKind::Silent, draft.position(&key), format!("no page prints the {key}; it stays"));
    }
}
