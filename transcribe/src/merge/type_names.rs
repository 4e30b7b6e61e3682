//! Names of the data types that pages describe and do not name.

use zstack_model::Source;
use zstack_model::check::name_owner;
use zstack_model::names::{is_device, is_upper_camel};

use super::Merge;
use super::elements::agree;
use crate::draft::ElementKey;
use crate::page;
use crate::report::NoteKind;
use crate::resolve::naming::{type_stem, type_stem_of_operation};
use crate::resolve::types;
use crate::words::{COMMON_FIELDS, is_result};

impl Merge<'_, '_> {
    /// A name for the data type of a field whose page gives none: that of a known type with such a
    /// name and such fields, or a new one.
    pub(super) fn record_name(&mut self, field: &page::Field, rows: &[page::Field], owner: &str) -> String {
        let is_result = owner.is_empty() && is_result(&field.name);
        let stem = if is_result { type_stem_of_operation(&self.operation) } else { type_stem(&field.name) };
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        for candidate in
            [format!("{stem}Inventory"), stem.clone(), format!("{stem}Struct"), format!("{stem}VO")]
        {
            let fits = match (self.draft.data_type(&candidate), self.draft.named_by_pages.get(&candidate)) {
                (Some(nth), _) => self.fits_type(nth, rows, &names),
                (None, Some(known)) => {
                    let known: Vec<&str> = known.iter().map(String::as_str).collect();
                    share_most(&names, &known) && !lacks_identity(rows, &known)
                }
                (None, None) => false,
            };
            if fits {
                // The result may be of another type than the name of the operation says.
                let exact = is_result.then(|| self.same_type(&candidate, rows, &names)).flatten();
                return exact.unwrap_or(candidate);
            }
        }
        if let Some((found, kind)) = self.similar_type(&stem, rows, &names, is_result) {
            let message = format!("the type of `{}` was recognized by its fields: `{found}`", field.name);
            self.note(kind, field.line, message);
            return found;
        }
        let has_identity = names.contains(&"uuid") || is_result;
        let name =
            if has_identity && !stem.ends_with("Inventory") { format!("{stem}Inventory") } else { stem };
        let owner_stem = owner.strip_suffix("Inventory").unwrap_or(owner);
        let prefix = if owner_stem.is_empty() { self.operation.clone() } else { owner_stem.to_owned() };
        let is_free = |name: &String| {
            is_type_name(name)
                && self.draft.is_free_name(name)
                && !self.draft.named_by_pages.contains_key(name)
        };
        let candidates = [name.clone(), format!("{prefix}{name}"), format!("{}{name}", self.operation)];
        let free = candidates.into_iter().find(is_free);
        free.unwrap_or_else(|| {
            let numbered = (2..).map(|number| format!("{prefix}{name}{number}"));
            numbered.take(10_000).find(is_free).unwrap_or(name)
        })
    }

    /// Returns whether a table may be that of a data type of the guessed name. Another page may
    /// mean another type by that name, so that a new type has to share most of the fields.
    fn fits_type(&self, nth: usize, rows: &[page::Field], names: &[&str]) -> bool {
        let known = self.draft.field_names(nth);
        if !self.draft.is_new(&ElementKey::DataType(self.draft.types[nth].name.clone())) {
            return fit(names, &known);
        }
        share_most(names, &known) && !lacks_identity(rows, &known) && !self.contradict(nth, rows)
    }

    /// Returns whether a row has another type than the field of this name.
    fn contradict(&self, nth: usize, rows: &[page::Field]) -> bool {
        rows.iter().filter(|row| !row.ty.is_empty()).any(|row| {
            let Some((ty, at)) = self.draft.find_field(nth, &row.name) else { return false };
            let field = &self.draft.types[ty].own_fields()[at];
            let documented = field.documented.as_ref().and_then(|documented| documented.ty.as_ref());
            documented != Some(&row.ty)
                && !agree(&types::read(&row.ty), &field.ty, &|name| self.draft.is_enum(name))
        })
    }

    /// The data type that has exactly these fields, if another one has more.
    fn same_type(&self, other: &str, rows: &[page::Field], names: &[&str]) -> Option<String> {
        const FEWEST: usize = 4;
        let distinctive = names.iter().filter(|name| !COMMON_FIELDS.contains(name));
        let known = self.draft.field_names(self.draft.data_type(other)?);
        let has_others = known.iter().any(|name| !names.contains(name));
        if !has_others || distinctive.count() < FEWEST {
            return None;
        }
        let (found, _) = self.similar_type("", rows, names, false)?;
        let known = self.draft.field_names(self.draft.data_type(&found)?);
        (known.len() == names.len() && known.iter().all(|name| names.contains(name))).then_some(found)
    }

    /// The data type that has all these fields, if there is one that hardly has others, and how certain
    /// that is.
    fn similar_type(
        &self,
        stem: &str,
        rows: &[page::Field],
        names: &[&str],
        is_result: bool,
    ) -> Option<(String, NoteKind)> {
        let mut shared: Vec<(usize, usize)> = Vec::new();
        for name in names.iter().filter(|name| !COMMON_FIELDS.contains(name)) {
            for owner in self.draft.owners_of(name) {
                match shared.iter_mut().find(|(known, _)| known == owner) {
                    Some((_, count)) => *count += 1,
                    None => shared.push((*owner, 1)),
                }
            }
        }
        let distinctive = names.iter().filter(|name| !COMMON_FIELDS.contains(name)).count();
        // A table has all fields of the type, a sample leaves out some.
        let is_of_sample = rows.iter().all(|row| row.ty.is_empty());
        let fewest = if is_of_sample { 3 } else { 2 };
        let mut best: Option<(f64, String, NoteKind)> = None;
        for (nth, count) in shared.into_iter().filter(|(_, count)| *count >= fewest && *count == distinctive)
        {
            let ty = &self.draft.types[nth];
            let is_documented = |name: &&&str| {
                let found = self.draft.find_field(nth, name);
                found.is_none_or(|(ty, at)| self.draft.types[ty].own_fields()[at].source == Source::Document)
            };
            let known = self.draft.field_names(nth);
            let distinctive_known = known.iter().filter(|name| !COMMON_FIELDS.contains(name));
            let of_documents = distinctive_known.filter(is_documented).count();
            let type_stem = ty.name.strip_suffix("Inventory").unwrap_or(&ty.name);
            let is_named_so = stem.ends_with(type_stem) || type_stem.ends_with(stem);
            let score = count as f64 / distinctive.max(of_documents).max(1) as f64;
            let least = match (is_of_sample, is_named_so || is_result) {
                (true, true) => 0.6,
                (true, false) => 0.75,
                (false, true) => 0.85,
                (false, false) => 1.0,
            };
            let is_similar = score >= least && !self.contradict(nth, rows);
            if is_similar && best.as_ref().is_none_or(|(most, name, _)| (score, &ty.name) > (*most, name)) {
                let is_rule = is_named_so || score >= 1.0;
                let kind = if is_rule { NoteKind::Decided } else { NoteKind::Guessed };
                best = Some((score, ty.name.clone(), kind));
            }
        }
        best.map(|(_, name, kind)| (name, kind))
    }
}

/// Returns whether a table describes something without the UUID that a type has. A sample may leave it
/// out.
fn lacks_identity(rows: &[page::Field], known: &[&str]) -> bool {
    let is_table = rows.iter().any(|row| !row.ty.is_empty());
    is_table && known.contains(&"uuid") && rows.iter().all(|row| row.name != "uuid")
}

/// Returns whether two tables have most of their fields in common.
fn share_most(names: &[&str], known: &[&str]) -> bool {
    let is_distinctive = |name: &&&str| !COMMON_FIELDS.contains(name);
    let own = names.iter().filter(is_distinctive).count();
    let others = known.iter().filter(is_distinctive).count();
    let common = names.iter().filter(is_distinctive).filter(|name| known.contains(name)).count();
    fit(names, known) && common * 2 >= own.max(others)
}

/// Returns whether the fields of a table may be those of a data type of this name: most of the
/// smaller one are in the other.
fn fit(names: &[&str], known: &[&str]) -> bool {
    let distinctive = |names: &[&str]| names.iter().filter(|name| !COMMON_FIELDS.contains(name)).count();
    let (own, others) = (distinctive(names), distinctive(known));
    if own == 0 || others == 0 {
        let common = names.iter().filter(|name| known.contains(name)).count();
        return own == others && common * 10 >= names.len() * 6;
    }
    let common = names.iter().filter(|name| !COMMON_FIELDS.contains(name) && known.contains(name)).count();
    common * 10 >= own.min(others) * 6 && common * 3 >= own.max(others)
}

/// Returns whether a word can name a data type.
pub(super) fn is_type_name(name: &str) -> bool {
    is_upper_camel(name) && !is_device(name) && name_owner(name).is_none()
}
