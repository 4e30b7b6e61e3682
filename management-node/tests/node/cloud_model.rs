//! A test with random plain operations, those that follow from conventions and resource files, on a node and on a
//! model of it. It covers all resources of the catalog, including those that are added later.
//!
//! Operations that are written in Rust create further documents in between, so that there is something to refer to.
//! The model learns them from the store.
//!
//! `MODEL_SEED` sets the seed, and `MODEL_STEPS` the number of steps.

pub(crate) mod check;
pub(crate) mod cloud;
pub(crate) mod operations;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Map, Value};
use tokio::task::JoinSet;
use zstack_node::catalog::Effect;
use zstack_node::uuids;

use self::check::{check_answer, check_documents, check_links, check_query, learn, queries};
use self::cloud::Cloud;
use self::operations::{Given, Plain, Target, plain_operations, written_operations};
use crate::local::{Answer, Local};
use crate::model_based::{Trail, number};

/// The default number of steps.
const STEPS: u64 = 600;

/// The default seed.
const SEED: u64 = 22;

/// The number of steps on one node, which begins with the sample.
const EPISODE: u64 = 300;

/// The number of steps between comparisons of the whole cloud.
const BETWEEN_CHECKS: u64 = 20;

/// The number of nodes at a time, which mostly wait for the disk.
const NODES: usize = 4;

/// The internal error that operations written in Rust may return: for a UUID that is taken.
const KNOWN_FAILURE: &str = "already in use";

#[tokio::test(flavor = "multi_thread")]
async fn plain_resources_agree_with_the_model() {
    let seed = number("MODEL_SEED").unwrap_or(SEED);
    let steps = number("MODEL_STEPS").unwrap_or(STEPS);
    let next = Arc::new(AtomicU64::new(0));
    let mut nodes = JoinSet::new();
    for _ in 0..NODES {
        let next = Arc::clone(&next);
        nodes.spawn(async move {
            let mut failed = 0;
            while failed == 0 {
                let episode = next.fetch_add(1, Ordering::SeqCst);
                let begin = episode * EPISODE;
                if begin >= steps {
                    break;
                }
                // A failure prints its steps; it does not stop the others.
                let run = tokio::spawn(run_steps(seed.wrapping_add(episode), EPISODE.min(steps - begin)));
                failed += usize::from(run.await.is_err());
            }
            failed
        });
    }
    let failed: usize = nodes.join_all().await.into_iter().sum();
    assert_eq!(failed, 0, "the node differs from the model; see above");
}

async fn run_steps(seed: u64, steps: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    let mut trail = Trail::default();
    trail.add(format!("to repeat this: MODEL_SEED={seed} MODEL_STEPS={steps}"));
    let local = Local::sample().await;
    let mut cloud = Cloud::default();
    learn(local.app.store(), &mut cloud).await;
    let queries = queries();
    let mut refused = 0;
    for step in 1..=steps {
        local.clock.advance(1);
        if step % BETWEEN_CHECKS == 1 {
            create_more(&local, &mut cloud, &mut random, &mut trail).await;
        }
        let plain = choose_operation(&mut random, &cloud);
        let values = choose_values(plain, &mut random, &cloud);
        trail.add(format!("{step}: {} {}", plain.name(), Value::Object(values.clone())));
        let (status, answer) = send(&local, plain, &values).await;
        let requested = values.get("resourceUuid").and_then(Value::as_str);
        let created = answer["inventory"]["uuid"].as_str().or(requested).unwrap_or_default();
        let expected = cloud.execute(plain, &values, created);
        trail.add(format!("{step}: expected {expected:?}, answered {status} {answer}"));
        let found = answer["error"]["code"].as_str();
        assert_eq!(found, expected.as_ref().err().copied(), "{answer}");
        match expected {
            Ok(Some(uuid)) => check_answer(&answer, &uuid, &cloud),
            Ok(None) => {}
            Err(_) => refused += 1,
        }
        if step % BETWEEN_CHECKS == 0 || step == steps {
            check_documents(local.app.store(), &cloud).await;
            check_links(local.app.store(), &cloud).await;
            for _ in 0..8 {
                check_query(&local, &cloud, queries[random.random_range(0..queries.len())]).await;
            }
        }
    }
    for query in queries {
        check_query(&local, &cloud, query).await;
    }
    // Otherwise the choice of steps is bad.
    let mixed = steps < 100 || (steps / 20..steps / 2).contains(&refused);
    assert!(mixed, "{refused} of {steps} were refused");
}

async fn send(local: &Local, plain: &Plain, values: &Map<String, Value>) -> Answer {
    let request = plain.request(values);
    let method = format!("{:?}", request.method).to_uppercase();
    local.send(&method, &request.target, &request.body.unwrap_or_default()).await
}

/// Performs some operations that are written in Rust, and learns what they did.
async fn create_more(local: &Local, cloud: &mut Cloud, random: &mut StdRng, trail: &mut Trail) {
    let all = written_operations();
    for _ in 0..4 {
        let plain = &all[random.random_range(0..all.len())];
        let values = choose_values(plain, random, cloud);
        let answer = send(local, plain, &values).await;
        trail.add(format!("{} {}: {answer:?}", plain.name(), Value::Object(values)));
        let error = &answer.1["error"];
        let is_known = |details: &str| details.contains(KNOWN_FAILURE);
        let is_internal = error["code"] == "SYS.1000" && !error["details"].as_str().is_some_and(is_known);
        assert!(!is_internal, "{}: {answer:?}", plain.name());
        if answer.0 == 200 {
            learn(local.app.store(), cloud).await;
            check_links(local.app.store(), cloud).await;
        }
    }
}

/// Chooses an operation that mostly has a document to work on.
fn choose_operation(random: &mut StdRng, cloud: &Cloud) -> &'static Plain {
    let weight = random.random_range(0..100);
    let is_chosen = |plain: &&Plain| {
        plain.effect().is_some_and(|effect| match effect {
            Effect::Create { .. } => weight < 45,
            Effect::Update { .. } => (45..65).contains(&weight),
            Effect::Delete { .. } => (65..77).contains(&weight),
            Effect::ChangeState { .. } => (77..87).contains(&weight),
            Effect::Get { .. } => (87..93).contains(&weight),
            Effect::Add { .. } | Effect::Remove { .. } => weight >= 93,
            _ => false,
        })
    };
    let all: Vec<_> = plain_operations().iter().filter(is_chosen).collect();
    let has_document = |plain: &Plain| {
        let key = plain.effect().and_then(Effect::key);
        let target = plain.parameters.iter().find(|given| Some(given.field.name.as_str()) == key);
        target.and_then(|given| given.target).is_none_or(|target| cloud.has(target))
    };
    let mut chosen = all[random.random_range(0..all.len())];
    for _ in 0..10 {
        if has_document(chosen) {
            break;
        }
        chosen = all[random.random_range(0..all.len())];
    }
    chosen
}

/// Chooses the values of the required parameters and of some others.
fn choose_values(plain: &Plain, random: &mut StdRng, cloud: &Cloud) -> Map<String, Value> {
    let mut values = Map::new();
    for given in &plain.parameters {
        let is_new_uuid = given.field.name == "resourceUuid" && given.target.is_none();
        let chance = if is_new_uuid { 0.9 } else { 0.4 };
        let is_given = given.field.required || random.random_bool(chance);
        if is_given && let Some(value) = choose_value(given, is_new_uuid, random, cloud) {
            values.insert(given.field.name.clone(), value);
        }
    }
    values
}

fn choose_value(given: &Given, is_new_uuid: bool, random: &mut StdRng, cloud: &Cloud) -> Option<Value> {
    if is_new_uuid {
        let taken = cloud.of(Target::Any);
        let is_taken = random.random_bool(0.02) && !taken.is_empty();
        return Some(if is_taken {
            taken[random.random_range(0..taken.len())].into()
        } else {
            new_uuid(random).into()
        });
    }
    let Some(target) = given.target else { return Some(given.vary(random)) };
    let uuid = choose_target(target, random, cloud);
    if uuid.is_none() && !given.field.required {
        return None;
    }
    let uuid = uuid.unwrap_or_else(|| new_uuid(random));
    Some(if given.is_list() { Value::Array(vec![uuid.into()]) } else { uuid.into() })
}

/// Chooses a document of a resource; sometimes another one, a deleted one, or one that never existed.
fn choose_target(target: Target, random: &mut StdRng, cloud: &Cloud) -> Option<String> {
    let weight = random.random_range(0..100);
    if weight < 2 {
        return Some(new_uuid(random));
    }
    let found = match weight {
        2..4 => cloud.deleted.iter().map(String::as_str).collect(),
        4..6 => cloud.of(Target::Any),
        _ => cloud.of(target),
    };
    (!found.is_empty()).then(|| found[random.random_range(0..found.len())].to_owned())
}

fn new_uuid(random: &mut StdRng) -> String {
    uuids::from_name(&random.random::<u128>().to_string())
}
