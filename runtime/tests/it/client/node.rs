//! A node with accounts, on the server of the runtime.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use zstack_runtime::client::{Client, ClientBuilder, InProcess, PollPolicy, hash_password};
use zstack_runtime::server::{Api, Call, Options, Outcome, RoutesOf};
use zstack_runtime::{ErrorCode, Operation, Query, Response, View};

use crate::client::operations::{
    AttachIso, CreateThing, GetThing, LogIn, LogInResponse, LogOut, Nothing, Session, Thing, ThingResponse,
};

pub(crate) const PASSWORD: &str = "topsecret";

#[derive(Clone, Default, Operation)]
#[operation(
    GET = "/zstack/v1/things",
    alias = "/zstack/v1/things/{uuid}",
    category = "thing",
    since = "0.6",
    response = QueryThingResponse,
    lists = Thing,
)]
pub(crate) struct QueryThing {
    query: Query,
    #[param(path)]
    pub(crate) uuid: Option<String>,
}

#[derive(Clone, Default, Response)]
#[response(since = "0.6")]
pub(crate) struct QueryThingResponse {
    inventories: Option<Vec<Thing>>,
    pub(crate) total: Option<i64>,
}

/// The state of the node: its calls, and the valid sessions.
#[derive(Default)]
pub(crate) struct Node {
    sessions: Mutex<HashSet<String>>,
    pub(crate) log_ins: AtomicUsize,
    pub(crate) refused: AtomicUsize,
    pub(crate) done: AtomicUsize,
    /// Refuses every session.
    is_strict: bool,
    /// The number of things.
    things: usize,
    pub(crate) queries: Mutex<Vec<Query>>,
}

impl Node {
    pub(crate) fn strict() -> Arc<Self> {
        Arc::new(Self { is_strict: true, ..Self::default() })
    }

    pub(crate) fn with_things(things: usize) -> Arc<Self> {
        Arc::new(Self { things, ..Self::default() })
    }

    pub(crate) fn sessions(&self) -> Vec<String> {
        self.sessions.lock().unwrap().iter().cloned().collect()
    }

    /// Ends all sessions.
    pub(crate) fn expire(&self) {
        self.sessions.lock().unwrap().clear();
    }

    async fn log_in(&self, _: Call, request: LogIn) -> Outcome<LogInResponse> {
        let number = self.log_ins.fetch_add(1, Ordering::SeqCst);
        // Lets other calls arrive in the meantime.
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        if request.account_name != "admin" || request.password != hash_password(PASSWORD) {
            let details = format!("{} is not the password", request.password);
            return Err(Box::new(ErrorCode::new("ID.1000", "Authentication failed", details)));
        }
        let uuid = uuid(number);
        self.sessions.lock().unwrap().insert(uuid.clone());
        Ok(LogInResponse { inventory: Session { uuid, uses: 0 } })
    }

    async fn log_out(&self, _: Call, request: LogOut) -> Outcome<Nothing> {
        self.sessions.lock().unwrap().remove(&request.session_uuid);
        Ok(Nothing::default())
    }

    fn admit(&self, call: &Call) -> Outcome<()> {
        let session = call.credentials().session().unwrap_or_default();
        if self.is_strict || !self.sessions.lock().unwrap().contains(session) {
            self.refused.fetch_add(1, Ordering::SeqCst);
            let details = format!("Session expired: {session}");
            return Err(Box::new(ErrorCode::new("ID.1001", "Session is invalid", details)));
        }
        self.done.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    async fn get_thing(&self, call: Call, request: GetThing) -> Outcome<ThingResponse> {
        self.thing(&call, request.uuid)
    }

    async fn create_thing(&self, call: Call, request: CreateThing) -> Outcome<ThingResponse> {
        self.thing(&call, request.name)
    }

    async fn attach_iso(&self, call: Call, request: AttachIso) -> Outcome<ThingResponse> {
        self.thing(&call, request.vm)
    }

    fn thing(&self, call: &Call, uuid: String) -> Outcome<ThingResponse> {
        self.admit(call)?;
        Ok(ThingResponse { inventory: Thing { uuid, ..Thing::default() } })
    }

    async fn query_thing(&self, call: Call, request: QueryThing) -> Outcome<QueryThingResponse> {
        self.admit(&call)?;
        let query = request.query;
        let number = |row| match query.get(row) {
            View::Integer(number) => usize::try_from(number).ok(),
            _ => None,
        };
        let (limit, start) = (number(1).unwrap_or(1000), number(2).unwrap_or(0));
        let found: Vec<usize> = match &request.uuid {
            Some(_) => vec![0],
            None => (0..self.things).skip(start).take(limit).collect(),
        };
        let thing = |number| Thing { uuid: format!("{number:05}"), ..Thing::default() };
        self.queries.lock().unwrap().push(query);
        Ok(QueryThingResponse { inventories: Some(found.into_iter().map(thing).collect()), total: None })
    }

    pub(crate) fn router(self: &Arc<Self>) -> axum::Router {
        let routes = RoutesOf::new(Arc::clone(self))
            .add(Self::log_in)
            .add(Self::log_out)
            .add(Self::get_thing)
            .add(Self::create_thing)
            .add(Self::attach_iso)
            .add(Self::query_thing);
        let api = Api::builder().mount(routes.into()).options(Options::default());
        api.build().unwrap().into_router()
    }

    /// A client in the same process, without credentials.
    pub(crate) fn builder(self: &Arc<Self>) -> ClientBuilder {
        Client::builder("http://node.test")
            .transport(InProcess::new(self.router()))
            .poll(PollPolicy::new().initial(std::time::Duration::from_millis(5)))
    }

    pub(crate) fn client(self: &Arc<Self>) -> Client {
        self.builder().login("admin", PASSWORD).build().unwrap()
    }
}

/// The UUID of this number.
pub(crate) fn uuid(number: usize) -> String {
    format!("{number:012}40008{number:015}")
}

pub(crate) fn get() -> GetThing {
    GetThing { uuid: uuid(0), ..GetThing::default() }
}

pub(crate) fn create() -> CreateThing {
    CreateThing { name: "n".into(), ..CreateThing::default() }
}
