//! Paths of later operations on an older server.

use serde_json::{Value, json};

use crate::releases::disks::{NEW, OLD, Server};

#[tokio::test]
async fn refuses_later_operations() {
    let (old, new) = (Server::at(OLD), Server::at(NEW));
    let resize = json!({"resizeDisk": {}});
    for (line, body, status, said) in [
        // The path has another method or another action.
        ("GET /v1/disks/u", Value::Null, 405, "allowed: DELETE"),
        ("PUT /v1/disks/u/actions", resize, 400, "allowed: renameDisk"),
        // The path is separate: `spares` is not the UUID of a disk in any release.
        ("DELETE /v1/disks/spares", Value::Null, 404, "there is no /v1/disks/spares"),
    ] {
        let (taken, text) = new.send(line, &body).await;
        assert_eq!(taken, 200, "{line}: {text}");
        assert!(new.take_received().is_some());
        let (refused, text) = old.send(line, &body).await;
        assert_eq!(refused, status, "{line}: {text}");
        assert!(text.contains(said), "{line}: {text}");
        assert_eq!(old.take_received(), None);
    }
    // Other operations are not affected.
    assert_eq!(old.send("DELETE /v1/disks/u", &Value::Null).await.0, 200);
    assert_eq!(old.send("PUT /v1/disks/u/actions", &json!({"renameDisk": {}})).await.0, 200);
}

#[tokio::test]
async fn paths_with_later_variables_do_not_exist() {
    let path = "GET /v1/find-disk/of/me";
    assert_eq!(Server::at(NEW).send(path, &Value::Null).await.0, 200);
    let old = Server::at(OLD);
    let (status, text) = old.send(path, &Value::Null).await;
    assert_eq!((status.as_u16(), text.as_str()), (404, "there is no /v1/find-disk/of/me"));
    assert_eq!(old.send("GET /v1/find-disk", &Value::Null).await.0, 200);
}

#[tokio::test]
async fn post_and_put_are_alike_until_another_operation_came() {
    let create = json!({"params": {"name": "d"}});
    let (old, new) = (Server::at(OLD), Server::at(NEW));
    for (server, line, status, said) in [
        (&old, "POST /v1/disks", 200, ""),
        (&old, "PUT /v1/disks", 200, ""),
        (&old, "GET /v1/disks", 405, "allowed: POST, PUT"),
        (&new, "POST /v1/disks", 200, ""),
        (&new, "PUT /v1/disks", 405, "allowed: GET, POST"),
        // An action shares its path, even if it is the only one.
        (&old, "POST /v1/disks/u/actions", 405, "allowed: PUT"),
    ] {
        let (answered, text) = server.send(line, &create).await;
        assert_eq!(answered, status, "{line}: {text}");
        assert!(text.contains(said), "{line}: {text}");
    }
}
