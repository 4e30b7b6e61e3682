//! The words of summaries and of descriptions, for the search.
//!
//! `assets/script/descriptions.mjs` reads them, and cuts a query into words by
//! the same rule.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use zstack_model::{DataType, Model, Operation, TypeShape};

use crate::site::fixed_pages::PAGES;
use crate::site::owners::Owned;
use crate::site::text::slug;
use crate::site::views::codes;

/// Words that say nothing of what they describe.
const IGNORED: &str = "an and any are as at be been both but by can do does each either every for from had has have how if in into is it \
    its may more most must neither no nor not of on once one only or other so some such than that the their them then there \
    these they this those to too until was were what when where whether which while who whose will with within would";

/// The longest word, in bytes: what is longer is a UUID or an example of one.
const LONGEST: usize = 30;

/// For each word what it describes, as numbers: operations, data types, error
/// codes, categories and pages, counted in this order.
#[derive(Serialize)]
pub(crate) struct Descriptions {
    /// Words of summaries, which are a sentence each.
    summaries: Owned,
    /// Words of all that the page of the element says of it and of its parts.
    rest: Owned,
    ignored: &'static str,
}

impl Descriptions {
    /// `conventions` is the page of that name, in Markdown.
    pub(crate) fn new(model: &Model, conventions: &str) -> Self {
        let mut words = Words::default();
        for it in &model.operations {
            words.add(&[&it.summary], &of_operation(it));
        }
        for it in &model.types {
            words.add(&[&it.summary], &of_type(it));
        }
        for it in codes(model) {
            let whens: Vec<_> = it.cases.iter().map(|case| case.when.as_str()).collect();
            words.add(&[it.meaning.unwrap_or_default()], &whens);
        }
        for it in &model.categories {
            words.add(&[], &it.description.as_deref().into_iter().collect::<Vec<_>>());
        }
        for text in pages(conventions) {
            words.add(&[], &[text]);
        }
        Self { summaries: Owned::new(&words.summaries), rest: Owned::new(&words.rest), ignored: IGNORED }
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
        let all = |texts: &[&str]| texts.iter().flat_map(|text| words_of(text)).collect::<BTreeSet<_>>();
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

/// The words of a text, in lower case, without those that say nothing.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|it: char| !it.is_alphanumeric()).map(str::to_lowercase);
    let is_word = |it: &String| it.chars().nth(1).is_some() && it.len() <= LONGEST;
    words.filter(is_word).filter(|word| !IGNORED.split_whitespace().any(|ignored| ignored == word))
}

fn of_operation(it: &Operation) -> Vec<&str> {
    let parameters = it.parameters.iter().filter_map(|parameter| parameter.field.description.as_deref());
    let tags = it.tags.iter().map(|tag| tag.description.as_str());
    let errors = it.errors.iter().map(|error| error.when.as_str());
    let notes = it.notes.iter().map(String::as_str);
    it.description.as_deref().into_iter().chain(parameters).chain(tags).chain(errors).chain(notes).collect()
}

fn of_type(it: &DataType) -> Vec<&str> {
    let mut texts: Vec<_> = it.description.as_deref().into_iter().collect();
    texts.extend(it.own_fields().iter().filter_map(|field| field.description.as_deref()));
    if let TypeShape::Enum { values } = &it.shape {
        texts.extend(values.iter().filter_map(|value| value.description.as_deref()));
    }
    texts
}

/// What each of the pages says: the sections of the conventions. Of pages that
/// lead to the same section the first has its words.
fn pages(conventions: &str) -> impl Iterator<Item = &str> {
    let sections: BTreeMap<_, _> = conventions
        .split("\n## ")
        .skip(1)
        .map(|part| {
            let (title, text) = part.split_once('\n').unwrap_or((part, ""));
            (format!("conventions.html#{}", slug(&title.to_lowercase())), text)
        })
        .collect();
    let mut taken = BTreeSet::new();
    PAGES.iter().map(
        move |(_, href)| {
            if taken.insert(*href) { sections.get(*href).copied().unwrap_or_default() } else { "" }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_into_words() {
        let words: Vec<_> =
            words_of("Puts the ISO into a CD-ROM drive (see `sizeOf`), 512 bytes. Éte\u{301}!").collect();
        assert_eq!(words, ["puts", "iso", "cd", "rom", "drive", "see", "sizeof", "512", "bytes", "éte"]);
    }

    #[test]
    fn every_section_belongs_to_one_page() {
        let texts: Vec<_> = pages("# Conventions\n\n## Authentication\nkeys\n\n## Jobs\npolls\n").collect();
        assert_eq!(texts.len(), PAGES.len());
        let said: Vec<_> = PAGES.iter().zip(texts).filter(|(_, text)| !text.is_empty()).collect();
        assert_eq!(said.len(), 2);
        assert_eq!((said[0].0.0, said[0].1.trim()), ("Authentication", "keys"));
        assert_eq!((said[1].0.0, said[1].1.trim()), ("Jobs", "polls"));
    }
}
