//! `cargo xtask bench`.

mod import;
mod run;

use std::io;

use clap::Subcommand;

use crate::exit::Exit;

/// The benchmarks, and what they are made of.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Make a spec of a corpus: facts about a whole platform, a JSON line each
    Import(import::Import),
    /// Generated server and client against hand-written ones; many routes against few
    Call(run::Run),
    /// The management node against the same SQLite transactions done by hand
    Node(run::Run),
    /// The generator and the compiler at the size of a whole platform
    Scale(run::Run),
    /// Calls of all categories of a whole platform, from generated client to generated server
    Loopback(run::Run),
    /// All of them; writes BENCHMARKS.md
    All(run::Run),
}

pub(crate) fn run(bench: Bench) -> io::Result<Exit> {
    match bench {
        Bench::Import(it) => import::run(&it),
        Bench::Call(it) => run::one("call", &it),
        Bench::Node(it) => run::one("node", &it),
        Bench::Scale(it) => run::one("scale", &it),
        Bench::Loopback(it) => run::one("loopback", &it),
        Bench::All(it) => run::one("all", &it),
    }
}
