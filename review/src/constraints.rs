//! What a value must satisfy.

use super::change::Changes;
use super::element::Element;
use super::pair::pair;
use zstack_model::Constraints;
use zstack_model::changes::ChangeKind;

/// The rules of a bound: there was none, it moved inwards or outwards, it is
/// gone.
struct Bound {
    added: ChangeKind,
    tighter: ChangeKind,
    looser: ChangeKind,
    removed: ChangeKind,
}

const LENGTH: Bound = Bound {
    added: ChangeKind::MaxLengthAdded,
    tighter: ChangeKind::MaxLengthDecreased,
    looser: ChangeKind::MaxLengthIncreased,
    removed: ChangeKind::MaxLengthRemoved,
};

const RANGE: Bound = Bound {
    added: ChangeKind::RangeAdded,
    tighter: ChangeKind::RangeNarrowed,
    looser: ChangeKind::RangeWidened,
    removed: ChangeKind::RangeRemoved,
};

pub(super) fn compare(element: &Element, (old, new): (&Constraints, &Constraints), changes: &mut Changes) {
    let Constraints {
        max_length,
        min_length,
        range,
        pattern,
        java_pattern,
        values: listed,
        non_empty,
        no_trim,
        unit,
    } = old;
    bound(&LENGTH, element, "maxLength", (*max_length, new.max_length), |old, new| new < old, changes);
    // The shortest text and the emptiness of a list are ranges of a length.
    bound(&RANGE, element, "minLength", (*min_length, new.min_length), |old, new| new > old, changes);
    ranges(element, (*range, new.range), changes);
    let some = |it: bool| it.then_some(1);
    bound(&RANGE, element, "nonEmpty", (some(*non_empty), some(new.non_empty)), |_, _| false, changes);
    for (key, old, new) in
        [("pattern", pattern, &new.pattern), ("javaPattern", java_pattern, &new.java_pattern)]
    {
        let kind = match (old, new) {
            (None, _) => ChangeKind::PatternAdded,
            (Some(_), Some(_)) => ChangeKind::PatternChanged,
            (Some(_), None) => ChangeKind::PatternRemoved,
        };
        if old != new {
            changes.push(kind, element, key, old.clone(), new.clone());
        }
    }
    values(element, (listed, &new.values), changes);
    changes.attribute(
        ChangeKind::TrimmingChanged,
        element,
        "noTrim",
        (no_trim, &new.no_trim),
        bool::to_string,
    );
    if *unit != new.unit {
        changes.push(ChangeKind::EncodingChanged, element, "unit", unit.clone(), new.unit.clone());
    }
}

fn bound<T: Copy + PartialEq + ToString>(
    rules: &Bound,
    element: &Element,
    key: &'static str,
    (old, new): (Option<T>, Option<T>),
    is_tighter: impl Fn(T, T) -> bool,
    changes: &mut Changes,
) {
    if old == new {
        return;
    }
    let kind = match (old, new) {
        (None, _) => rules.added,
        (Some(_), None) => rules.removed,
        (Some(old), Some(new)) if is_tighter(old, new) => rules.tighter,
        (Some(_), Some(_)) => rules.looser,
    };
    changes.push(kind, element, key, old.map(|it| it.to_string()), new.map(|it| it.to_string()));
}

/// Lowest and highest number.
type Range = (i64, i64);

/// Both ends of a range: one that moves inwards makes it narrower, whatever
/// the other one does.
fn ranges(element: &Element, (old, new): (Option<Range>, Option<Range>), changes: &mut Changes) {
    if old == new {
        return;
    }
    let kind = match (old, new) {
        (None, _) => RANGE.added,
        (Some(_), None) => RANGE.removed,
        (Some(old), Some(new)) if new.0 > old.0 || new.1 < old.1 => RANGE.tighter,
        (Some(_), Some(_)) => RANGE.looser,
    };
    let show = |it: Option<Range>| it.map(|(low, high)| format!("[{low}, {high}]"));
    changes.push(kind, element, "range", show(old), show(new));
}

/// The only values allowed. A list that comes or goes is more than its values.
fn values(element: &Element, (old, new): (&[String], &[String]), changes: &mut Changes) {
    let show = |it: &[String]| (!it.is_empty()).then(|| it.join(", "));
    let kind = match (old.is_empty(), new.is_empty()) {
        (true, false) => ChangeKind::BecameEnum,
        (false, true) => ChangeKind::StoppedBeingEnum,
        _ => {
            let paired = pair(old, new, |it| it.as_str());
            for it in &paired.removed {
                changes.push(ChangeKind::EnumValueRemoved, element, "values", Some((*it).clone()), None);
            }
            for it in &paired.added {
                changes.push(ChangeKind::EnumValueAdded, element, "values", None, Some((*it).clone()));
            }
            return changes.order(ChangeKind::EnumReordered, (element, "values"), &paired, |it| it);
        }
    };
    changes.push(kind, element, "values", show(old), show(new));
}
