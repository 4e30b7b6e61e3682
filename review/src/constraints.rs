//! Changes of the constraints of a value.

use super::change::Changes;
use super::element::SpecElement;
use super::pair::pair;
use zstack_model::Constraints;
use zstack_model::changes::ChangeKind;

/// The kinds of changes of a bound.
struct BoundKinds {
    added: ChangeKind,
    tighter: ChangeKind,
    looser: ChangeKind,
    removed: ChangeKind,
}

const LENGTH: BoundKinds = BoundKinds {
    added: ChangeKind::MaxLengthAdded,
    tighter: ChangeKind::MaxLengthDecreased,
    looser: ChangeKind::MaxLengthIncreased,
    removed: ChangeKind::MaxLengthRemoved,
};

const RANGE: BoundKinds = BoundKinds {
    added: ChangeKind::RangeAdded,
    tighter: ChangeKind::RangeNarrowed,
    looser: ChangeKind::RangeWidened,
    removed: ChangeKind::RangeRemoved,
};

pub(super) fn compare(
    element: &SpecElement,
    (old, new): (&Constraints, &Constraints),
    changes: &mut Changes,
) {
    let Constraints {
        max_length,
        min_length,
        range,
        pattern,
        java_pattern,
        values,
        non_empty,
        no_trim,
        unit,
    } = old;
    let max_lengths = (*max_length, new.max_length);
    compare_bounds(&LENGTH, element, "maxLength", max_lengths, |old, new| new < old, changes);
    // A minimum length and `nonEmpty` are ranges of a length.
    let min_lengths = (*min_length, new.min_length);
    compare_bounds(&RANGE, element, "minLength", min_lengths, |old, new| new > old, changes);
    compare_ranges(element, (*range, new.range), changes);
    let minimums = (non_empty.then_some(1), new.non_empty.then_some(1));
    compare_bounds(&RANGE, element, "nonEmpty", minimums, |_, _| false, changes);
    for (key, old, new) in
        [("pattern", pattern, &new.pattern), ("javaPattern", java_pattern, &new.java_pattern)]
    {
        let kind = match (old, new) {
            (None, _) => ChangeKind::PatternAdded,
            (Some(_), Some(_)) => ChangeKind::PatternChanged,
            (Some(_), None) => ChangeKind::PatternRemoved,
        };
        changes.push_text(kind, element, key, [old.as_deref(), new.as_deref()]);
    }
    compare_values(element, (values, &new.values), changes);
    changes.push_attribute(
        ChangeKind::TrimmingChanged,
        element,
        "noTrim",
        (no_trim, &new.no_trim),
        bool::to_string,
    );
    let units = [unit.as_deref(), new.unit.as_deref()];
    changes.push_text(ChangeKind::EncodingChanged, element, "unit", units);
}

fn compare_bounds<T: Copy + PartialEq + ToString>(
    kinds: &BoundKinds,
    element: &SpecElement,
    key: &'static str,
    (old, new): (Option<T>, Option<T>),
    is_tighter: impl Fn(T, T) -> bool,
    changes: &mut Changes,
) {
    if old == new {
        return;
    }
    let kind = match (old, new) {
        (None, _) => kinds.added,
        (Some(_), None) => kinds.removed,
        (Some(old), Some(new)) if is_tighter(old, new) => kinds.tighter,
        (Some(_), Some(_)) => kinds.looser,
    };
    changes.push(kind, element, key, old.map(|bound| bound.to_string()), new.map(|bound| bound.to_string()));
}

/// The lowest and the highest number.
type Range = (i64, i64);

/// Compares ranges. A range is narrower if one of its ends moved inwards, even if the other one moved outwards.
fn compare_ranges(element: &SpecElement, (old, new): (Option<Range>, Option<Range>), changes: &mut Changes) {
    if old == new {
        return;
    }
    let kind = match (old, new) {
        (None, _) => RANGE.added,
        (Some(_), None) => RANGE.removed,
        (Some(old), Some(new)) if new.0 > old.0 || new.1 < old.1 => RANGE.tighter,
        (Some(_), Some(_)) => RANGE.looser,
    };
    let show = |range: Option<Range>| range.map(|(low, high)| format!("[{low}, {high}]"));
    changes.push(kind, element, "range", show(old), show(new));
}

/// Compares the lists of allowed values. A list that is added or removed is one change.
fn compare_values(element: &SpecElement, (old, new): (&[String], &[String]), changes: &mut Changes) {
    let show = |values: &[String]| (!values.is_empty()).then(|| values.join(", "));
    let kind = match (old.is_empty(), new.is_empty()) {
        (true, false) => ChangeKind::BecameEnum,
        (false, true) => ChangeKind::StoppedBeingEnum,
        _ => {
            let paired = pair(old, new, String::as_str);
            for value in &paired.removed {
                changes.push(ChangeKind::EnumValueRemoved, element, "values", Some((*value).clone()), None);
            }
            for value in &paired.added {
                changes.push(ChangeKind::EnumValueAdded, element, "values", None, Some((*value).clone()));
            }
            return changes
                .push_order(ChangeKind::EnumReordered, (element, "values"), &paired, |value| value);
        }
    };
    changes.push(kind, element, "values", show(old), show(new));
}
