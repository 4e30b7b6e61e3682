//! Substitutes for the platform's Java SDK, which is not published: classes of the
//! same shape, generated from the spec, that send real requests. The classes that
//! all actions use are in `java/`.

use std::fmt::Write as _;
use std::path::Path;

use zstack_model::names;
use zstack_model::{Body, DataType, Method, Model, Operation, Place, Type, TypeShape};

const COMMON: [(&str, &str); 8] = [
    ("com/google/gson/Gson.java", include_str!("java/com/google/gson/Gson.java")),
    ("org/zstack/sdk/Action.java", include_str!("java/org/zstack/sdk/Action.java")),
    ("org/zstack/sdk/ApiException.java", include_str!("java/org/zstack/sdk/ApiException.java")),
    ("org/zstack/sdk/In.java", include_str!("java/org/zstack/sdk/In.java")),
    ("org/zstack/sdk/Json.java", include_str!("java/org/zstack/sdk/Json.java")),
    ("org/zstack/sdk/QueryAction.java", include_str!("java/org/zstack/sdk/QueryAction.java")),
    ("org/zstack/sdk/ZSClient.java", include_str!("java/org/zstack/sdk/ZSClient.java")),
    ("org/zstack/sdk/ZSConfig.java", include_str!("java/org/zstack/sdk/ZSConfig.java")),
];

/// Writes the sources of the classes for a model into a folder.
pub(super) fn write(model: &Model, folder: &Path) {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for (path, text) in COMMON {
        write(path, text);
    }
    for operation in &model.operations {
        write(&format!("org/zstack/sdk/{}Action.java", operation.name), &action(model, operation));
    }
    for ty in &model.types {
        write(&format!("org/zstack/sdk/{}.java", ty.name), &data_type(model, ty));
    }
}

/// The class of an action: a field for each parameter, `call`, and `Result`.
fn action(model: &Model, operation: &Operation) -> String {
    let Operation { name, .. } = operation;
    let mut fields = String::new();
    for parameter in &operation.parameters {
        let place = match parameter.place {
            Place::Path => "path",
            Place::Query => "query",
            Place::Body => "body",
            Place::BesideBody => "top level",
        };
        // For other methods, the platform reads these from the query string.
        let place = if matches!(operation.method, Method::Post | Method::Put) || place == "path" {
            place
        } else {
            "query"
        };
        writeln!(
            fields,
            "    @In({place:?}) public {} {};",
            java_type(&parameter.field.ty),
            parameter.field.name
        )
        .unwrap();
    }
    let key = match &operation.body {
        Body::None => "null".to_owned(),
        Body::Key(key) | Body::Action(key) => format!("{key:?}"),
    };
    let paths: String = operation
        .all_paths()
        .map(|path| format!(", {:?}", format!("{}{path}", model.service.base_path)))
        .collect();
    let base = if operation.query { "QueryAction" } else { "Action" };
    format!(
        r#"package org.zstack.sdk;

public class {name}Action extends {base} {{
{fields}
    public {name}Action() {{
        super({:?}, {key}{paths});
    }}

    public static class Result {{
        public Object value;
        ApiException error;

        public Result throwExceptionIfError() {{
            if (error != null) {{
                throw error;
            }}
            return this;
        }}
    }}

    public Result call() {{
        Result result = new Result();
        try {{
            result.value = send();
        }} catch (ApiException error) {{
            result.error = error;
        }}
        return result;
    }}
}}
"#,
        operation.method.as_str()
    )
}

/// The class of a record, or an enum of the values that Java can name.
fn data_type(model: &Model, ty: &DataType) -> String {
    let name = &ty.name;
    match &ty.shape {
        TypeShape::Record { .. } => {
            let field = |field: &zstack_model::Field| {
                format!("    public {} {};\n", java_type(&field.ty), field.name)
            };
            let fields: String = model.fields(ty).into_iter().map(field).collect();
            format!("package org.zstack.sdk;\n\npublic class {name} {{\n{fields}}}\n")
        }
        TypeShape::Enum { values } => {
            let names: Vec<_> =
                values.iter().map(|value| value.name.as_str()).filter(|name| names::is_ident(name)).collect();
            format!("package org.zstack.sdk;\n\npublic enum {name} {{\n    {}\n}}\n", names.join(",\n    "))
        }
    }
}

fn java_type(ty: &Type) -> String {
    match ty {
        Type::String | Type::Uuid | Type::Timestamp => "String".to_owned(),
        Type::Boolean => "Boolean".to_owned(),
        Type::Integer => "Integer".to_owned(),
        Type::Long => "Long".to_owned(),
        Type::Double => "Double".to_owned(),
        Type::Any => "Object".to_owned(),
        Type::List(item) => format!("java.util.List<{}>", java_type(item)),
        Type::Map(item) => format!("java.util.Map<String, {}>", java_type(item)),
        Type::Named(name) => name.clone(),
    }
}
