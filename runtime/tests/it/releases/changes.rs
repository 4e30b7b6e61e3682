//! Elements that releases changed and removed, on client and server.

use bytes::Bytes;
use serde_json::{Value, json};
use zstack_runtime::client::{BoxFuture, Client, ErrorKind, Transport, TransportError};
use zstack_runtime::record::Place;
use zstack_runtime::{Auth, BodyKey, Execution, Operation, Query, Request as _, Version, decode};

use crate::releases::disks::{from_json, to_json};
use crate::releases::drives::{DeleteDrive, Drive, ListDrives, RenameDrive, Server, V1, V2, V3};

/// A request that fits a release, and the same in HTTP.
fn requests() -> [(Version, Value, &'static str, Value); 3] {
    [
        (
            V1,
            json!({"uuid": "u", "name": "eight888", "note": "n", "title": "t", "size": "7", "owner": "me",
                "mode": "Slow", "part": {"number": 1, "kind": "k", "label": "l"}}),
            "POST /v1/drives/u/rename?note=n",
            json!({"renameDrive": {"name": "eight888", "title": "t", "size": 7, "owner": "me", "mode": "Slow",
                "part": {"number": 1, "kind": "k", "label": "l"}}}),
        ),
        (
            V2,
            json!({"uuid": "u", "name": "five5", "title": "t", "size": "7", "owner": "me",
                "part": {"number": 1, "label": "l"}}),
            "PUT /v1/drives/u",
            json!({"params": {"name": "five5", "title": "t", "size": "7", "owner": "me",
                "part": {"number": 1, "label": "l"}}}),
        ),
        (
            V3,
            json!({"uuid": "u", "name": "five5", "note": "n", "size": "7", "owner": "me", "mode": "Fast"}),
            "PUT /v1/drives/u",
            json!({"params": {"name": "five5", "note": "n", "size": "7", "mode": "Fast"}, "owner": "me"}),
        ),
    ]
}

#[tokio::test]
async fn calls_have_the_form_of_the_release() {
    for (release, given, line, body) in requests() {
        let server = Server::at(release);
        let request: RenameDrive = from_json(given.clone());
        let http = server.client(release).to_http(&request).unwrap();
        let target = http.uri().path_and_query().unwrap();
        assert_eq!(format!("{} {target}", http.method()), line, "{release}");
        assert_eq!(serde_json::from_slice::<Value>(http.body()).unwrap(), body, "{release}");
        server.client(release).call(request).await.unwrap();
        assert_eq!(server.service.received.lock().unwrap().take(), Some(given), "{release}");
    }
}

#[tokio::test]
async fn servers_check_values_by_the_constraints_of_the_release() {
    let v1 = |parameters: Value| json!({"renameDrive": parameters});
    let v2 = |parameters: Value| json!({"params": parameters});
    let (old, new) = ("POST /v1/drives/u/rename?note=n", "PUT /v1/drives/u");
    for (release, line, body, problem) in [
        // Neither the name nor the number of the part were required.
        (V1, old, v1(json!({"title": "t", "part": {"kind": "k"}})), None),
        (V1, old, v1(json!({"title": "t", "name": "nine99999"})), Some("[name] is longer than 8 characters")),
        (V1, old, v1(json!({"title": "t", "part": {}})), Some("[part.kind] required in Part, but missing")),
        (V1, "POST /v1/drives/u/rename", v1(json!({"title": "t"})), Some("[note] is required but missing")),
        // Servers read all parameters in bodies, whatever their place.
        (V1, "POST /v1/drives/u/rename", v1(json!({"title": "t", "note": ""})), None),
        (V2, new, v2(json!({"title": "t", "name": "six666"})), Some("[name] is longer than 5 characters")),
        (V2, new, v2(json!({"title": "t"})), Some("[name] is required but missing")),
        (V2, new, v2(json!({"name": "n"})), Some("[title] is required but missing")),
        (V2, new, v2(json!({"name": "n", "title": "t", "part": {}})), Some("[part.number]")),
        (V2, new, v2(json!({"name": "n", "title": "t", "mode": "Slow"})), None),
        (
            V3,
            new,
            v2(json!({"name": "n", "mode": "Slow"})),
            Some("`Slow` was removed in release 3.0 (use `Fast`)"),
        ),
        (
            V3,
            new,
            v2(json!({"name": "n", "title": "t"})),
            Some("[title] was removed in release 3.0 (use `name`)"),
        ),
        (
            V3,
            new,
            v2(json!({"name": "n", "part": {"number": 1, "label": "l"}})),
            Some("[part.label] was removed in release 3.0 (See `kind`.); this server emulates 3.0"),
        ),
    ] {
        let (status, text) = Server::at(release).send(line, &body).await;
        match problem {
            None => assert_eq!(status, 200, "{line} {body} in {release}: {text}"),
            Some(problem) => {
                assert!(
                    status != 200 && text.contains(problem),
                    "{line} {body} in {release}: {status} {text}"
                );
            }
        }
    }
}

#[tokio::test]
async fn clients_refuse_what_the_release_does_not_have() {
    let of = |fields: Value| {
        let mut json = json!({"uuid": "u", "name": "n"});
        json.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        from_json::<RenameDrive>(json)
    };
    for (release, request, kind, problems) in [
        (
            V3,
            of(json!({"title": "t", "mode": "Slow", "part": {"number": 1, "label": "l"}})),
            ErrorKind::Removed,
            &[
                "parameter `title` was removed in release 3.0 (use `name`)",
                "`Slow` in parameter `mode` was removed in release 3.0 (use `Fast`)",
                "parameter `part.label` was removed in release 3.0 (See `kind`.)",
            ][..],
        ),
        (V2, of(json!({})), ErrorKind::Invalid, &["it requires parameter `title`"]),
        (
            V1,
            of(json!({"title": "t", "part": {"number": 1}})),
            ErrorKind::Invalid,
            &["it requires parameter `note`", "it requires parameter `part.kind`"],
        ),
    ] {
        let server = Server::at(release);
        let error = server.client(release).call(request.clone()).await.err().unwrap();
        assert_eq!(error.kind(), kind, "{error}");
        let text = error.to_string();
        assert!(text.contains(&format!("not sent: the server has release {release}, but ")), "{text}");
        for problem in problems {
            assert!(text.contains(problem), "{text}");
        }
        assert_eq!(server.service.received.lock().unwrap().take(), None);
        // A client that does not know the release sends everything.
        assert!(Server::at(V3).client(Version::NEWEST).to_http(&request).is_ok());
    }
    let error = Server::at(V3).client(V3).call(DeleteDrive::new("u")).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Removed, "{error}");
    assert!(error.to_string().contains("but the operation was removed in release 3.0"), "{error}");
    let error =
        Server::at(V3).client(V3).call(ListDrives::new().query(Query::new().equal("title", "t"))).await;
    assert!(error.err().unwrap().to_string().contains("`title` in parameter `q` was removed in release 3.0"));
}

#[tokio::test]
async fn answers_have_the_form_of_the_release() {
    let drive = json!({"uuid": "u", "size": "7", "state": "true", "count": 9, "title": "t", "mode": "Slow"});
    for (release, inventory, class) in [
        (
            V1,
            json!({"uuid": "u", "size": 7, "state": true, "count": "9", "title": "t", "mode": "Slow"}),
            "org.example.Disk",
        ),
        (V2, drive.clone(), "org.example.Drive"),
        (V3, json!({"uuid": "u", "size": "7", "state": "true", "count": 9}), "org.example.Drive"),
        // Without a release, a server has the newest one.
        (
            Version::NEWEST,
            json!({"uuid": "u", "size": "7", "state": "true", "count": 9}),
            "org.example.Drive",
        ),
    ] {
        let server = Server::at(release);
        *server.service.answer.lock().unwrap() = drive.clone();
        let (status, text) = server.send("GET /v1/drives", &Value::Null).await;
        assert_eq!(status, 200, "{text}");
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(answer["inventories"][0], inventory, "{release}");
        assert_eq!(answer["schema"]["inventories[0]"], class, "{release}");
        // The client reads the newest form from each.
        let listed = server.client(release).call(ListDrives::new()).await.unwrap();
        let listed = to_json(&listed.inventories.unwrap()[0]);
        let has_title = release < V3;
        assert_eq!(
            (listed["size"].as_str(), listed["title"].is_string()),
            (Some("7"), has_title),
            "{release}"
        );
    }
}

/// An older form that cannot represent a value is not invented.
#[tokio::test]
async fn values_without_an_older_form_keep_the_newest() {
    let server = Server::at(V1);
    *server.service.answer.lock().unwrap() = json!({"uuid": "u", "size": "big", "state": "lost"});
    let (_, text) = server.send("GET /v1/drives", &Value::Null).await;
    assert!(text.contains(r#""size":"big","state":"lost""#), "{text}");
}

/// An older server.
struct Older;

impl Transport for Older {
    fn send(&self, _: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async { Ok(http::Response::new(br#"{"inventory": {"size": 7, "title": "t"}}"#[..].into())) })
    }
}

#[tokio::test]
async fn clients_read_answers_without_fields_that_became_required() {
    assert!(decode::from_slice::<Drive>(br#"{"size": 7}"#).is_err());
    for (release, is_readable) in [(V1, true), (V2, false), (Version::NEWEST, false)] {
        let client =
            Client::builder("http://node.test").transport(Older).api_version(release).build().unwrap();
        let request = json!({"uuid": "u", "name": "n", "note": "n", "title": "t"});
        let answer = client.call(from_json::<RenameDrive>(request)).await;
        match answer {
            Ok(answer) => assert!(is_readable && answer.inventory.unwrap().uuid.is_empty(), "{release}"),
            Err(error) => {
                assert!(!is_readable && error.kind() == ErrorKind::Unreadable, "{release}: {error}")
            }
        }
    }
}

#[tokio::test]
async fn routes_are_those_of_the_release() {
    let rename = json!({"renameDrive": {"title": "t"}, "params": {"name": "n"}});
    for (line, known) in [
        ("POST /v1/drives/u/rename?note=n", &[V1][..]),
        // In the first release, the method was POST.
        ("PUT /v1/drive/u", &[V2]),
        ("DELETE /v1/drives/u", &[V1, V2, V3]),
        ("GET /v1/drives", &[V1, V2, V3]),
    ] {
        for release in [V1, V2, V3] {
            let body = if line.starts_with('P') { &rename } else { &Value::Null };
            let (status, text) = Server::at(release).send(line, body).await;
            assert_eq!(!matches!(status, 404 | 405), known.contains(&release), "{line} in {release}: {text}");
        }
    }
    // The operation that took the route over.
    let server = Server::at(V3);
    server.send("DELETE /v1/drives/u", &Value::Null).await;
    assert_eq!(server.service.received.lock().unwrap().take(), Some(json!({"id": "u"})));
}

#[test]
fn tables_have_the_states_of_each_release() {
    let rename: &Operation = RenameDrive::OPERATION;
    let describe = |release| {
        let it = rename.at(release);
        (it.to_string(), it.paths.len(), it.body, it.execution, it.auth, it.message.is_some())
    };
    let (old, new) = ("POST /v1/drives/{uuid}/rename".to_owned(), "PUT /v1/drives/{uuid}".to_owned());
    let action = BodyKey::Action("renameDrive");
    assert_eq!(describe(V1), (old, 1, action, Execution::Async, Auth::None, false));
    let params = BodyKey::Key("params");
    assert_eq!(describe(V2), (new.clone(), 1, params, Execution::Async, Auth::None, true));
    assert_eq!(describe(V3), (new, 0, params, Execution::Sync, Auth::None, true));
    assert!(rename.is_in(V3) && DeleteDrive::OPERATION.is_in(V2) && !DeleteDrive::OPERATION.is_in(V3));

    let field = |name: &str| &rename.request.fields[rename.request.index_of(name).unwrap()];
    let name = |release| {
        let name = field("name").at(release);
        (name.required, name.limits.max_length)
    };
    assert_eq!([V1, V2, V3].map(name), [(false, Some(8)), (true, Some(5)), (true, Some(5))]);
    assert_eq!([V1, V2].map(|release| field("note").at(release).place), [Place::Query, Place::Body]);
    assert_eq!([V2, V3].map(|release| field("title").is_in(release)), [true, false]);
    assert!(field("mode").changes.is_none());
    let query = |release| ListDrives::OPERATION.is_query_in(release);
    assert_eq!([V1, V2, V3, Version::new("4.0")].map(query), [false, true, true, false]);
}
