//! What a value must satisfy.

use super::change::Changes;
use super::element::Element;
use super::pair::pair;
use zstack_model::Constraints;
use zstack_model::rules::changes::{ChangeRule, rule};

/// The rules of a bound: there was none, it moved inwards or outwards, it is
/// gone.
struct Bound {
    added: &'static ChangeRule,
    tighter: &'static ChangeRule,
    looser: &'static ChangeRule,
    removed: &'static ChangeRule,
}

const LENGTH: Bound = Bound {
    added: rule!("max-length-added"),
    tighter: rule!("max-length-decreased"),
    looser: rule!("max-length-increased"),
    removed: rule!("max-length-removed"),
};

const RANGE: Bound = Bound {
    added: rule!("range-added"),
    tighter: rule!("range-narrowed"),
    looser: rule!("range-widened"),
    removed: rule!("range-removed"),
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
        let rule = match (old, new) {
            (None, _) => rule!("pattern-added"),
            (Some(_), Some(_)) => rule!("pattern-changed"),
            (Some(_), None) => rule!("pattern-removed"),
        };
        if old != new {
            changes.push(rule, element, key, old.clone(), new.clone());
        }
    }
    values(element, (listed, &new.values), changes);
    changes.attribute(rule!("trimming-changed"), element, "noTrim", (no_trim, &new.no_trim), bool::to_string);
    if *unit != new.unit {
        changes.push(rule!("encoding-changed"), element, "unit", unit.clone(), new.unit.clone());
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
    let rule = match (old, new) {
        (None, _) => rules.added,
        (Some(_), None) => rules.removed,
        (Some(old), Some(new)) if is_tighter(old, new) => rules.tighter,
        (Some(_), Some(_)) => rules.looser,
    };
    changes.push(rule, element, key, old.map(|it| it.to_string()), new.map(|it| it.to_string()));
}

/// Lowest and highest number.
type Range = (i64, i64);

/// Both ends of a range: one that moves inwards makes it narrower, whatever
/// the other one does.
fn ranges(element: &Element, (old, new): (Option<Range>, Option<Range>), changes: &mut Changes) {
    if old == new {
        return;
    }
    let rule = match (old, new) {
        (None, _) => RANGE.added,
        (Some(_), None) => RANGE.removed,
        (Some(old), Some(new)) if new.0 > old.0 || new.1 < old.1 => RANGE.tighter,
        (Some(_), Some(_)) => RANGE.looser,
    };
    let show = |it: Option<Range>| it.map(|(low, high)| format!("[{low}, {high}]"));
    changes.push(rule, element, "range", show(old), show(new));
}

/// The only values allowed. A list that comes or goes is more than its values.
fn values(element: &Element, (old, new): (&[String], &[String]), changes: &mut Changes) {
    let show = |it: &[String]| (!it.is_empty()).then(|| it.join(", "));
    let rule = match (old.is_empty(), new.is_empty()) {
        (true, false) => rule!("became-enum"),
        (false, true) => rule!("stopped-being-enum"),
        _ => {
            let paired = pair(old, new, |it| it.as_str());
            for it in &paired.removed {
                changes.push(rule!("enum-value-removed"), element, "values", Some((*it).clone()), None);
            }
            for it in &paired.added {
                changes.push(rule!("enum-value-added"), element, "values", None, Some((*it).clone()));
            }
            return changes.order(rule!("enum-reordered"), (element, "values"), &paired, |it| it);
        }
    };
    changes.push(rule, element, "values", show(old), show(new));
}
