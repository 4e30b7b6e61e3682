//! Writes a program that calls operations.

use zstack_model::Model;

use super::{CHANGING, choice, request};

pub(super) fn main(model: &Model, calls: usize) -> String {
    let mut text = format!(
        "//! Calls {calls} operations.\n\n\
         #[tokio::main]\n\
         async fn main() -> Result<(), zstack_client::Error> {{\n    \
         {CHANGING}0;\n    \
         let client = zstack_client::Client::new(&format!(\"http://127.0.0.1:{{CHANGING}}\"))?;\n"
    );
    for operation in choice::over_categories(model).take(calls) {
        text.push_str(&format!(
            "    let request = zstack_client::{}::default();\n    \
             println!(\"{{:?}}\", zstack_client::Call::call(request, &client).await?);\n",
            request(operation)
        ));
    }
    text + "    println!(\"{client:?}\");\n    Ok(())\n}\n"
}
