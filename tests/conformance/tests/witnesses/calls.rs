//! Breaking changes that examples cannot express: of routes, bodies, jobs and release statements.

use serde_json::{Value, json};
use zstack_model::{Example, Model};

use crate::server::{SentRequest, operation};
use crate::spec::Spec;

/// The spec of the calling client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The old spec.
    Old,
    /// The new spec, with its statements about a release.
    New,
}

type Edit = Box<dyn Fn(&mut Spec)>;

/// A change of the base spec, and a call.
pub(crate) struct Call {
    pub(crate) rule: &'static str,
    edit: Edit,
    /// True if the base spec is the new side.
    is_back: bool,
    pub(crate) operation: &'static str,
    pub(crate) example: Value,
    pub(crate) by: By,
    /// The release of the called platform.
    pub(crate) at: Option<&'static str>,
    mode: SendMode,
}

/// The way in which a call is sent.
enum SendMode {
    /// As a client sends it.
    Plain,
    /// To this path of the operation.
    To(&'static str),
    /// By a caller that accepts a job.
    Job,
    /// On the legacy channel.
    LegacyChannel,
}

fn call(
    rule: &'static str,
    operation: &'static str,
    request: Value,
    edit: impl Fn(&mut Spec) + 'static,
) -> Call {
    Call {
        rule,
        edit: Box::new(edit),
        is_back: false,
        operation,
        example: json!({ "request": request }),
        by: By::Old,
        at: None,
        mode: SendMode::Plain,
    }
}

impl Call {
    fn send_by(self, mode: SendMode) -> Self {
        Self { mode, ..self }
    }

    fn swap_sides(self) -> Self {
        Self { is_back: true, ..self }
    }

    /// Sets the release of the platform and the spec of the client.
    fn at(self, release: &'static str, by: By) -> Self {
        Self { at: Some(release), by, ..self }
    }

    /// Sets the answer before the change.
    fn answer(mut self, response: Value) -> Self {
        self.example["response"] = response;
        self
    }

    pub(crate) fn sides(&self) -> [Spec; 2] {
        let base = Spec::base().without_examples();
        let mut changed = base.clone();
        (self.edit)(&mut changed);
        if self.is_back { [changed, base] } else { [base, changed] }
    }

    pub(crate) fn sent_request(&self, model: &Model, example: &Example) -> SentRequest {
        let mut request = SentRequest::of(model, self.operation, example);
        let operation = operation(model, self.operation);
        match self.mode {
            SendMode::Plain => {}
            SendMode::To(path) => path.clone_into(&mut request.target),
            SendMode::Job => request.job = Some(operation.execution),
            SendMode::LegacyChannel => {
                let mut content = example.request.clone();
                content.insert("session".to_owned(), json!({"uuid": "36c27e8ff05c4780bf6d2fa65700f22e"}));
                request.method = "POST";
                "/zstack/api".clone_into(&mut request.target);
                request.body = json!({ &operation.message.as_ref().unwrap().class: content }).to_string();
                request.session = false;
            }
        }
        request
    }
}

fn set(place: &'static str, value: impl Into<Value>) -> impl Fn(&mut Spec) {
    let value = value.into();
    move |spec| spec.set(place, value.clone())
}

fn remove(path: &'static str) -> impl Fn(&mut Spec) {
    move |spec| drop(spec.0.remove(path).unwrap())
}

pub(crate) fn calls() -> Vec<Call> {
    [removals(), routes(), bodies(), executions(), releases()].into_iter().flatten().collect()
}

fn stop() -> Value {
    json!({"uuid": "v"})
}

fn create(more: Value) -> Value {
    let mut request = json!({"zone": "z", "name": "web"});
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

fn removals() -> Vec<Call> {
    vec![
        call("op-removed", "GetVms", json!({}), remove("operations/vm/GetVms.yaml")),
        call("op-renamed", "StopVm", stop(), |spec| {
            spec.rename("StopVm", "HaltVm");
            spec.set("HaltVm/renamedFrom", "StopVm".into());
        }),
        call("type-removed", "GetVms", json!({}), |spec| {
            remove("types/Nic.yaml")(spec);
            spec.set("Vm/fields/nics", Value::Null);
        })
        .answer(json!({"inventories": [{"state": "Running", "nics": [{"mac": "fa:00"}]}]})),
    ]
}

fn routes() -> Vec<Call> {
    vec![
        // Not between POST and PUT, which servers treat alike on this path.
        call("op-method-changed", "GetZone", json!({"uuid": "z"}), set("GetZone/method", "DELETE")),
        call("op-path-changed", "GetVms", json!({}), set("GetVms/path", "/machines")),
        call("op-path-alias-removed", "CreateVm", create(json!({})), set("CreateVm/paths", Value::Null))
            .send_by(SendMode::To("/v1/vms/of/z")),
        call("base-path-changed", "GetVms", json!({}), set("api/basePath", "/v2")),
    ]
}

fn bodies() -> Vec<Call> {
    let note = || create(json!({"note": "mine"}));
    vec![
        call("op-wrapper-changed", "CreateVm", create(json!({})), set("CreateVm/body", "vm")),
        // In the other direction, servers of this runtime still find the parameter.
        call("param-location-changed", "CreateVm", note(), set("CreateVm/parameters/note/in", "query"))
            .swap_sides(),
        call("param-wrapper-changed", "CreateVm", note(), set("CreateVm/parameters/note/enclosed", false))
            .swap_sides(),
    ]
}

fn executions() -> Vec<Call> {
    vec![
        call("op-exec-async-to-sync", "StopVm", stop(), set("StopVm/execution", "sync"))
            .send_by(SendMode::Job),
        call("op-exec-sync-to-async", "StopVm", stop(), set("StopVm/execution", "sync"))
            .swap_sides()
            .send_by(SendMode::Job),
        call(
            "op-message-changed",
            "CreateVm",
            create(json!({})),
            set("CreateVm/message", "org.vm.APIMakeVmMsg"),
        )
        .send_by(SendMode::LegacyChannel),
        call("op-message-removed", "StopVm", stop(), set("StopVm/message", Value::Null))
            .send_by(SendMode::LegacyChannel),
        call("auth-required-added", "GetZone", json!({"uuid": "z"}), set("GetZone/auth", "session")),
    ]
}

fn releases() -> Vec<Call> {
    let removed_in_3 = |spec: &mut Spec| {
        spec.set("StopVm/deprecated", "2.0".into());
        spec.set("StopVm/removed", "3.0".into());
    };
    vec![
        call(
            "since-raised",
            "CreateVm",
            create(json!({"note": "mine"})),
            set("CreateVm/parameters/note/since", "2.0"),
        )
        .at("0.6", By::Old),
        call("since-lowered", "GetZone", json!({"uuid": "z"}), |spec| {
            spec.set("GetZone/since", "0.6".into());
            spec.set("GetZone/parameters/uuid/since", "0.6".into());
        })
        .at("0.6", By::New),
        call("since-backdated", "CreateVm", create(json!({"color": "red"})), |spec| {
            let color =
                json!({"name": "color", "in": "body", "type": "String", "required": false, "since": "3.0"});
            spec.set("CreateVm/parameters/+", color);
        })
        .at("3.0", By::New),
        call("removal-backdated", "StopVm", stop(), removed_in_3).at("3.0", By::Old),
        call("removal-undone", "StopVm", stop(), removed_in_3).swap_sides().at("3.0", By::New),
        call("removal-brought-forward", "StopVm", stop(), set("StopVm/removed", "4.0")).at("4.0", By::Old),
    ]
}

/// Breaking rules without a call, with the reasons.
pub(crate) const WITHOUT: &[(&[&str], &str)] = &[
    (
        &["auth-scheme-removed", "auth-scheme-detail-changed"],
        "the runtime authenticates like the platform, whatever the spec says",
    ),
    (&["tag-removed"], "servers ignore unknown tags without an error"),
    (&["release-list-rewritten"], "a promise: no request contains the list of releases"),
    (
        &["slice-drift", "lock-rewritten"],
        "the change itself is found, too, and has a witness; the lock is never sent",
    ),
    (
        &["silent-edit", "history-mismatch", "history-rewritten", "identity-reused"],
        "statements about a release; the change itself is found, too, and has a witness",
    ),
    (&["waiver-expired"], "the accepted change is found, too, and has a witness"),
];
