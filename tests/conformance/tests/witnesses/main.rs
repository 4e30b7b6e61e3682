//! What the review calls breaking, tried on servers: the spec before and the
//! spec after are both played, and both get what a client of one of them sends.
//!
//! `BLESS=1` writes down what came of it; then read it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test is to fail there")]

mod calls;
mod server;
/// The fixture of the tests of `diff`.
#[path = "../../../../review/tests/it/spec.rs"]
#[allow(dead_code, reason = "the tests of `diff` need more of it")]
mod spec;
/// The witnesses of the tests of `diff`.
#[path = "../../../../review/tests/it/witnesses.rs"]
mod witnesses;

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use zstack_model::changes::{ChangeKind, ChangeRule, Level};
use zstack_model::{Example, Model};
use zstack_review::diff;

use crate::calls::{By, Call, WITHOUT, calls};
use crate::server::{Came, Sent, Server, read};
use crate::witnesses::{Witness, witnesses};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/witnesses/tried.txt");

fn found(rule: &str, old: &Model, new: &Model) {
    let findings = diff(old, new);
    let breaks = |it: &zstack_review::Finding| it.kind().id() == rule && it.level == Level::Breaking;
    assert!(findings.iter().any(breaks), "{rule}: {findings:?}");
}

fn example(of: &Value) -> Example {
    Example {
        name: "Witness".to_owned(),
        since: None,
        request: of["request"].as_object().unwrap().clone(),
        status: 200,
        response: of["response"].clone(),
    }
}

/// A witness of the tests of `diff`: the same request, the same answer.
async fn witness(it: &Witness) -> String {
    let [old, new] = it.sides().map(|it| it.model());
    found(it.rule, &old, &new);
    let example = example(&it.example);
    if !example.response.is_null() {
        let (answering, reading) = if it.is_answer { (&new, &old) } else { (&old, &new) };
        return answer(it.rule, it.operation, &example, answering, reading).await;
    }
    let sent = Sent::of(&old, it.operation, &example);
    let before = Server::of(&old).send(&sent).await;
    let after = Server::of(&new).send(&sent).await;
    tried(it.rule, &sent, &before, &after)
}

/// The answer of a server, read by a client of the same spec and by one of the
/// other.
async fn answer(
    rule: &str,
    operation: &str,
    example: &Example,
    answering: &Model,
    reading: &Model,
) -> String {
    let sent = Sent::of(answering, operation, example);
    let server = Server::of(answering);
    server.answers(&example.response);
    let mut body: Value = serde_json::from_str(&server.send(&sent).await.body).unwrap();
    // Every query is answered with the classes of its records, too.
    body.as_object_mut().unwrap().remove("schema");
    assert_eq!(body, example.response, "{rule}");
    let body = body.to_string();
    assert_eq!(read(answering, operation, &body).as_ref(), Ok(&example.response), "{rule}");
    let other = read(reading, operation, &body);
    assert_ne!(other.as_ref(), Ok(&example.response), "{rule}: both read it");
    let other = other.map_or_else(|error| error, |it| format!("reads only {it}"));
    format!("{rule}\n  answer  {body}\n  client  {}\n", other)
}

fn tried(rule: &str, sent: &Sent, before: &Came, after: &Came) -> String {
    assert!(before.took(sent), "{rule}: {sent:?} is not taken before\n{before:?}");
    assert!(!after.took(sent), "{rule}: {sent:?} is taken on both sides\n{after:?}");
    format!("{rule}\n  sent    {sent}\n  before  {}\n  after   {}\n", before.shown(sent), after.shown(sent))
}

/// A call beyond what examples tell.
async fn call(it: &Call) -> String {
    let [old, new] = it.sides().map(|it| it.model());
    found(it.rule, &old, &new);
    let slice = |model: &Model| match it.at {
        Some(release) => model.at(&release.parse().unwrap()),
        None => model.clone(),
    };
    let (old, new) = (slice(&old), slice(&new));
    let example = example(&it.example);
    if !example.response.is_null() {
        return answer(it.rule, it.operation, &example, &old, &new).await;
    }
    // What a new spec says of a release that is out has to be true of the
    // platform, which is as the old one says.
    let (right, wrong) = if it.by == By::New { (&new, &old) } else { (&old, &new) };
    let sent = it.sent(right, &example);
    let right = Server::of(right).send(&sent).await;
    let wrong = Server::of(wrong).send(&sent).await;
    let text = tried(it.rule, &sent, &right, &wrong);
    match (it.at, it.by) {
        (None, _) => text,
        (Some(release), By::Old) => text.replacen('\n', &format!(", a platform of {release}\n"), 1),
        (Some(release), By::New) => text
            .replacen('\n', &format!(", a platform of {release}\n"), 1)
            .replace("  before  ", "  said    ")
            .replace("  after   ", "  is      "),
    }
}

#[tokio::test]
async fn what_breaks_is_refused_or_lost() {
    let mut text = String::new();
    for it in witnesses() {
        text.push_str(&witness(&it).await);
    }
    for it in calls() {
        text.push_str(&call(&it).await);
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(GOLDEN, &text).unwrap();
    }
    assert!(
        fs::read_to_string(GOLDEN).unwrap_or_default().replace("\r\n", "\n") == text,
        "BLESS=1 accepts\n{text}"
    );
}

#[test]
fn every_breaking_rule_is_tried_or_has_a_reason() {
    let tried =
        witnesses().into_iter().map(|witness| witness.rule).chain(calls().into_iter().map(|it| it.rule));
    let mut known: Vec<&str> = tried.collect::<BTreeSet<_>>().into_iter().collect();
    known.extend(WITHOUT.iter().flat_map(|(rules, _)| *rules));
    known.sort_unstable();
    let is_breaking = |it: &ChangeRule| it.request.max(it.response) == Level::Breaking;
    let mut breaking: Vec<_> =
        ChangeKind::all().map(ChangeKind::rule).filter(is_breaking).map(|rule| rule.id).collect();
    breaking.sort_unstable();
    assert_eq!(known, breaking);
}

/// What no example can tell is told here.
#[test]
fn what_no_example_tells_is_called() {
    let rules = witnesses::WITHOUT.iter().flat_map(|(rules, _)| *rules);
    for rule in rules {
        let is_called = calls().iter().any(|it| it.rule == *rule);
        assert!(is_called || WITHOUT.iter().any(|(rules, _)| rules.contains(rule)), "{rule}");
    }
}
