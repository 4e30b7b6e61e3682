//! `cargo xtask rules`.

use std::io::Write as _;

use clap::Args;
use zstack_model::rules;

use crate::exit::{Error, Exit};

#[derive(Args)]
pub(crate) struct Rules {
    /// Print everything about each rule as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(Rules { json }: &Rules) -> Result<Exit, Error> {
    let mut out = anstream::stdout().lock();
    if *json {
        write!(out, "{}", rules::json())?;
    } else {
        rules::write_table(&mut out)?;
    }
    Ok(Exit::Success)
}
