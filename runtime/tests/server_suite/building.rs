//! Servers that cannot be.

use std::sync::Arc;

use zstack_runtime::record::{Field, Kind, Record as _};
use zstack_runtime::server::{Api, BuildError, Options, Routes};
use zstack_runtime::{Auth, Body, Execution, Method, Operation, Request as _, Version, record};

use crate::service::{GetThing, Service, StartThing, routes};

#[derive(Clone, Debug, Default)]
struct Named {
    name: String,
}
record! { Named, class "", since "1.0" {
    0 name: Field::new("name", Kind::String, "1.0").in_path(),
}}

const fn operation(name: &'static str, method: Method, path: &'static str, body: Body) -> Operation {
    Operation {
        name,
        category: "test",
        method,
        path,
        paths: &[],
        since: Version::new("1.0"),
        execution: Execution::Sync,
        auth: Auth::None,
        body,
        request: Named::SHAPE,
        response: Named::SHAPE,
    }
}

fn build(operations: &'static [&'static Operation]) -> Result<Api, BuildError> {
    let service = Arc::new(Service::default());
    let more = Routes::new(operations, |_, incoming| incoming.unserved());
    Api::builder().mount_all(routes(&service)).mount(more).build()
}

#[test]
fn operations_that_cannot_be_told_apart() {
    const GET: Operation = operation("Other", Method::Get, "/zstack/v1/things/{name}", Body::None);
    let error = build(&[&GET]).err().unwrap();
    assert!(matches!(&error, BuildError::Conflict { first: "GetThing", second: "Other", .. }), "{error}");
    assert!(
        error.to_string().contains("GetThing and Other are both GET /zstack/v1/things/{name}"),
        "{error}"
    );

    const PATH: &str = "/zstack/v1/things/{name}/actions";
    const SAME: Operation = operation("Same", Method::Put, PATH, Body::Action("startThing"));
    const NO_ACTION: Operation = operation("NoAction", Method::Put, PATH, Body::Key("params"));
    const ANOTHER: Operation = operation("Another", Method::Put, PATH, Body::Action("another"));
    const POST: Operation = operation("Post", Method::Post, PATH, Body::Key("params"));
    assert!(matches!(build(&[&SAME]), Err(BuildError::Conflict { first: "StartThing", .. })));
    assert!(matches!(build(&[&NO_ACTION]), Err(BuildError::Conflict { .. })));
    assert!(build(&[&ANOTHER, &POST]).is_ok());
    assert!(matches!(build(&[StartThing::OPERATION]), Err(BuildError::Twice { operation: "StartThing" })));
}

#[test]
fn paths_that_cannot_be_matched() {
    const UNKNOWN: Operation = operation("Unknown", Method::Get, "/v1/{uuid}", Body::None);
    const BROKEN: Operation = operation("Broken", Method::Get, "/v1/a{name}b", Body::None);
    for operation in [&[&UNKNOWN][..], &[&BROKEN]] {
        let error = build(operation).err().unwrap();
        assert!(matches!(&error, BuildError::Path { .. }), "{error}");
    }
}

#[test]
fn options_that_cannot_work() {
    let with = |job_path: &str| Api::builder().options(Options::default().job_path(job_path)).build();
    for path in ["", "/", "jobs/", "/jobs"] {
        let error = with(path).err().unwrap();
        assert!(error.to_string().contains("job_path"), "{error}");
    }
    assert!(with("/jobs/").is_ok());
    // What came later is not served, so it is in nobody's way.
    let old = Options::default().version(Version::new("0.1"));
    let twice = Routes::new(&[GetThing::OPERATION, GetThing::OPERATION], |_, incoming| incoming.unserved());
    assert!(Api::builder().mount(twice).options(old).build().is_ok());
}
