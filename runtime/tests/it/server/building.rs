//! Errors in building servers.

use std::sync::Arc;

use zstack_runtime::server::{Api, BuildError, Options, Routes};
use zstack_runtime::{Auth, BodyKey, Execution, Method, Operation, Record, Request as _, Version};

use crate::server::service::{GetThing, Service, StartThing, V1_0, routes};

#[derive(Clone, Default, Operation)]
#[operation(GET = "/zstack/v1/named/{name}", category = "test", since = "1.0", response = Named)]
struct Named {
    #[param(path)]
    name: String,
}

#[derive(Clone, Default, Operation)]
#[operation(GET = "/zstack/v1/named/{name}/{uuid}", category = "test", since = "1.0", response = Named)]
struct Two {
    #[param(path)]
    name: String,
    #[param(path)]
    uuid: String,
}

const fn operation(name: &'static str, method: Method, path: &'static str, body: BodyKey) -> Operation {
    Operation {
        name,
        category: "test",
        method,
        path,
        paths: &[],
        since: V1_0,
        execution: Execution::Sync,
        auth: Auth::None,
        body,
        message: None,
        tags: &[],
        request: Named::SHAPE,
        response: Named::SHAPE,
        changes: None,
    }
}

fn build(operations: &'static [&'static Operation]) -> Result<Api, BuildError> {
    let service = Arc::new(Service::default());
    let more = Routes::new(operations, |_, incoming| incoming.refuse_unimplemented());
    Api::builder().mount_all(routes(&service)).mount(more).build()
}

#[test]
fn refuses_ambiguous_operations() {
    const GET: Operation = operation("Other", Method::Get, "/zstack/v1/things/{name}", BodyKey::None);
    let error = build(&[&GET]).err().unwrap();
    assert!(matches!(&error, BuildError::Conflict { first: "GetThing", second: "Other", .. }), "{error}");
    assert!(
        error.to_string().contains("GetThing and Other are both GET /zstack/v1/things/{name}"),
        "{error}"
    );

    const PATH: &str = "/zstack/v1/things/{name}/actions";
    const SAME: Operation = operation("Same", Method::Put, PATH, BodyKey::Action("startThing"));
    const NO_ACTION: Operation = operation("NoAction", Method::Put, PATH, BodyKey::Key("params"));
    const ANOTHER: Operation = operation("Another", Method::Put, PATH, BodyKey::Action("another"));
    const POST: Operation = operation("Post", Method::Post, PATH, BodyKey::Key("params"));
    assert!(matches!(build(&[&SAME]), Err(BuildError::Conflict { first: "StartThing", .. })));
    assert!(matches!(build(&[&NO_ACTION]), Err(BuildError::Conflict { .. })));
    assert!(build(&[&ANOTHER, &POST]).is_ok());
    assert!(matches!(
        build(&[StartThing::OPERATION]),
        Err(BuildError::Duplicate { operation: "StartThing" })
    ));
}

#[test]
fn refuses_malformed_paths() {
    const fn get(path: &'static str) -> Operation {
        operation("Wrong", Method::Get, path, BodyKey::None)
    }
    const UNKNOWN: Operation = get("/v1/{uuid}");
    const BROKEN: Operation = get("/v1/a{name}b");
    const TWICE: Operation = get("/v1/{name}/{name}");
    const NO_SLASH: Operation = get("v1/{name}");
    const EMPTY: Operation = get("/v1//{name}");
    for (operation, problem) in [
        (&[&UNKNOWN][..], "it has no parameter {uuid}"),
        (&[&BROKEN], "`/v1/a{name}b`: a variable must fill its segment"),
        (&[&TWICE], "`/v1/{name}/{name}`: a variable must not be repeated"),
        (&[&NO_SLASH], "`v1/{name}`: it must begin with `/`"),
        (&[&EMPTY], "`/v1//{name}`: a segment must not be empty"),
    ] {
        let error = build(operation).err().unwrap();
        assert!(matches!(&error, BuildError::Path { operation: "Wrong", .. }), "{error}");
        assert!(error.to_string().ends_with(problem), "{error}");
    }
}

#[test]
fn refuses_duplicate_paths_of_one_operation() {
    const SAME: Operation =
        Operation { paths: &["/v1/{uuid}"], ..operation("Same", Method::Get, "/v1/{name}", BodyKey::None) };
    const BOTH: Operation = Operation { request: Two::SHAPE, ..SAME };
    assert!(matches!(build(&[&BOTH]), Err(BuildError::Conflict { first: "Same", second: "Same", .. })));
}

#[test]
fn refuses_invalid_options() {
    let with = |job_path: &str| Api::builder().options(Options::default().job_path(job_path)).build();
    for path in ["", "/", "jobs/", "/jobs"] {
        let error = with(path).err().unwrap();
        assert!(error.to_string().contains("job_path"), "{error}");
    }
    assert!(with("/jobs/").is_ok());
    // Later operations are not served, so they do not conflict.
    let old = Options::default().version(Version::new("0.1"));
    let twice = Routes::new(&[GetThing::OPERATION, GetThing::OPERATION], |_, incoming| {
        incoming.refuse_unimplemented()
    });
    assert!(Api::builder().mount(twice).options(old).build().is_ok());
}
