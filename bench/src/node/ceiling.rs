//! The ceiling: the transactions by hand in this process, one thread, without
//! HTTP and without waiting for anybody.

use std::time::Instant;

use super::GROUP;
use super::by_hand::{ByHand, Call, Extent};
use super::load::{Turn, since};
use super::plan::Plan;
use super::script::Script;
use crate::Failure;
use crate::call::child::Process;

/// What callers do over HTTP, done in groups of as many as there are callers.
pub(super) fn call(
    by_hand: &ByHand,
    extent: Extent,
    scripts: &mut [Script],
    plan: &Plan,
) -> Result<Turn, Failure> {
    let cpu = Process::own().cpu();
    let begun = Instant::now();
    let until = begun + plan.turn;
    let mut times = Vec::new();
    while Instant::now() < until && times.len() < plan.calls * scripts.len() {
        // The first calls of everybody's step, then the second ones.
        let mut steps: Vec<_> =
            scripts.iter_mut().map(|script| script.step().map(|(call, _)| call.clone())).collect();
        loop {
            let calls: Vec<Call> = steps.iter_mut().filter_map(Iterator::next).collect();
            if calls.is_empty() {
                break;
            }
            for group in calls.chunks(GROUP) {
                let begun = Instant::now();
                by_hand.group(group, extent)?;
                times.extend(std::iter::repeat_n(begun.elapsed(), group.len()));
            }
        }
    }
    Ok(Turn::of(begun, times, since(cpu, Process::own())))
}
