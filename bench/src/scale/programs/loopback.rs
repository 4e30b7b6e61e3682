//! Writes a program that serves all operations on a socket and calls some.

use zstack_model::Model;

use super::{choice, implementation, request};

/// The number of calls of each operation.
const CASES: usize = 20;

pub(super) fn main(model: &Model, calls: usize) -> String {
    let called: Vec<_> = choice::over_categories(model).take(calls).collect();
    let mut categories: Vec<_> = called.iter().map(|operation| &operation.category).collect();
    categories.sort();
    categories.dedup();
    let mut traits = String::new();
    for category in &model.categories {
        let operations = called.iter().copied().filter(|operation| operation.category == category.name);
        traits.push_str(&implementation(category, operations, |_| {
            "        let _ = call;\n        self.0.exchange(&request)\n".to_owned()
        }));
    }
    let trips: String = called
        .iter()
        .map(|operation| {
            let request = request(operation);
            format!("        round_trip::<zstack_types::{request}>(&runtime, &client, &echo, {CASES}),\n")
        })
        .collect();
    format!(
        r#"//! Serves all operations on a socket, and calls some of all categories.

use std::sync::Arc;

use tokio::net::TcpListener;
use zstack_client::Client;
use zstack_conformance::{{Echo, round_trip}};
use zstack_server::{{Api, Call, Outcome}};

struct Service(Arc<Echo>);
{traits}
fn main() -> std::process::ExitCode {{
    match run() {{
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {{
            eprintln!("{{error}}");
            std::process::ExitCode::FAILURE
        }}
    }}
}}

fn run() -> Result<(), Box<dyn std::error::Error>> {{
    let runtime = tokio::runtime::Runtime::new()?;
    let echo = Arc::new(Echo::default());
    let service = Arc::new(Service(Arc::clone(&echo)));
    let api = Api::builder().mount_all(zstack_server::routes(&service)).build()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let url = format!("http://{{}}", listener.local_addr()?);
    runtime.spawn(async move {{ axum::serve(listener, api.into_router()).await }});
    let client = Client::new(&url)?.with_session("36c27e8ff05c4780bf6d2fa65700f22e");
    let failures: Vec<String> = [
{trips}    ]
    .into_iter()
    .filter_map(Result::err)
    .collect();
    if !failures.is_empty() {{
        return Err(format!("{{}}\n{{}} of {calls} operations failed", failures.join("\n"), failures.len()).into());
    }}
    println!("{calls} operations of {categories} categories, each called {CASES} times: all values arrived unchanged");
    Ok(())
}}
"#,
        calls = called.len(),
        categories = categories.len(),
    )
}
