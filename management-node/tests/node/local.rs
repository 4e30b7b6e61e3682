//! A node in the process of the test, called without a socket.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::response::Response;
use serde_json::Value;
use zstack_node::app::{App, Settings};
use zstack_node::clock::Clock;
use zstack_node::inventory;
use zstack_node::model::Moment;
use zstack_node::store::sqlite::SqliteStore;

/// Noon on 1 January 2027.
pub(crate) const NOON: Moment = Moment::from_millis(1_798_804_800_000);

/// A clock that advances only by calls.
#[derive(Debug)]
pub(crate) struct StoppedClock(AtomicI64);

impl StoppedClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(NOON.millis())))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Moment {
        Moment::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A node with a session for calls.
pub(crate) struct Local {
    pub(crate) app: App,
    pub(crate) clock: Arc<StoppedClock>,
    pub(crate) session: String,
}

/// The status and JSON of an answer; a plain text becomes a JSON string.
pub(crate) type Answer = (u16, Value);

impl Local {
    /// Creates a node with the sample, and a session of the administrator.
    pub(crate) async fn sample() -> Self {
        Self::with(Settings::default()).await
    }

    /// Creates a node as [`sample`](Self::sample) does, with settings.
    pub(crate) async fn with(mut settings: Settings) -> Self {
        settings.sample = true;
        let clock = StoppedClock::new();
        let store = SqliteStore::temporary().unwrap();
        let app = App::over(store, settings, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        let mut local = Self { app, clock, session: String::new() };
        local.session = local.log_in("admin", "password").await;
        local
    }

    pub(crate) async fn over(store: SqliteStore, sample: bool) -> Self {
        let clock = StoppedClock::new();
        let mut settings = Settings::default();
        settings.sample = sample;
        let app = App::over(store, settings, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        Self { app, clock, session: String::new() }
    }

    pub(crate) async fn try_log_in(&self, name: &str, password: &str) -> Answer {
        let hash = inventory::password_hash(password);
        let body = format!(r#"{{"logInByAccount":{{"accountName":"{name}","password":"{hash}"}}}}"#);
        self.send("PUT", "/zstack/v1/accounts/login", &body).await
    }

    pub(crate) async fn log_in(&self, name: &str, password: &str) -> String {
        let (status, answer) = self.try_log_in(name, password).await;
        assert_eq!(status, 200, "{answer}");
        answer["inventory"]["uuid"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        self.send_with(method, path, &[], body).await
    }

    pub(crate) async fn send_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("Authorization", format!("OAuth {}", self.session));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        read(self.app.api().handle(request).await).await
    }

    pub(crate) async fn attach(&self, vm: &str, iso: &str) -> Answer {
        self.send("POST", &format!("/zstack/v1/vm-instances/{vm}/iso/{iso}"), "").await
    }

    pub(crate) async fn detach(&self, vm: &str, query: &str) -> Answer {
        self.send("DELETE", &format!("/zstack/v1/vm-instances/{vm}/iso{query}"), "").await
    }

    /// Sends `PUT …/actions` for a VM instance or a drive.
    pub(crate) async fn act(&self, resource: &str, action: &str, params: &str) -> Answer {
        let path = format!("/zstack/v1/vm-instances/{resource}/actions");
        self.send("PUT", &path, &format!(r#"{{"{action}":{params}}}"#)).await
    }

    pub(crate) async fn start(&self, vm: &str) -> Answer {
        self.act(vm, "startVmInstance", "{}").await
    }

    pub(crate) async fn stop(&self, vm: &str) -> Answer {
        self.act(vm, "stopVmInstance", "{}").await
    }

    pub(crate) async fn destroy(&self, vm: &str) -> Answer {
        self.send("DELETE", &format!("/zstack/v1/vm-instances/{vm}"), "").await
    }

    pub(crate) async fn recover(&self, vm: &str) -> Answer {
        self.act(vm, "recoverVmInstance", "{}").await
    }

    pub(crate) async fn expunge(&self, vm: &str) -> Answer {
        self.act(vm, "expungeVmInstance", "{}").await
    }

    pub(crate) async fn delete_cd_rom(&self, drive: &str) -> Answer {
        self.send("DELETE", &format!("/zstack/v1/vm-instances/cdroms/{drive}"), "").await
    }

    pub(crate) async fn set_default(&self, vm: &str, drive: &str) -> Answer {
        self.act(&format!("{vm}/cdroms/{drive}"), "setVmInstanceDefaultCdRom", "{}").await
    }

    pub(crate) async fn reimage(&self, vm: &str) -> Answer {
        self.act(vm, "reimageVmInstance", "{}").await
    }

    pub(crate) async fn create_cd_rom(&self, params: &str) -> Answer {
        self.send("POST", "/zstack/v1/vm-instances/cdroms", &format!(r#"{{"params":{params}}}"#)).await
    }

    pub(crate) async fn candidates(&self, iso: &str) -> Answer {
        self.send("GET", &format!("/zstack/v1/images/iso/{iso}/vm-candidates"), "").await
    }
}

/// Reads a response.
pub(crate) async fn read(response: Response) -> Answer {
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// Returns the inventory of a successful answer.
pub(crate) fn inventory((status, answer): Answer) -> Value {
    assert_eq!(status, 200, "{answer}");
    answer["inventory"].clone()
}

/// Checks that an answer is an empty success.
#[track_caller]
pub(crate) fn assert_empty((status, answer): &Answer) {
    assert_eq!((*status, answer.to_string().as_str()), (200, "{}"));
}

/// Returns the code of an error.
pub(crate) fn code((status, answer): &Answer) -> &str {
    assert_eq!(*status, 503, "{answer}");
    answer["error"]["code"].as_str().unwrap()
}

/// Returns the names of the inventories of an answer.
pub(crate) fn names(answer: &Answer) -> Vec<&str> {
    let list = answer.1["inventories"].as_array().unwrap_or_else(|| panic!("{}", answer.1));
    list.iter().map(|inventory| inventory["name"].as_str().unwrap()).collect()
}

/// UUIDs of the sample.
pub(crate) mod sample {
    pub(crate) const WEB_1: &str = "d0000000000040008000000000000001";
    pub(crate) const DB_1: &str = "d0000000000040008000000000000002";
    pub(crate) const CACHE_1: &str = "d0000000000040008000000000000003";
    pub(crate) const INSTALLER_1: &str = "d0000000000040008000000000000004";
    pub(crate) const WINDOWS_1: &str = "d0000000000040008000000000000005";
    pub(crate) const BARE_1: &str = "d0000000000040008000000000000006";
    pub(crate) const OLD_1: &str = "d0000000000040008000000000000007";
    pub(crate) const ALICE_NOTES: &str = "d0000000000040008000000000000008";
    pub(crate) const KVM_1: &str = "40000000000040008000000000000001";
    pub(crate) const KVM_2: &str = "40000000000040008000000000000002";
    pub(crate) const TEMPLATE: &str = "7e000000000040008000000000000001";
    pub(crate) const RESCUE: &str = "15000000000040008000000000000001";
    pub(crate) const DRIVERS: &str = "15000000000040008000000000000002";
    /// An empty drive of `db-1`.
    pub(crate) const DB_DRIVE: &str = "cd000000000040008000000000000021";
    /// The second drive of `windows-1`.
    pub(crate) const WINDOWS_DRIVE: &str = "cd000000000040008000000000000052";
}
