//! Makes what the node tells about its API while it is compiled: the spec is
//! not there when it runs.

#![allow(clippy::print_stdout, reason = "it is how a build script talks to Cargo")]

mod openapi;
mod pages;

use std::env;
use std::error::Error;

use camino::{Utf8Path, Utf8PathBuf};
use zstack_codegen::load::load;

fn main() -> Result<(), Box<dyn Error>> {
    let here = Utf8PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = Utf8PathBuf::from(env::var("OUT_DIR")?);
    let spec = spec(&here);
    println!("cargo::rerun-if-changed={spec}");
    println!("cargo::rerun-if-changed={}", here.join("build"));
    let model = match load(&spec) {
        Ok(model) => model,
        Err(problems) => {
            for line in problems.to_string().lines() {
                println!("cargo::error={line}");
            }
            return Ok(());
        }
    };
    openapi::write(&model, &out)?;
    pages::write(&model, &here, &out)
}

/// The folder of the spec: in the repository `../spec`, in a published package
/// the copy of it that `cargo package` makes of the symbolic link `spec`. The
/// link itself is never read, since a checkout on Windows may have none.
fn spec(here: &Utf8Path) -> Utf8PathBuf {
    let copy = here.join("spec");
    let is_copied = copy.symlink_metadata().is_ok_and(|it| it.is_dir());
    if is_copied { copy } else { here.join("../spec") }
}
