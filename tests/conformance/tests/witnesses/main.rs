//! Tries breaking changes on servers: the spec before and the spec after are both served, and both
//! get the request of a client of one of them.
//!
//! `BLESS=1` writes the results to the golden file; then review the difference.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test is to fail there")]

mod calls;
mod emulation;
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
use crate::server::{Reaction, SentRequest, Server, read};
use crate::witnesses::{Witness, witnesses};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/witnesses/reactions.txt");

fn assert_breaking(rule: &str, old: &Model, new: &Model) {
    let findings = diff(old, new);
    let breaks =
        |finding: &zstack_review::Finding| finding.kind().id() == rule && finding.level == Level::Breaking;
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

/// Tries a witness of the tests of `diff`: the same request, or the same answer.
async fn try_witness(witness: &Witness) -> String {
    let [old, new] = witness.sides().map(|side| side.model());
    assert_breaking(witness.rule, &old, &new);
    let example = example(&witness.example);
    if !example.response.is_null() {
        let (answering, reading) = if witness.is_answer { (&new, &old) } else { (&old, &new) };
        return try_answer(witness.rule, witness.operation, &example, answering, reading).await;
    }
    let sent = SentRequest::of(&old, witness.operation, &example);
    let before = Server::of(&old).send(&sent).await;
    let after = Server::of(&new).send(&sent).await;
    describe_change(witness.rule, &sent, &before, &after)
}

/// Tries an answer of a server with a client of the same spec and with one of the other.
async fn try_answer(
    rule: &str,
    operation: &str,
    example: &Example,
    answering: &Model,
    reading: &Model,
) -> String {
    let sent = SentRequest::of(answering, operation, example);
    let server = Server::of(answering);
    server.answers(&example.response);
    let mut body: Value = serde_json::from_str(&server.send(&sent).await.body).unwrap();
    // The answers of queries have a schema, too.
    body.as_object_mut().unwrap().remove("schema");
    assert_eq!(body, example.response, "{rule}");
    let body = body.to_string();
    assert_eq!(read(answering, operation, &body).as_ref(), Ok(&example.response), "{rule}");
    let other = read(reading, operation, &body);
    assert_ne!(other.as_ref(), Ok(&example.response), "{rule}: both read it");
    let other = other.map_or_else(|error| error, |read| format!("reads only {read}"));
    format!("{rule}\n  answer  {body}\n  client  {}\n", other)
}

fn describe_change(rule: &str, sent: &SentRequest, before: &Reaction, after: &Reaction) -> String {
    assert!(before.is_success(sent), "{rule}: {sent:?} is not taken before\n{before:?}");
    assert!(!after.is_success(sent), "{rule}: {sent:?} is taken on both sides\n{after:?}");
    format!(
        "{rule}\n  sent    {sent}\n  before  {}\n  after   {}\n",
        before.describe(sent),
        after.describe(sent)
    )
}

/// Tries a call that examples cannot express.
async fn try_call(call: &Call) -> String {
    let [old, new] = call.sides().map(|side| side.model());
    assert_breaking(call.rule, &old, &new);
    let slice = |model: &Model| match call.at {
        Some(release) => model.at(&release.parse().unwrap()),
        None => model.clone(),
    };
    let (old, new) = (slice(&old), slice(&new));
    let example = example(&call.example);
    if !example.response.is_null() {
        return try_answer(call.rule, call.operation, &example, &old, &new).await;
    }
    // The statements of a new spec about a released version must be true of the platform, which
    // conforms to the old spec.
    let (right, wrong) = if call.by == By::New { (&new, &old) } else { (&old, &new) };
    let sent = call.sent_request(right, &example);
    let right = Server::of(right).send(&sent).await;
    let wrong = Server::of(wrong).send(&sent).await;
    let text = describe_change(call.rule, &sent, &right, &wrong);
    match (call.at, call.by) {
        (None, _) => text,
        (Some(release), By::Old) => text.replacen('\n', &format!(", a platform of {release}\n"), 1),
        (Some(release), By::New) => text
            .replacen('\n', &format!(", a platform of {release}\n"), 1)
            .replace("  before  ", "  claimed ")
            .replace("  after   ", "  actual  "),
    }
}

#[tokio::test]
async fn breaking_changes_break_clients() {
    let mut text = String::new();
    for witness in witnesses() {
        text.push_str(&try_witness(&witness).await);
    }
    for call in calls() {
        text.push_str(&try_call(&call).await);
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
fn breaking_rules_are_tried_or_have_a_reason() {
    let witnesses = witnesses().into_iter().map(|witness| witness.rule);
    let tried = witnesses.chain(calls().into_iter().map(|call| call.rule));
    let mut known: Vec<&str> = tried.collect::<BTreeSet<_>>().into_iter().collect();
    known.extend(WITHOUT.iter().flat_map(|(rules, _)| *rules));
    known.sort_unstable();
    let is_breaking = |rule: &ChangeRule| rule.request.max(rule.response) == Level::Breaking;
    let mut breaking: Vec<_> =
        ChangeKind::all().map(ChangeKind::rule).filter(is_breaking).map(|rule| rule.id).collect();
    breaking.sort_unstable();
    assert_eq!(known, breaking);
}

/// Changes that examples cannot express are tried by calls.
#[test]
fn calls_cover_rules_without_witness() {
    let rules = witnesses::WITHOUT.iter().flat_map(|(rules, _)| *rules);
    for rule in rules {
        let is_called = calls().iter().any(|call| call.rule == *rule);
        assert!(is_called || WITHOUT.iter().any(|(rules, _)| rules.contains(rule)), "{rule}");
    }
}
