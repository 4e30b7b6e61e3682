//! The client of this repository.

use quote::quote;

use super::message::Message;
use crate::emit::example::{RustCall, rust_call};

pub(super) fn write(message: &Message<'_>) -> String {
    let RustCall { imports, request } = rust_call(message.model, message.operation, Some(message.example));
    let session = message.needs_session().then(|| quote!(.session(std::env::var("ZSTACK_SESSION")?)));
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
        // The tokens above are a function whatever the example says.
        Err(_) => return String::new(),
    };
    format!("{}\n\n{}", imports.join("\n"), prettyplease::unparse(&main))
}
