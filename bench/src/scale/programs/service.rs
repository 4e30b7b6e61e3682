//! Writes a program that implements operations.

use zstack_model::Model;

use super::{CHANGING, implementation, module};

pub(super) fn main(model: &Model, handlers: usize) -> String {
    let implemented = model.operations.get(..handlers).unwrap_or(&model.operations);
    let (mut mounts, mut traits) = (String::new(), String::new());
    for category in &model.categories {
        let mut operations =
            implemented.iter().filter(|operation| operation.category == category.name).peekable();
        if operations.peek().is_none() {
            continue;
        }
        traits.push_str(&implementation(category, operations, |operation| {
            let is_first = implemented.first().is_some_and(|first| first.name == operation.name);
            let (changing, shown) = if is_first {
                (format!("        {CHANGING}0;\n"), "{CHANGING} {call:?} {request:?}")
            } else {
                (String::new(), "{call:?} {request:?}")
            };
            format!("{changing}        println!({shown:?});\n        Ok(Default::default())\n")
        }));
        mounts.push_str(&format!(
            "        .mount(zstack_server::{}(service.clone()))\n",
            module(&category.name)
        ));
    }
    format!(
        "//! Implements {} operations.\n\n\
         use std::sync::Arc;\n\n\
         use zstack_server::{{Api, BuildError, Call, Outcome}};\n\n\
         struct Service;\n{traits}\n\
         fn main() -> Result<(), BuildError> {{\n    \
         {CHANGING}0;\n    \
         let service = Arc::new(Service);\n    \
         let api = Api::builder()\n{mounts}        .build()?;\n    \
         println!(\"{{CHANGING}} {{:?}}\", api.into_router());\n    Ok(())\n}}\n",
        implemented.len()
    )
}
