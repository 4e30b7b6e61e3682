//! The part of CSS selectors that the tests use.

use super::{Element, Html};

/// Alternatives such as `main > p.lead, tr[id^='x'] th:not([scope])`.
pub(crate) struct Selector(Vec<Vec<Step>>);

/// Conditions on an element, and how it contains the next one.
#[derive(Default)]
struct Step {
    conditions: Vec<Condition>,
    is_child: bool,
}

enum Condition {
    Name(String),
    Class(String),
    Attribute(String, Comparison),
    Not(Box<Condition>),
}

enum Comparison {
    Exists,
    Equals(String),
    StartsWith(String),
}

impl Selector {
    /// Parses a selector; panics if it has anything else.
    pub(crate) fn parse(text: &str) -> Self {
        let mut parser = Parser { rest: text };
        let mut alternatives = Vec::new();
        loop {
            alternatives.push(parser.steps());
            if !parser.skip(",") {
                break;
            }
        }
        assert_eq!(parser.rest, "", "{text}");
        Self(alternatives)
    }

    fn matches(&self, element: Element<'_>) -> bool {
        self.0.iter().any(|steps| {
            let Some((last, outer)) = steps.split_last() else { return false };
            last.matches(element) && contains(outer, element)
        })
    }

    /// The elements of a page, in its order.
    pub(crate) fn select<'a>(&self, page: &'a Html) -> Vec<Element<'a>> {
        page.elements().filter(|element| self.matches(*element)).collect()
    }

    /// The elements in another one.
    pub(crate) fn select_in<'a>(&self, outer: Element<'a>) -> Vec<Element<'a>> {
        let found = self.select(outer.page).into_iter();
        found.filter(|element| element.ancestors().any(|ancestor| ancestor.index == outer.index)).collect()
    }
}

/// Returns whether the ancestors of an element match the steps, the last of which is the nearest.
fn contains(steps: &[Step], element: Element<'_>) -> bool {
    let Some((step, outer)) = steps.split_last() else { return true };
    let matches = |ancestor: Element<'_>| step.matches(ancestor) && contains(outer, ancestor);
    let mut ancestors = element.ancestors();
    if step.is_child { ancestors.next().is_some_and(matches) } else { ancestors.any(matches) }
}

impl Step {
    fn matches(&self, element: Element<'_>) -> bool {
        self.conditions.iter().all(|condition| condition.matches(element))
    }
}

impl Condition {
    fn matches(&self, element: Element<'_>) -> bool {
        match self {
            Self::Name(name) => element.name() == name,
            Self::Class(class) => element
                .attribute("class")
                .is_some_and(|classes| classes.split_whitespace().any(|found| found == class)),
            Self::Attribute(name, comparison) => {
                element.attribute(name).is_some_and(|value| match comparison {
                    Comparison::Exists => true,
                    Comparison::Equals(expected) => value == expected,
                    Comparison::StartsWith(start) => value.starts_with(start),
                })
            }
            Self::Not(condition) => !condition.matches(element),
        }
    }
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn skip(&mut self, text: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(text);
        rest.inspect(|rest| self.rest = rest.trim_start()).is_some()
    }

    fn steps(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        loop {
            let mut step = Step::default();
            while let Some(condition) = self.condition() {
                step.conditions.push(condition);
            }
            assert!(!step.conditions.is_empty(), "at {:?}", self.rest);
            step.is_child = self.skip(">");
            steps.push(step);
            let rest = self.rest.trim_start();
            if rest.is_empty() || rest.starts_with(',') {
                return steps;
            }
            self.rest = rest;
        }
    }

    fn condition(&mut self) -> Option<Condition> {
        if let Some(rest) = self.rest.strip_prefix(":not(") {
            self.rest = rest;
            let inner = self.condition()?;
            self.rest = self.rest.strip_prefix(')')?;
            return Some(Condition::Not(Box::new(inner)));
        }
        if let Some(rest) = self.rest.strip_prefix('[') {
            let (attribute, rest) = rest.split_once(']')?;
            self.rest = rest;
            let Some((name, value)) = attribute.split_once('=') else {
                return Some(Condition::Attribute(attribute.to_owned(), Comparison::Exists));
            };
            let value = value.trim_matches('\'').to_owned();
            return Some(match name.strip_suffix('^') {
                Some(name) => Condition::Attribute(name.to_owned(), Comparison::StartsWith(value)),
                None => Condition::Attribute(name.to_owned(), Comparison::Equals(value)),
            });
        }
        if let Some(rest) = self.rest.strip_prefix('.') {
            self.rest = rest;
            return self.word().map(Condition::Class);
        }
        if let Some(rest) = self.rest.strip_prefix('#') {
            self.rest = rest;
            return self.word().map(|id| Condition::Attribute("id".to_owned(), Comparison::Equals(id)));
        }
        self.word().map(Condition::Name)
    }

    fn word(&mut self) -> Option<String> {
        let is_part = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
        let end = self.rest.find(|character| !is_part(character)).unwrap_or(self.rest.len());
        let (word, rest): (&'t str, &'t str) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then(|| word.to_owned())
    }
}

#[test]
fn selects_by_all_conditions() {
    let page = Html::parse(
        "<main id=m><p class='a lead'>1</p><div><p class=b>2</p><a href=x id=row-1>3</a></div></main>",
    );
    for (selector, expected) in [
        ("p", "12"),
        ("p.lead, a", "13"),
        ("main > p", "1"),
        ("main p", "12"),
        ("main#main p", ""),
        ("#m div > .b", "2"),
        ("div > p, [href=x]", "23"),
        ("[id^='row-']", "3"),
        ("div :not(.b)", "3"),
        ("p:not([id])", "12"),
        ("main > div a[id='row-1'][href]", "3"),
    ] {
        let found: String =
            Selector::parse(selector).select(&page).iter().map(|found| found.text()).collect();
        assert_eq!(found, expected, "{selector}");
    }
}
