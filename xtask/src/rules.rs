//! `cargo xtask rules`.

use std::io::{self, Write as _};

use clap::Args;
use zstack_model::rules;

use crate::exit::Exit;

#[derive(Args)]
pub(crate) struct Rules {
    /// All there is to say of each, for programs
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(Rules { json }: &Rules) -> io::Result<Exit> {
    let mut out = anstream::stdout().lock();
    if *json {
        write!(out, "{}", rules::json())?;
    } else {
        rules::write_table(&mut out)?;
    }
    out.flush()?;
    Ok(Exit::Fine)
}
