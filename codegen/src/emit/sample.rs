//! Emits a program with the call of an example.

use quote::quote;
use zstack_model::{Example, Model, Operation};

use super::example::{RustCall, rust_call};

/// Emits a program that makes the call of an example with `zstack_client`. It reads the address of the server, and the
/// session if the operation `needs_session`, from the environment.
pub fn sample(model: &Model, operation: &Operation, example: &Example, needs_session: bool) -> String {
    let RustCall { imports, request } = rust_call(model, operation, example);
    let session = needs_session.then(|| quote!(.session(std::env::var("ZSTACK_SESSION")?)));
    let main: syn::File = match syn::parse2(quote! {
        #[tokio::main]
        async fn main() -> Result<(), Box<dyn std::error::Error>> {
            let client = Client::builder(&std::env::var("ZSTACK_URL")?)#session.build()?;
            let answer = #request.call(&client).await?;
            println!("{answer:?}");
            Ok(())
        }
    }) {
        Ok(file) => file,
        // The tokens above are a function for every example.
        Err(_) => return String::new(),
    };
    format!("{}\n\n{}", imports.join("\n"), prettyplease::unparse(&main))
}
