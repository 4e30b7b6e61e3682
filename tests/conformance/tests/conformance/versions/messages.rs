//! The legacy channel emulates the same releases.

use bytes::Bytes;
use serde_json::{Map, Value, json};
use zstack_client::Transport as _;
use zstack_runtime::Request;
use zstack_server::NewerParameters;

use super::parameters::{Expected, expected_result};
use super::{OldServer, minimal_answer, read, requests, runtime, to_json};
use crate::api::{Visit, selected_operations};

/// Sends the message of each operation, with each of its parameters, to servers of every release.
struct Messages {
    servers: Vec<OldServer>,
    arrived: usize,
    refused: usize,
    unknown: usize,
}

impl Visit for Messages {
    fn visit<R: Request>(&mut self) {
        // Parameters of queries have another form here.
        let Some(message) = R::OPERATION.message.filter(|_| !R::OPERATION.is_query()) else { return };
        let (runtime, answer) = (runtime(), minimal_answer::<R>());
        for given in requests::each::<R>() {
            let mut content = given.clone();
            content.insert("session".to_owned(), json!({"uuid": "36c27e8ff05c4780bf6d2fa65700f22e"}));
            let body: Bytes = json!({message.class: content}).to_string().into();
            for server in &self.servers {
                server.echo.answer(answer.clone());
                let request = http::Request::post("http://node.test/zstack/api").body(body.clone()).unwrap();
                let response = runtime.block_on(server.transport.send(request)).unwrap();
                let text = String::from_utf8(response.body().to_vec()).unwrap();
                let context = format!("{} at {}, {body:?}: {text}", R::OPERATION.name, server.release.name);
                // All responses of the channel have this status.
                assert_eq!(response.status(), 200, "{context}");
                let received = server.echo.take_received().map(|(_, json)| json);
                match expected_result(server, R::OPERATION.name, &given) {
                    Expected::Arrives(fields, _) => {
                        let received = received.unwrap_or_else(|| panic!("{context}: nothing arrived"));
                        let received: Map<String, Value> = serde_json::from_slice(&received).unwrap();
                        assert_eq!(received, to_json(&read::<R>(&fields)), "{context}");
                        self.arrived += 1;
                    }
                    Expected::Unknown => {
                        assert_eq!(received, None, "{context}");
                        let unknown = format!("no operation accepts messages of the class {}", message.class);
                        assert_eq!(text, unknown, "{context}");
                        self.unknown += 1;
                    }
                    Expected::Unread(later) | Expected::AgainstRules(later) => {
                        assert_eq!(received, None, "{context}");
                        assert!(text.contains("SYS.1007"), "{context}");
                        for it in &later {
                            assert!(text.contains(&format!("[{}", it.path)), "{context}");
                        }
                        let came = text.matches("came with release").count();
                        assert_eq!(came, later.len(), "{context}");
                        self.refused += 1;
                    }
                }
            }
        }
    }
}

#[test]
fn messages_work_at_every_release() {
    let servers = OldServer::all(NewerParameters::Refuse);
    let mut messages = Messages { servers, arrived: 0, refused: 0, unknown: 0 };
    selected_operations(&mut messages);
    let Messages { arrived, refused, unknown, .. } = messages;
    assert!(arrived > 500 && refused > 50 && unknown > 200, "{arrived}, {refused}, {unknown}");
}
