//! The search index of words in summaries and descriptions.
//!
//! `assets/script/descriptions.mjs` reads it, and splits queries into words by the
//! same rule.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use zstack_model::{DataType, Model, Operation, TypeShape};

use crate::site::fixed_pages::PAGES;
use crate::site::owners::NamesWithOwners;
use crate::site::text::slug;
use crate::site::views::codes;

/// Words that are not indexed.
const IGNORED: &str = "an and any are as at be been both but by can do does each either every for from had has have how if in into is it \
    its may more most must neither no nor not of on once one only or other so some such than that the their them then there \
    these they this those to too until was were what when where whether which while who whose will with within would";

/// The longest word in bytes; longer ones are UUIDs.
const MAX_LENGTH: usize = 30;

/// The elements that each word describes, as numbers: operations, data types, error
/// codes, categories and pages are counted in this order.
#[derive(Serialize)]
pub(crate) struct Descriptions {
    /// Words of summaries.
    summaries: NamesWithOwners,
    /// Words of other texts about the element and its parts.
    rest: NamesWithOwners,
    ignored: &'static str,
}

impl Descriptions {
    /// Indexes a model; `conventions` is the Markdown of the conventions page.
    pub(crate) fn new(model: &Model, conventions: &str) -> Self {
        let mut words = Words::default();
        for operation in &model.operations {
            words.add(&[&operation.summary], &operation_texts(operation));
        }
        for ty in &model.types {
            words.add(&[&ty.summary], &type_texts(ty));
        }
        for code in codes(model) {
            let whens: Vec<_> = code.cases.iter().map(|case| case.when.as_str()).collect();
            words.add(&[code.meaning.unwrap_or_default()], &whens);
        }
        for category in &model.categories {
            words.add(&[], &category.description.as_deref().into_iter().collect::<Vec<_>>());
        }
        for text in page_texts(conventions) {
            words.add(&[], &[text]);
        }
        Self {
            summaries: NamesWithOwners::new(&words.summaries),
            rest: NamesWithOwners::new(&words.rest),
            ignored: IGNORED,
        }
    }
}

#[derive(Default)]
struct Words {
    summaries: BTreeMap<String, BTreeSet<usize>>,
    rest: BTreeMap<String, BTreeSet<usize>>,
    count: usize,
}

impl Words {
    /// Adds the words of the next element.
    fn add(&mut self, summary: &[&str], rest: &[&str]) {
        let all = |texts: &[&str]| texts.iter().flat_map(|text| split_words(text)).collect::<BTreeSet<_>>();
        let summary = all(summary);
        for word in all(rest).difference(&summary) {
            self.rest.entry(word.clone()).or_default().insert(self.count);
        }
        for word in summary {
            self.summaries.entry(word).or_default().insert(self.count);
        }
        self.count += 1;
    }
}

/// The words of a text in lower case, without ignored ones.
fn split_words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|character: char| !character.is_alphanumeric()).map(str::to_lowercase);
    let is_word = |word: &String| word.chars().nth(1).is_some() && word.len() <= MAX_LENGTH;
    words.filter(is_word).filter(|word| !IGNORED.split_whitespace().any(|ignored| ignored == word))
}

fn operation_texts(operation: &Operation) -> Vec<&str> {
    let parameters = operation.parameters.iter();
    let parameters = parameters.filter_map(|parameter| parameter.field.description.as_deref());
    let tags = operation.tags.iter().map(|tag| tag.description.as_str());
    let errors = operation.errors.iter().map(|error| error.when.as_str());
    let notes = operation.notes.iter().map(String::as_str);
    operation
        .description
        .as_deref()
        .into_iter()
        .chain(parameters)
        .chain(tags)
        .chain(errors)
        .chain(notes)
        .collect()
}

fn type_texts(ty: &DataType) -> Vec<&str> {
    let mut texts: Vec<_> = ty.description.as_deref().into_iter().collect();
    texts.extend(ty.own_fields().iter().filter_map(|field| field.description.as_deref()));
    if let TypeShape::Enum { values } = &ty.shape {
        texts.extend(values.iter().filter_map(|value| value.description.as_deref()));
    }
    texts
}

/// The texts of the fixed pages: sections of the conventions. If several pages link
/// to a section, the first one has its text.
fn page_texts(conventions: &str) -> impl Iterator<Item = &str> {
    let sections: BTreeMap<_, _> = conventions
        .split("\n## ")
        .skip(1)
        .map(|part| {
            let (title, text) = part.split_once('\n').unwrap_or((part, ""));
            (format!("conventions.html#{}", slug(&title.to_lowercase())), text)
        })
        .collect();
    let mut seen = BTreeSet::new();
    PAGES.iter().map(
        move |(_, href)| {
            if seen.insert(*href) { sections.get(*href).copied().unwrap_or_default() } else { "" }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_texts_into_words() {
        let words: Vec<_> =
            split_words("Puts the ISO into a CD-ROM drive (see `sizeOf`), 512 bytes. Éte\u{301}!").collect();
        assert_eq!(words, ["puts", "iso", "cd", "rom", "drive", "see", "sizeof", "512", "bytes", "éte"]);
    }

    #[test]
    fn each_section_belongs_to_one_page() {
        let texts: Vec<_> =
            page_texts("# Conventions\n\n## Authentication\nkeys\n\n## Jobs\npolls\n").collect();
        assert_eq!(texts.len(), PAGES.len());
        let found: Vec<_> = PAGES.iter().zip(texts).filter(|(_, text)| !text.is_empty()).collect();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].0.0, found[0].1.trim()), ("Authentication", "keys"));
        assert_eq!((found[1].0.0, found[1].1.trim()), ("Jobs", "polls"));
    }
}
