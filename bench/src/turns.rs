//! Measuring two things in turns, so that whatever else the machine does
//! meets both.

/// Which of two things is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Ours,
    Reference,
}

/// Measures both `rounds` times, and a first time that does not count. Every
/// second round begins with the reference: what comes first would else always
/// find the machine as the other left it.
///
/// # Errors
///
/// The first that a measurement reports.
pub(crate) fn take<T, E>(
    rounds: usize,
    mut measure: impl FnMut(Side) -> Result<T, E>,
) -> Result<Vec<(T, T)>, E> {
    let mut taken = Vec::new();
    for round in 0..=rounds {
        let pair = if round % 2 == 0 {
            let ours = measure(Side::Ours)?;
            (ours, measure(Side::Reference)?)
        } else {
            let reference = measure(Side::Reference)?;
            (measure(Side::Ours)?, reference)
        };
        if round > 0 {
            taken.push(pair);
        }
    }
    Ok(taken)
}

/// The medians of ours, of the reference and of the ratios of all rounds.
pub(crate) fn medians<T>(taken: &[(T, T)], of: impl Fn(&T) -> f64) -> (f64, f64, f64) {
    let pairs = || taken.iter().map(|(ours, reference)| (of(ours), of(reference)));
    (
        median(pairs().map(|pair| pair.0)),
        median(pairs().map(|pair| pair.1)),
        median(pairs().map(|pair| pair.0 / pair.1)),
    )
}

/// The middle of values, or between the two that are there; 0 of none.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_round_does_not_count() {
        let mut order = Vec::new();
        let taken = take(2, |side| {
            order.push(side);
            Ok::<_, ()>(order.len())
        });
        assert_eq!(taken, Ok(vec![(4, 3), (5, 6)]));
        assert_eq!(order[..4], [Side::Ours, Side::Reference, Side::Reference, Side::Ours]);
    }

    #[test]
    fn outliers_do_not_move_a_median() {
        let taken = [(1.0, 2.0), (2.0, 2.0), (900.0, 3.0)];
        assert_eq!(medians(&taken, |it| *it), (2.0, 2.0, 1.0));
        assert_eq!(median([4.0, 1.0].into_iter()), 2.5);
        assert_eq!(median([].into_iter()), 0.0);
    }
}
