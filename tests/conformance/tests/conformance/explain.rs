//! Pages of `explain` show examples as the client sends them.

use serde_json::Value;
use zstack_client::{Call, Client};
use zstack_model::{Method, Model};
use zstack_reference::http_example;
use zstack_runtime::{Request, decode};

use crate::api::{Visit, selected_operations};
use crate::requests::Captured;
use crate::spec::model;

struct Examples(Model, usize);

impl Visit for Examples {
    fn visit<R: Request>(&mut self) {
        let operation = self.0.operation(R::OPERATION.name).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        for example in &operation.examples {
            let context = format!("{}, {}", operation.name, example.name);
            let shown = http_example::request(&self.0, operation, example);

            let parameters = Value::Object(example.request.clone());
            let request: R = decode::from_slice(parameters.to_string().as_bytes()).expect(&context);
            let captured = Captured::default();
            let client = Client::builder("http://node.test").transport(captured.clone()).retries(0);
            let client = client.session("s").build().unwrap();
            assert!(runtime.block_on(request.call(&client)).is_err());
            let sent = captured.take();

            let method = match shown.method {
                Method::Get => http::Method::GET,
                Method::Post => http::Method::POST,
                Method::Put => http::Method::PUT,
                Method::Delete => http::Method::DELETE,
            };
            assert_eq!(*sent.method(), method, "{context}");
            assert_eq!(sent.uri().path_and_query().unwrap().as_str(), shown.target, "{context}");
            let json = |text: &[u8]| serde_json::from_slice::<Value>(text).expect(&context);
            let body = (!sent.body().is_empty()).then(|| json(sent.body()));
            assert_eq!(body, shown.body.map(|body| json(body.as_bytes())), "{context}");
            self.1 += 1;
        }
    }
}

#[test]
fn shows_examples_as_the_client_sends_them() {
    let mut examples = Examples(model(), 0);
    selected_operations(&mut examples);
    assert!(examples.1 >= 40, "{} examples", examples.1);
}
