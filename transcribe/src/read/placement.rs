//! Places the fields that the portal prints without indentation: of all ways to nest them, chooses
//! the one that contradicts the sample, the known data types and the conventions least.

use std::rc::Rc;

use super::conventions::{begins_with, refers_to};
use super::expectations::{Expectations, Expected, Hints, is_described, opens};
use crate::json::Sample;
use crate::page::Field;
use crate::words::{DATE_BEFORE_LAST, ERROR_TYPE, LAST_FIELD, spec_type};

/// The number of ways to nest that are compared at the same time.
const NESTING_LIMIT: usize = 48;

/// The number of fields up to which all of these are compared.
const FULL_SEARCH: usize = 1_000;

/// The number of fields that confirm the type of a list that only its name suggests.
const CONFIRMATION: usize = 3;

/// Costs of contradictions: the less likely, the more.
mod cost {
    /// A key of the sample has no field.
    pub(super) const KEY_WITHOUT_FIELD: u32 = 35;
    /// A known field of the data type is not printed.
    pub(super) const KNOWN_FIELD_MISSING: u32 = 20;
    /// A field comes after one that it precedes in the sample.
    pub(super) const OTHER_ORDER: u32 = 20;
    /// A known field is not in the sample.
    pub(super) const NOT_IN_SAMPLE: u32 = 4;
    /// A sample of the data type leaves out the field.
    pub(super) const LEFT_OUT: u32 = 12;
    /// The number of samples that count.
    pub(super) const SAMPLES: u32 = 4;
    /// A table of the data type does not have the field.
    pub(super) const NOT_IN_TABLE: u32 = 60;
    /// The number of tables that count.
    pub(super) const TABLES: u32 = 3;
    /// The field is at the top of the response, where samples are complete.
    pub(super) const UNEXPECTED_AT_TOP: u32 = 50;
    /// Nothing is known about the level.
    pub(super) const UNKNOWN: u32 = 4;
    /// A field that refers to a table has no fields.
    pub(super) const EMPTY: u32 = 8;
    /// The field comes after the one that is the last of most objects.
    pub(super) const AFTER_LAST: u32 = 8;
    /// One of two dates is in another value than the one before it.
    pub(super) const SEPARATE_DATE: u32 = 14;
    /// An unexpected field has fields itself, deep inside others.
    pub(super) const DEEP: u32 = 12;
    /// The field refers to the very object that it would belong to.
    pub(super) const OWN_REFERENCE: u32 = 12;
    /// The gain of a field that refers to the object above.
    pub(super) const REFERENCE: u32 = 6;
    /// The gain of a field that begins with the name of the object.
    pub(super) const NAMED_FOR: u32 = 14;
    /// The difference to the next nesting by which one is certain.
    pub(super) const MARGIN: u32 = 12;
}

/// The place of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placement {
    pub(super) depth: usize,
    /// The field to whose value it belongs, by its number; none at the top.
    pub(super) owner: Option<usize>,
    /// No other place is about as likely.
    pub(super) is_certain: bool,
}

/// Returns the place of each field.
pub(super) fn place(fields: &[Field], sample: Option<&Sample>, hints: Hints<'_>) -> Vec<Placement> {
    let mut expectations = Expectations::new(hints);
    let top = OpenLevel::new(None, sample, Rc::new(Expected::top(hints.types, sample)));
    let mut nestings = vec![Nesting { levels: vec![Rc::new(top)], cost: 0, last: None }];
    let mut steps = Vec::new();
    // A page of more fields than real ones have is read in about the same time.
    let limit = (NESTING_LIMIT * FULL_SEARCH / fields.len().max(1)).clamp(1, NESTING_LIMIT);
    for field in fields {
        let mut choices: Vec<Choice> = Vec::new();
        for (nth, nesting) in nestings.iter().enumerate() {
            // The deepest level comes first, so that it wins among equals.
            let mut cost = nesting.cost;
            for depth in (0..nesting.levels.len()).rev() {
                if let Some(placed) = nesting.cost_of(field, depth) {
                    choices.push(Choice { nesting: nth, depth, cost: cost + placed });
                }
                cost += nesting.levels[depth].cost_to_close();
            }
        }
        if choices.is_empty() {
            // A field that is printed twice at the top.
            let at_top =
                |(nth, nesting): (usize, &Nesting<'_>)| Choice { nesting: nth, depth: 0, cost: nesting.cost };
            choices.extend(nestings.iter().enumerate().map(at_top));
        }
        choices.sort_by_key(|choice| choice.cost);
        choices.truncate(limit);
        nestings = choices
            .iter()
            .map(|choice| nestings[choice.nesting].with(field, choice, &mut steps, &mut expectations))
            .collect();
    }
    let total = |nesting: &Nesting<'_>| {
        nesting.cost + nesting.levels.iter().map(|level| level.cost_to_close()).sum::<u32>()
    };
    nestings.sort_by_key(total);
    let Some(best) = nestings.first() else { return Vec::new() };
    let mut placements = best.placements(&steps);
    let most = total(best) + cost::MARGIN;
    for other in nestings[1..].iter().take_while(|other| total(other) < most) {
        for (placement, other) in placements.iter_mut().zip(other.placements(&steps)) {
            placement.is_certain &= placement.owner == other.owner;
        }
    }
    placements
}

/// A place for the next field, in one way to nest those before it.
struct Choice {
    nesting: usize,
    depth: usize,
    /// The cost of the nesting with the field.
    cost: u32,
}

/// The depth of one field, and the step of the field before it.
struct Step {
    depth: usize,
    before: Option<usize>,
}

/// One way to nest the fields that were read so far.
struct Nesting<'p> {
    levels: Vec<Rc<OpenLevel<'p>>>,
    cost: u32,
    /// The step of the last field.
    last: Option<usize>,
}

impl<'p> Nesting<'p> {
    /// The cost of a field at a depth; none if it cannot be there.
    fn cost_of(&self, field: &Field, depth: usize) -> Option<u32> {
        let level = &self.levels[depth];
        let cost = level.cost_of(&field.name)?;
        let Some(above) = depth.checked_sub(1).map(|above| &self.levels[above]) else { return Some(cost) };
        // Most objects end in both dates.
        let is_after_date =
            self.levels.last().is_some_and(|level| level.used.last() == Some(&DATE_BEFORE_LAST));
        let is_elsewhere = field.name == LAST_FIELD && is_after_date && depth + 1 < self.levels.len();
        let cost = cost + if is_elsewhere { cost::SEPARATE_DATE } else { 0 };
        if level.is_expected(&field.name) {
            return Some(cost);
        }
        let has_fields = is_described(field);
        let is_reference = |level: &OpenLevel<'_>| refers_to(&field.name, &level.expected.stem);
        let is_own = is_reference(level);
        let contradictions = [
            (level.used.last() == Some(&LAST_FIELD), cost::AFTER_LAST),
            (has_fields && depth > 1, cost::DEEP),
            (is_own, cost::OWN_REFERENCE),
        ];
        let confirmations = [
            (!is_own && is_reference(above), cost::REFERENCE),
            (has_fields && begins_with(&field.name, &level.expected.stem), cost::NAMED_FOR),
        ];
        let sum = |costs: &[(bool, u32)]| {
            costs.iter().filter(|(holds, _)| *holds).map(|(_, cost)| cost).sum::<u32>()
        };
        Some((cost + sum(&contradictions)).saturating_sub(sum(&confirmations)))
    }

    /// Adds a field at a depth, and opens its own level if fields of its value may follow.
    fn with(
        &self,
        field: &'p Field,
        choice: &Choice,
        steps: &mut Vec<Step>,
        expectations: &mut Expectations<'p, '_>,
    ) -> Self {
        let mut levels = self.levels[..=choice.depth].to_vec();
        let parent = Rc::make_mut(&mut levels[choice.depth]);
        parent.add(&field.name);
        let inner = parent.sample.and_then(|sample| sample.field(&field.name)).and_then(Sample::element);
        let key = parent.expected.key.clone();
        if opens(levels.iter().filter_map(|level| level.owner), field, inner, levels.len()) {
            let expected = expectations.value(key, field, inner);
            levels.push(Rc::new(OpenLevel::new(Some(field), inner, expected)));
        }
        steps.push(Step { depth: choice.depth, before: self.last });
        Self { levels, cost: choice.cost, last: Some(steps.len() - 1) }
    }

    /// The places of all fields, which are certain as far as this nesting goes.
    fn placements(&self, steps: &[Step]) -> Vec<Placement> {
        let before = |nth: &usize| steps[*nth].before;
        let mut depths: Vec<usize> =
            std::iter::successors(self.last, before).map(|nth| steps[nth].depth).collect();
        depths.reverse();
        let mut owners: Vec<usize> = Vec::new();
        let mut placements = Vec::with_capacity(depths.len());
        for (nth, depth) in depths.into_iter().enumerate() {
            owners.truncate(depth);
            placements.push(Placement { depth, owner: owners.last().copied(), is_certain: true });
            owners.push(nth);
        }
        placements
    }
}

/// A value that takes fields.
#[derive(Clone)]
struct OpenLevel<'p> {
    /// The field whose value it is; none at the top.
    owner: Option<&'p Field>,
    sample: Option<&'p Sample>,
    expected: Rc<Expected<'p>>,
    /// The names of the fields that it has.
    used: Vec<&'p str>,
    /// The number of keys of the sample up to the last one that has a field.
    position: usize,
    /// The weight of the keys of the sample that have no field yet.
    missing_keys: usize,
    /// The number of other fields of the type that have not come yet.
    missing_fields: usize,
}

impl<'p> OpenLevel<'p> {
    fn new(owner: Option<&'p Field>, sample: Option<&'p Sample>, expected: Rc<Expected<'p>>) -> Self {
        let missing_keys = expected.keys.values().map(|key| key.weight).sum();
        let missing_fields = expected.left_out;
        Self { owner, sample, expected, used: Vec::new(), position: 0, missing_keys, missing_fields }
    }

    fn is_used(&self, name: &str) -> bool {
        self.used.contains(&name)
    }

    fn is_error(&self) -> bool {
        self.owner.is_some_and(|owner| owner.ty == ERROR_TYPE.0)
    }

    /// Returns whether a sample or the type has a field of this name.
    fn is_expected(&self, name: &str) -> bool {
        self.expected.keys.contains_key(name) || self.expected.fields.contains(name)
    }

    /// Returns whether its fields so far are those of its type: hardly any is not.
    fn is_confirmed(&self) -> bool {
        let known = self.used.iter().filter(|name| self.expected.fields.contains(name)).count();
        !self.expected.is_tentative || known >= CONFIRMATION && known * 5 >= self.used.len() * 4
    }

    fn add(&mut self, name: &'p str) {
        if self.is_used(name) {
            return;
        }
        self.used.push(name);
        if let Some(key) = self.expected.keys.get(name) {
            self.position = self.position.max(key.at + 1);
            self.missing_keys -= key.weight;
        } else if self.expected.fields.contains(name) {
            self.missing_fields = self.missing_fields.saturating_sub(1);
        }
    }

    /// The cost of a field of this name; none if the level cannot have it.
    fn cost_of(&self, name: &str) -> Option<u32> {
        let Expected { fields, keys, .. } = &*self.expected;
        let is_known = fields.contains(name);
        if self.is_used(name) || self.is_error() && !is_known {
            return None;
        }
        let (samples, tables) = if self.is_confirmed() { (fields.samples, fields.tables) } else { (0, 0) };
        let samples = samples.max(u32::from(!keys.is_empty())).min(cost::SAMPLES);
        let left_out = (samples * cost::LEFT_OUT).max(tables.min(cost::TABLES) * cost::NOT_IN_TABLE);
        Some(match keys.get(name) {
            Some(key) if key.at < self.position => cost::OTHER_ORDER,
            Some(_) => 0,
            None if is_known && keys.is_empty() => 0,
            None if is_known => cost::NOT_IN_SAMPLE,
            None if self.owner.is_none() => cost::UNEXPECTED_AT_TOP,
            None if left_out > 0 => left_out,
            // The fields of a type follow it at once.
            None if self.used.is_empty() => 0,
            None => cost::UNKNOWN,
        })
    }

    fn cost_to_close(&self) -> u32 {
        let Some(owner) = self.owner else { return 0 };
        // A type that is described elsewhere may have no fields here.
        if self.used.is_empty() && self.missing_keys == 0 {
            return if spec_type(&owner.ty).is_some() { cost::EMPTY } else { 0 };
        }
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).min(1_000);
        let missing_fields = if self.is_error() { 0 } else { count(self.missing_fields) };
        count(self.missing_keys) * cost::KEY_WITHOUT_FIELD + missing_fields * cost::KNOWN_FIELD_MISSING
    }
}
