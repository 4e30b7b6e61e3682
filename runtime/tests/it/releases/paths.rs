//! What an older server has on the paths of operations that came later.

use serde_json::{Value, json};

use crate::releases::disks::{NEW, OLD, Server};

#[tokio::test]
async fn an_operation_that_came_later_is_not_there() {
    let (old, new) = (Server::at(OLD), Server::at(NEW));
    let resize = json!({"resizeDisk": {}});
    for (line, body, status, said) in [
        // The path has another method, or another action.
        ("GET /v1/disks/u", Value::Null, 405, "it takes DELETE"),
        ("PUT /v1/disks/u/actions", resize, 400, "it takes one of renameDisk"),
        // The path is its own: `spares` is no disk's UUID, then or now.
        ("DELETE /v1/disks/spares", Value::Null, 404, "there is no /v1/disks/spares"),
    ] {
        let (taken, text) = new.send(line, &body).await;
        assert_eq!(taken, 200, "{line}: {text}");
        assert!(new.received().is_some());
        let (refused, text) = old.send(line, &body).await;
        assert_eq!(refused, status, "{line}: {text}");
        assert!(text.contains(said), "{line}: {text}");
        assert_eq!(old.received(), None);
    }
    // Beside it, everything is as it was.
    assert_eq!(old.send("DELETE /v1/disks/u", &Value::Null).await.0, 200);
    assert_eq!(old.send("PUT /v1/disks/u/actions", &json!({"renameDisk": {}})).await.0, 200);
}

#[tokio::test]
async fn a_path_is_as_old_as_its_variables() {
    let path = "GET /v1/find-disk/of/me";
    assert_eq!(Server::at(NEW).send(path, &Value::Null).await.0, 200);
    let old = Server::at(OLD);
    let (status, text) = old.send(path, &Value::Null).await;
    assert_eq!((status.as_u16(), text.as_str()), (404, "there is no /v1/find-disk/of/me"));
    assert_eq!(old.send("GET /v1/find-disk", &Value::Null).await.0, 200);
}

#[tokio::test]
async fn a_path_is_one_operations_as_long_as_no_other_is_there() {
    let create = json!({"params": {"name": "d"}});
    let (old, new) = (Server::at(OLD), Server::at(NEW));
    for (server, line, status, said) in [
        (&old, "POST /v1/disks", 200, ""),
        (&old, "PUT /v1/disks", 200, ""),
        (&old, "GET /v1/disks", 405, "it takes POST, PUT"),
        (&new, "POST /v1/disks", 200, ""),
        (&new, "PUT /v1/disks", 405, "it takes GET, POST"),
        // An action shares its path, also where it is the only one.
        (&old, "POST /v1/disks/u/actions", 405, "it takes PUT"),
    ] {
        let (answered, text) = server.send(line, &create).await;
        assert_eq!(answered, status, "{line}: {text}");
        assert!(text.contains(said), "{line}: {text}");
    }
}
