//! The facts of a spec, a line each, so that specs of different forms can be compared.

use zstack_model::{Body, Field, Model, Operation, Place, TypeShape};

/// The kinds of facts that are compared.
#[derive(Clone, Copy)]
pub(crate) struct Facts {
    /// Pages print versions of parameters and fields.
    pub(crate) versions: bool,
    /// Pages keep lists of values.
    pub(crate) values: bool,
}

impl Facts {
    /// The facts of all operations, and of the types that they lead to.
    pub(crate) fn of(self, model: &Model) -> Vec<String> {
        let mut operations: Vec<&Operation> = model.operations.iter().collect();
        operations.sort_by(|one, other| one.name.cmp(&other.name));
        let mut lines = Vec::new();
        for operation in operations {
            let paths: Vec<_> = operation.all_paths().collect();
            let body = match &operation.body {
                Body::None => "none".to_owned(),
                Body::Key(key) => key.clone(),
                Body::Action(key) => format!("action {key}"),
            };
            let query = if operation.query { " query" } else { "" };
            lines.push(format!(
                "{} {} {} body {body}{query}",
                operation.name,
                operation.method,
                paths.join(" ")
            ));
            for parameter in &operation.parameters {
                let place = match parameter.place {
                    Place::BesideBody => "next to the body key",
                    place => place.word(),
                };
                let required = if parameter.field.required { "required" } else { "optional" };
                lines.push(format!("  {} in {place}, {required}", self.field(&parameter.field)));
            }
            self.fields(model, &operation.response, 1, &mut lines);
        }
        lines
    }

    fn fields(self, model: &Model, fields: &[Field], depth: usize, lines: &mut Vec<String>) {
        for field in fields {
            lines.push(format!("{}> {}", "  ".repeat(depth), self.field(field)));
            let ty = field.ty.data_type_name().and_then(|name| model.data_type(name));
            if let Some(TypeShape::Record { fields, .. }) = ty.map(|ty| &ty.shape).filter(|_| depth < 6) {
                self.fields(model, fields, depth + 1, lines);
            }
        }
    }

    fn field(self, field: &Field) -> String {
        let documented = field.documented.clone().unwrap_or_default();
        let mut line = format!("{} {}", field.name, field.ty);
        if self.versions {
            line.push_str(&format!(" since {}", documented.since.unwrap_or_else(|| field.since.to_string())));
        }
        if self.values && !field.constraints.values.is_empty() {
            line.push_str(&format!(" values {}", field.constraints.values.join(",")));
        }
        line
    }
}
