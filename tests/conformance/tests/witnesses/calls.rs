//! Breaking changes that no example tells of: of routes, bodies, jobs, and of
//! what is said of releases.

use serde_json::{Value, json};
use zstack_model::{Example, Model};

use crate::server::{Sent, operation};
use crate::spec::Spec;

/// Whose client calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// That of the old spec.
    Old,
    /// That of the new spec, which believes what it says of a release.
    New,
}

type Edit = Box<dyn Fn(&mut Spec)>;

/// A change between the base spec and that with an edit, and a call.
pub(crate) struct Call {
    pub(crate) rule: &'static str,
    edit: Edit,
    /// Whether the base spec is the new one.
    is_back: bool,
    pub(crate) operation: &'static str,
    pub(crate) example: Value,
    pub(crate) by: By,
    /// The release of the platform that is called.
    pub(crate) at: Option<&'static str>,
    how: How,
}

/// How a call travels.
enum How {
    /// As a client sends it.
    Plain,
    /// To this path, of those of the operation.
    To(&'static str),
    /// By a caller that takes a job where there is one.
    Job,
    /// On the older channel.
    Message,
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
        how: How::Plain,
    }
}

impl Call {
    fn how(self, how: How) -> Self {
        Self { how, ..self }
    }

    fn back(self) -> Self {
        Self { is_back: true, ..self }
    }

    /// A platform of this release is called.
    fn at(self, release: &'static str, by: By) -> Self {
        Self { at: Some(release), by, ..self }
    }

    /// What was answered before.
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

    pub(crate) fn sent(&self, model: &Model, example: &Example) -> Sent {
        let mut sent = Sent::of(model, self.operation, example);
        let it = operation(model, self.operation);
        match self.how {
            How::Plain => {}
            How::To(path) => path.clone_into(&mut sent.target),
            How::Job => sent.job = Some(it.execution),
            How::Message => {
                let mut content = example.request.clone();
                content.insert("session".to_owned(), json!({"uuid": "36c27e8ff05c4780bf6d2fa65700f22e"}));
                sent.method = "POST";
                "/zstack/api".clone_into(&mut sent.target);
                sent.body = json!({ &it.message.as_ref().unwrap().class: content }).to_string();
                sent.session = false;
            }
        }
        sent
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
    [gone(), routes(), bodies(), ways(), releases()].into_iter().flatten().collect()
}

fn stop() -> Value {
    json!({"uuid": "v"})
}

fn create(more: Value) -> Value {
    let mut request = json!({"zone": "z", "name": "web"});
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    request
}

fn gone() -> Vec<Call> {
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
        // Not between POST and PUT, which a server takes alike here.
        call("op-method-changed", "GetZone", json!({"uuid": "z"}), set("GetZone/method", "DELETE")),
        call("op-path-changed", "GetVms", json!({}), set("GetVms/path", "/machines")),
        call("op-path-alias-removed", "CreateVm", create(json!({})), set("CreateVm/paths", Value::Null))
            .how(How::To("/v1/vms/of/z")),
        call("base-path-changed", "GetVms", json!({}), set("api/basePath", "/v2")),
    ]
}

fn bodies() -> Vec<Call> {
    let note = || create(json!({"note": "mine"}));
    vec![
        call("op-wrapper-changed", "CreateVm", create(json!({})), set("CreateVm/body", "vm")),
        // The other way round, servers of this runtime still find it.
        call("param-location-changed", "CreateVm", note(), set("CreateVm/parameters/note/in", "query"))
            .back(),
        call("param-wrapper-changed", "CreateVm", note(), set("CreateVm/parameters/note/enclosed", false))
            .back(),
    ]
}

fn ways() -> Vec<Call> {
    vec![
        call("op-exec-async-to-sync", "StopVm", stop(), set("StopVm/execution", "sync")).how(How::Job),
        call("op-exec-sync-to-async", "StopVm", stop(), set("StopVm/execution", "sync")).back().how(How::Job),
        call(
            "op-message-changed",
            "CreateVm",
            create(json!({})),
            set("CreateVm/message", "org.vm.APIMakeVmMsg"),
        )
        .how(How::Message),
        call("op-message-removed", "StopVm", stop(), set("StopVm/message", Value::Null)).how(How::Message),
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
        call("removal-undone", "StopVm", stop(), removed_in_3).back().at("3.0", By::New),
        call("removal-brought-forward", "StopVm", stop(), set("StopVm/removed", "4.0")).at("4.0", By::Old),
    ]
}

/// Breaking rules that no call shows.
pub(crate) const WITHOUT: &[(&[&str], &str)] = &[
    (
        &["auth-scheme-removed", "auth-scheme-detail-changed"],
        "the runtime authenticates as the platform does, whatever a spec says of it",
    ),
    (&["tag-removed"], "a tag that means nothing is no mistake, which is what is bad about it"),
    (&["release-list-rewritten"], "a promise: no request carries the list of releases"),
    (
        &["slice-drift", "lock-rewritten"],
        "what changed is found, too, and has a witness; the lock is on no wire",
    ),
    (
        &["silent-edit", "history-mismatch", "history-rewritten", "identity-reused"],
        "what is said of a release; what changed is found, too, and has a witness",
    ),
    (&["waiver-expired"], "what the waiver accepted is found, too, and has a witness"),
];
