//! Measures two sides alternately, so that other load on the machine affects both alike.

use std::time::{Duration, Instant};

/// The side that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Ours,
    Reference,
}

/// Measures both sides `rounds` times, after a round that does not count. The order changes with
/// each round, since the second side finds the machine as the first one left it.
///
/// # Errors
///
/// Returns the first error of `measure`.
pub(crate) fn alternate<T, E>(
    rounds: usize,
    mut measure: impl FnMut(Side) -> Result<T, E>,
) -> Result<Vec<(T, T)>, E> {
    let mut pairs = Vec::new();
    for round in 0..=rounds {
        let pair = if round % 2 == 0 {
            let ours = measure(Side::Ours)?;
            (ours, measure(Side::Reference)?)
        } else {
            let reference = measure(Side::Reference)?;
            (measure(Side::Ours)?, reference)
        };
        if round > 0 {
            pairs.push(pair);
        }
    }
    Ok(pairs)
}

/// Returns the medians of our values, of the reference values and of the ratios of all rounds.
pub(crate) fn medians<T>(pairs: &[(T, T)], value: impl Fn(&T) -> f64) -> (f64, f64, f64) {
    let values = || pairs.iter().map(|(ours, reference)| (value(ours), value(reference)));
    (
        median(values().map(|(ours, _)| ours)),
        median(values().map(|(_, reference)| reference)),
        median(values().map(|(ours, reference)| ours / reference)),
    )
}

/// Returns the median; 0 if there are no values.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.len() % 2, values.get(middle)) {
        (_, None) => 0.0,
        (1, Some(value)) => *value,
        (_, Some(value)) => (values[middle - 1] + value) / 2.0,
    }
}

/// The result of calling one side for a while.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// Calls per second.
    pub(crate) rate: f64,
    /// The time within which 99 % of the calls were answered, in microseconds.
    pub(crate) p99: f64,
    /// The processor time that the measured process spent per call, in microseconds; 0 if it is
    /// unknown.
    pub(crate) cpu: f64,
}

impl Turn {
    /// Creates the result from the times that the calls took and the processor time of all calls.
    pub(crate) fn new(start: Instant, mut times: Vec<Duration>, cpu: Option<Duration>) -> Self {
        let seconds = start.elapsed().as_secs_f64();
        times.sort_unstable();
        let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
        Self {
            rate: times.len() as f64 / seconds,
            p99: p99.as_secs_f64() * 1e6,
            cpu: cpu.unwrap_or_default().as_secs_f64() * 1e6 / times.len().max(1) as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_round_does_not_count() {
        let mut order = Vec::new();
        let pairs = alternate(2, |side| {
            order.push(side);
            Ok::<_, ()>(order.len())
        });
        assert_eq!(pairs, Ok(vec![(4, 3), (5, 6)]));
        assert_eq!(order[..4], [Side::Ours, Side::Reference, Side::Reference, Side::Ours]);
    }

    #[test]
    fn outliers_do_not_move_a_median() {
        let pairs = [(1.0, 2.0), (2.0, 2.0), (900.0, 3.0)];
        assert_eq!(medians(&pairs, |value| *value), (2.0, 2.0, 1.0));
        assert_eq!(median([4.0, 1.0].into_iter()), 2.5);
        assert_eq!(median([].into_iter()), 0.0);
    }
}
