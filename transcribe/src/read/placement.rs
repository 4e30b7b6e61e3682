//! Places the fields that the portal prints without indentation: of all ways to nest them, chooses
//! the one that contradicts the sample and the known data types least.

use std::rc::Rc;

use super::expectations::{FieldNames, TOP_FIELDS, known_names, opens};
use crate::json::Sample;
use crate::page::Field;
use crate::words::{ERROR_TYPE, spec_type};

/// The number of ways to nest that are compared at the same time.
const NESTING_LIMIT: usize = 48;

/// The costs of contradictions.
mod cost {
    /// A key of the sample has no field.
    pub(super) const KEY_WITHOUT_FIELD: u32 = 8;
    /// A known field of the data type is not printed.
    pub(super) const KNOWN_FIELD_MISSING: u32 = 2;
    /// A field comes after one that it precedes in the sample.
    pub(super) const OTHER_ORDER: u32 = 3;
    /// A known field is not in the sample.
    pub(super) const NOT_IN_SAMPLE: u32 = 1;
    /// Neither the sample nor the data type has the field.
    pub(super) const UNEXPECTED: u32 = 4;
    /// The data type, whose fields are known, does not have the field.
    pub(super) const NOT_IN_TYPE: u32 = 7;
    /// The field is at the top of the response, where samples are complete.
    pub(super) const UNEXPECTED_AT_TOP: u32 = 14;
    /// Nothing is known about the level.
    pub(super) const UNKNOWN: u32 = 2;
    /// A field that refers to a table has no fields.
    pub(super) const EMPTY: u32 = 4;
}

/// Returns the depth of each field.
pub(super) fn depths(fields: &[Field], sample: Option<&Sample>, types: FieldNames<'_>) -> Vec<usize> {
    let known = Rc::new(TOP_FIELDS.iter().map(|&name| name.to_owned()).collect());
    let top = OpenLevel { owner: None, sample, known, used: Vec::new(), position: 0 };
    let mut nestings = vec![Nesting { levels: vec![Rc::new(top)], cost: 0, trail: None }];
    for field in fields {
        let mut next: Vec<Nesting<'_>> = Vec::new();
        for nesting in &nestings {
            // The deepest level comes first, so that it wins among equals.
            let mut closed = 0;
            for depth in (0..nesting.levels.len()).rev() {
                let level = &nesting.levels[depth];
                if let Some(placed) = level.cost_of(&field.name) {
                    next.push(nesting.with(field, depth, closed + placed, types));
                }
                closed += level.cost_to_close();
            }
        }
        if next.is_empty() {
            // A field that is printed twice at the top.
            next.extend(nestings.iter().map(|nesting| nesting.with(field, 0, 0, types)));
        }
        next.sort_by_key(|nesting| nesting.cost);
        next.truncate(NESTING_LIMIT);
        nestings = next;
    }
    let total = |nesting: &Nesting<'_>| {
        nesting.cost + nesting.levels.iter().map(|level| level.cost_to_close()).sum::<u32>()
    };
    let best = nestings.into_iter().min_by_key(total);
    let mut depths = Vec::with_capacity(fields.len());
    let mut trail = best.and_then(|nesting| nesting.trail);
    while let Some(step) = trail {
        depths.push(step.depth);
        trail = step.before.clone();
    }
    depths.reverse();
    depths
}

/// One way to nest the fields that were read so far.
struct Nesting<'p> {
    levels: Vec<Rc<OpenLevel<'p>>>,
    cost: u32,
    trail: Option<Rc<Step>>,
}

/// The depth of one field, after those before it.
struct Step {
    depth: usize,
    before: Option<Rc<Self>>,
}

impl<'p> Nesting<'p> {
    /// Adds a field at a depth, and opens its own level if fields of its value may follow.
    fn with(&self, field: &'p Field, depth: usize, cost: u32, types: FieldNames<'_>) -> Self {
        let mut levels = self.levels[..=depth].to_vec();
        let parent = Rc::make_mut(&mut levels[depth]);
        parent.add(&field.name);
        let inner = parent.sample.and_then(|sample| sample.field(&field.name)).and_then(Sample::element);
        if opens(levels.iter().filter_map(|level| level.owner), field, inner, levels.len()) {
            let known = Rc::new(known_names(field, inner, types));
            let level = OpenLevel { owner: Some(field), sample: inner, known, used: Vec::new(), position: 0 };
            levels.push(Rc::new(level));
        }
        let trail = Some(Rc::new(Step { depth, before: self.trail.clone() }));
        Self { levels, cost: self.cost + cost, trail }
    }
}

/// A value that takes fields.
#[derive(Clone)]
struct OpenLevel<'p> {
    /// The field whose value it is; none at the top.
    owner: Option<&'p Field>,
    sample: Option<&'p Sample>,
    /// The names of the fields of its data type.
    known: Rc<Vec<String>>,
    /// The names of the fields that it has.
    used: Vec<&'p str>,
    /// The number of keys of the sample up to the last one that has a field.
    position: usize,
}

impl<'p> OpenLevel<'p> {
    fn keys(&self) -> &'p [(String, Sample)] {
        self.sample.map_or(&[], Sample::fields)
    }

    fn is_used(&self, name: &str) -> bool {
        self.used.contains(&name)
    }

    fn add(&mut self, name: &'p str) {
        self.used.push(name);
        if let Some(at) = self.keys().iter().position(|(key, _)| key == name) {
            self.position = self.position.max(at + 1);
        }
    }

    /// The cost of a field of this name; none if the level cannot have it.
    fn cost_of(&self, name: &str) -> Option<u32> {
        let is_error = self.owner.is_some_and(|owner| owner.ty == ERROR_TYPE.0);
        let is_known = self.known.iter().any(|known| known == name);
        if self.is_used(name) || is_error && !is_known {
            return None;
        }
        let keys = self.keys();
        Some(match keys.iter().position(|(key, _)| key == name) {
            Some(at) if at < self.position => cost::OTHER_ORDER,
            Some(_) => 0,
            None if is_known && keys.is_empty() => 0,
            None if is_known => cost::NOT_IN_SAMPLE,
            None if self.owner.is_none() => cost::UNEXPECTED_AT_TOP,
            None if !self.known.is_empty() => cost::NOT_IN_TYPE,
            None if !keys.is_empty() => cost::UNEXPECTED,
            // The fields of a type follow it at once.
            None if self.used.is_empty() => 0,
            None => cost::UNKNOWN,
        })
    }

    fn cost_to_close(&self) -> u32 {
        let Some(owner) = self.owner else { return 0 };
        let is_used = |name: &str| self.used.contains(&name);
        let keys = self.keys().iter().filter(|(key, _)| !is_used(key)).count();
        let is_key = |name: &str| self.keys().iter().any(|(key, _)| key == name);
        let is_error = owner.ty == ERROR_TYPE.0;
        let known = self.known.iter().filter(|name| !is_error && !is_used(name) && !is_key(name)).count();
        // A type that is described elsewhere may have no fields here.
        let is_empty = self.used.is_empty();
        if is_empty && keys == 0 {
            return if spec_type(&owner.ty).is_some() { cost::EMPTY } else { 0 };
        }
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).min(1_000);
        count(keys) * cost::KEY_WITHOUT_FIELD + count(known) * cost::KNOWN_FIELD_MISSING
    }
}
