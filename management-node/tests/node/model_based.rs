//! A test with random steps on a node and on a model of it. After each step, both
//! must have given the same answer and be in the same state.
//!
//! A run prints its seed; `MODEL_SEED` repeats it. `MODEL_STEPS` sets the number of
//! steps.

mod cloud;
mod node;

use std::collections::VecDeque;
use std::env;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::task::JoinSet;
use zstack_node::uuids;

use self::cloud::{Cloud, HOSTS, IMAGES, Step};
use self::node::{Node, VMS, check_drive, check_vm, vm_uuid};
use crate::local::Answer;

/// The default number of steps.
const STEPS: u64 = 2_000;

pub(crate) fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is not a number: {text}")))
}

/// The number of concurrent sequences of steps, which mostly wait for the disk.
const SEQUENCES: u64 = 4;

#[tokio::test(flavor = "multi_thread")]
async fn the_node_agrees_with_the_model() {
    let seed = number("MODEL_SEED").unwrap_or_else(rand::random);
    let steps = number("MODEL_STEPS").unwrap_or(STEPS);
    println!("to repeat this: MODEL_SEED={seed} MODEL_STEPS={steps}");
    let mut sequences = JoinSet::new();
    for sequence in 0..SEQUENCES {
        sequences.spawn(run_steps(seed.wrapping_add(sequence), steps / SEQUENCES));
    }
    sequences.join_all().await;
}

async fn run_steps(seed: u64, steps: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    let mut trail = Trail::default();
    let node = Node::new().await;
    let mut model = node.state().await;
    let mut refused = 0;
    for now in 1..=steps {
        node.local.clock.advance(1);
        if let Some(expunged) = model.vms.iter().position(Option::is_none).filter(|_| random.random_bool(0.2))
        {
            model.vms[expunged] = Some(node.create_again(expunged).await);
        }
        let step = choose_step(&mut random, &model);
        let expected = model.execute(&step, i64::try_from(now).unwrap());
        trail.add(format!("{now}: {step:?}, expected: {expected:?}"));
        let answer = node.execute(&step).await;
        refused += u64::from(expected.is_err());
        check_answer(&answer, &step, expected, &model);
        assert_eq!(node.state().await.vms, model.vms);
        if now % 16 == 0 {
            node.check_caches().await;
        }
    }
    // Otherwise the choice of steps is bad.
    let mixed = steps < 100 || (steps / 10..steps * 9 / 10).contains(&refused);
    assert!(mixed, "{refused} of {steps} were refused");
}

/// The last steps, printed after a failure.
#[derive(Default)]
pub(crate) struct Trail(VecDeque<String>);

impl Trail {
    pub(crate) fn add(&mut self, step: String) {
        self.0.push_back(step);
        if self.0.len() > 20 {
            self.0.pop_front();
        }
    }
}

impl Drop for Trail {
    #[expect(clippy::print_stdout, reason = "it explains the failure")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}", Vec::from_iter(std::mem::take(&mut self.0)).join("\n"));
        }
    }
}

fn check_answer((status, answer): &Answer, step: &Step, expected: Result<(), cloud::Refusal>, model: &Cloud) {
    let code = |error: &serde_json::Value| error["code"].as_str().unwrap_or_default().to_owned();
    let error = &answer["error"];
    let refusal = (code(error), code(&error["cause"]));
    let expected = expected.err().unwrap_or_default();
    assert_eq!((refusal.0.as_str(), refusal.1.as_str()), expected, "{answer}");
    assert_eq!(*status, if expected.0.is_empty() { 200 } else { 503 });
    let Some(shown) = answer.get("inventory") else { return };
    let drives = || model.vms.iter().flatten().flat_map(|vm| &vm.drives);
    match step {
        Step::Create { uuid, .. } | Step::Rename { drive: uuid, .. } | Step::Default { drive: uuid, .. } => {
            check_drive(shown, drives().find(|drive| drive.uuid == *uuid).unwrap());
        }
        _ => {
            let vm = (0..VMS).find(|vm| shown["uuid"] == vm_uuid(*vm)).unwrap();
            check_vm(shown, model.vms[vm].as_ref().unwrap());
        }
    }
}

/// Chooses a step that is mostly valid.
fn choose_step(random: &mut StdRng, model: &Cloud) -> Step {
    // Sometimes one that never existed.
    let vm = if random.random_bool(0.02) { VMS } else { random.random_range(0..VMS) };
    let own: Vec<_> = model.vms.get(vm).into_iter().flatten().flat_map(|vm| &vm.drives).collect();
    let all: Vec<_> = model.vms.iter().flatten().flat_map(|vm| &vm.drives).collect();
    let drives = if random.random_bool(0.8) { own } else { all };
    let drive = match drives.len() {
        0 => uuids::from_name("no drive"),
        count => drives[random.random_range(0..count)].uuid.clone(),
    };
    let image =
        if random.random_bool(0.9) { random.random_range(0..3) } else { random.random_range(0..=IMAGES) };
    match random.random_range(0..40) {
        0..8 => Step::Attach { vm, iso: image, drive: random.random_bool(0.3).then_some(drive) },
        8..14 => Step::Detach { vm, iso: random.random_bool(0.6).then_some(image) },
        14..18 => {
            let uuid = uuids::from_name(&random.random::<u128>().to_string());
            Step::Create { vm, iso: random.random_bool(0.3).then_some(image), uuid }
        }
        18..20 => Step::Delete { drive },
        20 => Step::Rename { drive, name: format!("drive {}", random.random_range(0..3)) },
        21..23 => Step::Default { vm, drive },
        23..28 => {
            let host = random.random_bool(0.3).then(|| random.random_range(0..=HOSTS));
            Step::Start { vm, host }
        }
        28..31 => Step::Stop { vm },
        31 => Step::Reboot { vm },
        32 => Step::Pause { vm },
        33 => Step::Resume { vm },
        34 => Step::Destroy { vm },
        35..37 => Step::Recover { vm },
        37 => Step::Expunge { vm },
        _ => Step::Reimage { vm },
    }
}
