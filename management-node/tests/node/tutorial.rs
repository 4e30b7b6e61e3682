//! The page `docs/tutorial.md`: its shell blocks run as they are, one after the other, on an empty node.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::process::Server;
use crate::samples::tools::report_skipped;

const PAGE: &str = include_str!("../../../docs/tutorial.md");

/// Returns the text of all blocks in a language.
fn blocks(language: &str) -> String {
    let start = format!("```{language}");
    let mut lines = PAGE.lines();
    let mut text = String::new();
    while lines.any(|line| line == start) {
        let block = lines.by_ref().take_while(|line| *line != "```");
        block.for_each(|line| text.extend([line, "\n"]));
    }
    text
}

/// Every call succeeds, except those whose failure is shown, and the script prints what the page shows.
#[test]
fn the_tutorial_runs() {
    if Command::new("curl").arg("--version").output().is_err() {
        report_skipped("the_tutorial_runs", "curl");
        return;
    }
    let server = Server::start(&[]);
    let mut shell = Command::new("sh")
        .arg("-eu")
        .env("NODE", &server.url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    shell.stdin.take().unwrap().write_all(blocks("sh").as_bytes()).unwrap();
    let output = shell.wait_with_output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    assert_eq!(out, blocks("text"), "what the script prints, and what the page shows; {err}");
}
