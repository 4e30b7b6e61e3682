//! Delays of calls, and choices by chance, which a seed makes repeatable.

use std::f64::consts::TAU;
use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use serde::Serialize;

/// The distribution of a delay, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Delay {
    Uniform {
        min: f64,
        max: f64,
    },
    Normal {
        mean: f64,
        deviation: f64,
        min: f64,
        max: f64,
    },
    Exponential {
        mean: f64,
        min: f64,
        max: f64,
    },
    /// Always the same.
    #[serde(untagged)]
    Fixed(u64),
}

/// The random numbers of one call.
pub(super) struct Chance(SmallRng);

impl Chance {
    /// The numbers of a call, by the seed of the fault and the number of the selected call.
    pub(super) fn new(seed: u64, call: u64) -> Self {
        // Neighboring seeds of the generator are independent.
        Self(SmallRng::seed_from_u64(seed ^ call.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    /// A number from 0 (inclusive) to 1.
    fn number(&mut self) -> f64 {
        self.0.random::<f64>()
    }

    /// True with a probability.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.number() < probability
    }

    /// A delay of a distribution.
    pub(super) fn delay(&mut self, delay: Delay) -> Duration {
        let millis = match delay {
            Delay::Fixed(millis) => return Duration::from_millis(millis),
            Delay::Uniform { min, max } => min + (max - min) * self.number(),
            Delay::Normal { mean, deviation, min, max } => {
                // The Box-Muller transform; the logarithm of 0 is infinite.
                let radius = (-2.0 * (1.0 - self.number()).ln()).sqrt();
                (mean + deviation * radius * (TAU * self.number()).cos()).clamp(min, max)
            }
            Delay::Exponential { mean, min, max } => (-mean * (1.0 - self.number()).ln()).clamp(min, max),
        };
        Duration::try_from_secs_f64(millis / 1000.0).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(delay: Delay) -> Vec<f64> {
        (0..2000).map(|call| Chance::new(7, call).delay(delay).as_secs_f64() * 1000.0).collect()
    }

    #[test]
    fn delays_have_their_distributions() {
        for (delay, mean, range) in [
            (Delay::Fixed(20), 20.0, 20.0..=20.0),
            (Delay::Uniform { min: 10.0, max: 30.0 }, 20.0, 10.0..=30.0),
            (Delay::Normal { mean: 20.0, deviation: 5.0, min: 5.0, max: 35.0 }, 20.0, 5.0..=35.0),
            (Delay::Exponential { mean: 20.0, min: 0.0, max: 1000.0 }, 20.0, 0.0..=1000.0),
        ] {
            let delays = delays(delay);
            let found = delays.iter().sum::<f64>() / 2000.0;
            assert!((found - mean).abs() < 1.5, "{delay:?}: {found}");
            assert!(delays.iter().all(|delay| range.contains(delay)), "{delay:?}");
        }
    }

    #[test]
    fn a_seed_repeats_its_choices() {
        let choices = |seed| (0..100).map(|call| Chance::new(seed, call).happens(0.3)).collect::<Vec<_>>();
        assert_eq!(choices(1), choices(1));
        assert_ne!(choices(1), choices(2));
        let count = choices(1).into_iter().filter(|choice| *choice).count();
        assert!((15..45).contains(&count), "{count}");
    }
}
