//! Runs the hand-written transactions in this process, on one thread and without HTTP. The result
//! is a ceiling for servers.

use std::time::Instant;

use super::GROUP;
use super::by_hand::{ByHand, Call, Extent};
use super::plan::Plan;
use super::script::Script;
use crate::Failure;
use crate::process::Process;
use crate::turns::Turn;

/// Makes the calls of all scripts, in groups of as many calls as there are scripts.
pub(super) fn call(
    by_hand: &ByHand,
    extent: Extent,
    scripts: &mut [Script],
    plan: &Plan,
) -> Result<Turn, Failure> {
    let cpu = Process::own().cpu();
    let start = Instant::now();
    let end = start + plan.turn;
    let mut times = Vec::new();
    while Instant::now() < end && times.len() < plan.calls * scripts.len() {
        // The first call of each script's step, then the second one.
        let mut steps: Vec<_> =
            scripts.iter_mut().map(|script| script.next_step().map(|(call, _)| call.clone())).collect();
        loop {
            let calls: Vec<Call> = steps.iter_mut().filter_map(Iterator::next).collect();
            if calls.is_empty() {
                break;
            }
            for group in calls.chunks(GROUP) {
                let start = Instant::now();
                by_hand.run_group(group, extent)?;
                times.extend(std::iter::repeat_n(start.elapsed(), group.len()));
            }
        }
    }
    Ok(Turn::new(start, times, Process::own().cpu_since(cpu)))
}
