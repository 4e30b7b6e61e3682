//! Programs that use the generated crates as people do, written for whatever
//! spec the crates are of.

mod caller;
mod choice;
mod loopback;
mod service;

use std::path::{Path, PathBuf};

use zstack_model::names;
use zstack_model::{Category, Model, Operation};

use crate::Failure;

/// Calls [`CALLS`] operations.
pub(super) const CALLER: &str = "caller";
/// Has the client, and calls nothing: what [`CALLER`] is compared with.
pub(super) const NO_CALLER: &str = "no-caller";
/// Implements [`HANDLERS`] operations.
pub(super) const SERVICE: &str = "service";
/// Has the server, and implements nothing: what [`SERVICE`] is compared with.
pub(super) const NO_SERVICE: &str = "no-service";
/// Calls operations of all categories over a socket, and looks at both ends.
pub(super) const LOOPBACK: &str = "loopback";

pub(super) const ALL: [&str; 5] = [CALLER, NO_CALLER, SERVICE, NO_SERVICE, LOOPBACK];

/// How many operations are called.
pub(super) const CALLS: usize = 10;
/// How many operations are implemented.
pub(super) const HANDLERS: usize = 200;
/// How many operations go over a socket, and back, if nobody says otherwise.
pub(crate) const ROUND_TRIPS: usize = 50;

/// Writes all programs below `dir`; `root` is this repository.
pub(super) fn write(model: &Model, round_trips: usize, root: &Path, dir: &Path) -> Result<(), Failure> {
    let full = |name: &str| format!("{name} = {{ workspace = true, features = [\"full\"] }}\n");
    let client = full("zstack-client") + "tokio.workspace = true\n";
    let server = full("zstack-server") + &full("zstack-types");
    let conformance = format!("zstack-conformance.path = {:?}\n", root.join("tests/conformance"));
    let axum = "axum = { workspace = true, features = [\"http1\", \"tokio\"] }\n";
    let both = [axum, &client, &server, &conformance].concat();
    for (name, dependencies, main) in [
        (CALLER, &client, caller::main(model, CALLS)),
        (NO_CALLER, &client, caller::main(model, 0)),
        (SERVICE, &server, service::main(model, HANDLERS)),
        (NO_SERVICE, &server, service::main(model, 0)),
        (LOOPBACK, &both, loopback::main(model, round_trips)),
    ] {
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
             [dependencies]\n{dependencies}"
        );
        put(&dir.join(name).join("Cargo.toml"), &manifest)?;
        put(&main_of(dir, name), &main)?;
    }
    Ok(())
}

fn main_of(dir: &Path, program: &str) -> PathBuf {
    dir.join(program).join("src/main.rs")
}

/// What cargo finds as it was, it does not build again.
fn put(path: &Path, text: &str) -> Result<(), Failure> {
    if fs_err::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs_err::create_dir_all(folder)?;
    }
    Ok(fs_err::write(path, text)?)
}

/// A line that [`change`] finds. It stands in the function that is changed.
const CHANGING: &str = "const CHANGING: u32 = ";

/// Changes what a function of a program does: the compiler cannot find it as it
/// was.
pub(super) fn change(dir: &Path, program: &str, to: usize) -> Result<(), Failure> {
    let path = main_of(dir, program);
    let text = fs_err::read_to_string(&path)?;
    let (before, after) = text.split_once(CHANGING).ok_or("nothing in the program changes")?;
    let after = after.trim_start_matches(|it: char| it.is_ascii_digit());
    Ok(fs_err::write(&path, format!("{before}{CHANGING}{to}{after}"))?)
}

/// The path of a request, in the crate of types.
fn request(operation: &Operation) -> String {
    format!("{}::{}", module(&operation.category), operation.name)
}

fn module(category: &str) -> String {
    ident(&names::module_ident(category))
}

/// An identifier, raw where it is a keyword.
fn ident(name: &str) -> String {
    if names::is_keyword(name) { format!("r#{name}") } else { name.to_owned() }
}

/// The trait of a category, implemented for `Service`: of these operations, by
/// handlers of this body.
fn implementation<'a>(
    category: &Category,
    operations: impl Iterator<Item = &'a Operation>,
    body: impl Fn(&Operation) -> String,
) -> String {
    let mut text = format!("\nimpl zstack_server::{} for Service {{\n", names::trait_ident(&category.name));
    for operation in operations {
        let request = format!("zstack_types::{}", request(operation));
        text.push_str(&format!(
            "    async fn {}(&self, call: Call, request: {request}) -> Outcome<{request}Response> {{\n{}    }}\n",
            ident(&names::field_ident(&operation.name)),
            body(operation),
        ));
    }
    text + "}\n"
}
