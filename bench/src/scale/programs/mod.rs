//! Writes programs that use the generated crates of any spec.

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
/// Depends on the client without calling it; the reference of [`CALLER`].
pub(super) const NO_CALLER: &str = "no-caller";
/// Implements [`HANDLERS`] operations.
pub(super) const SERVICE: &str = "service";
/// Depends on the server without implementing an operation; the reference of [`SERVICE`].
pub(super) const NO_SERVICE: &str = "no-service";
/// Calls operations of all categories over a socket, and checks both ends.
pub(super) const LOOPBACK: &str = "loopback";

pub(super) const ALL: [&str; 5] = [CALLER, NO_CALLER, SERVICE, NO_SERVICE, LOOPBACK];

/// The number of operations that [`CALLER`] calls.
pub(super) const CALLS: usize = 10;
/// The number of operations that [`SERVICE`] implements.
pub(super) const HANDLERS: usize = 200;
/// The default number of operations that [`LOOPBACK`] calls.
pub(crate) const ROUND_TRIPS: usize = 50;

/// Writes all programs below `dir`; `root` is the folder of this repository.
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
        write_if_changed(&dir.join(name).join("Cargo.toml"), &manifest)?;
        write_if_changed(&main_of(dir, name), &main)?;
    }
    Ok(())
}

fn main_of(dir: &Path, program: &str) -> PathBuf {
    dir.join(program).join("src/main.rs")
}

/// Writes a file unless it has this text already, so that cargo does not rebuild unchanged programs.
fn write_if_changed(path: &Path, text: &str) -> Result<(), Failure> {
    if fs_err::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs_err::create_dir_all(folder)?;
    }
    Ok(fs_err::write(path, text)?)
}

/// The beginning of the line that [`change`] modifies.
const CHANGING: &str = "const CHANGING: u32 = ";

/// Changes the body of a function, so that the compiler has to compile it again.
pub(super) fn change(dir: &Path, program: &str, to: usize) -> Result<(), Failure> {
    let path = main_of(dir, program);
    let text = fs_err::read_to_string(&path)?;
    let (before, after) = text.split_once(CHANGING).ok_or("the program has no line to change")?;
    let after = after.trim_start_matches(|character: char| character.is_ascii_digit());
    Ok(fs_err::write(&path, format!("{before}{CHANGING}{to}{after}"))?)
}

/// Returns the path of a request in `zstack_types`.
fn request(operation: &Operation) -> String {
    format!("{}::{}", module(&operation.category), operation.name)
}

fn module(category: &str) -> String {
    ident(&names::module_ident(category))
}

/// Returns an identifier, in raw form if it is a keyword.
fn ident(name: &str) -> String {
    if names::is_keyword(name) { format!("r#{name}") } else { name.to_owned() }
}

/// Implements the trait of a category for `Service`, with handlers for some operations.
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
