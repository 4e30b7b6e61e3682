//! YAML as a tree with positions.

use std::collections::HashMap;

use saphyr_parser::{BufferedInput, Event, Marker, Parser, ScalarStyle};

use super::limits::{Budget, Metered};
use super::problem::{Mark, Problem, excerpt};

/// How deep lists and mappings may nest; an inventory needs five levels.
const DEPTH_LIMIT: usize = 32;

/// A value with its position.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: Mark,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    /// `null`, `~`, or nothing.
    Nothing,
    Text(String),
    List(Vec<Node>),
    Mapping(Vec<Entry>),
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_at: Mark,
    pub(super) value: Node,
}

/// Reads the one document of a file, as far as the budget allows.
pub(super) fn read(text: &str, budget: &Budget) -> Result<Node, Problem> {
    let node = document(text, budget);
    // A limit ends the text early: whatever was found is not what was sent.
    budget.problem().map_or(node, Err)
}

fn document(text: &str, budget: &Budget) -> Result<Node, Problem> {
    // The parser reads a list such as `[a, b, …]` to its end before it reports
    // the first bracket: in between, only the meter can stop it.
    let mut reader = Reader { events: Parser::new_from_iter(Metered::new(text, budget)) };
    let mut document = None;
    loop {
        match reader.next()? {
            (Event::StreamEnd, _) => break,
            (Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing, _) => {}
            (_, at) if document.is_some() => {
                return Err(problem(at, "there is a second document; write one file each"));
            }
            (event, at) => document = Some(reader.node(event, at, 0)?),
        }
    }
    let beginning = Mark { line: 1, column: 1 };
    document.ok_or_else(|| problem(beginning, "there is nothing in the file; see `zstack-node sample`"))
}

struct Reader<'a> {
    events: Parser<'a, BufferedInput<Metered<'a>>>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Mark), Problem> {
        match self.events.next_event() {
            None => Ok((Event::StreamEnd, Mark { line: 1, column: 1 })),
            Some(Ok((event, span))) => Ok((event, mark(span.start))),
            Some(Err(error)) => {
                Err(problem(mark(*error.marker()), format!("this is no YAML: {}", error.info())))
            }
        }
    }

    fn node(&mut self, event: Event<'a>, at: Mark, depth: usize) -> Result<Node, Problem> {
        if depth > DEPTH_LIMIT {
            return Err(problem(at, "this is nested too deeply"));
        }
        let content = match event {
            Event::Scalar(text, ScalarStyle::Plain, _, _) if matches!(&*text, "" | "~" | "null") => {
                Content::Nothing
            }
            Event::Scalar(text, ..) => Content::Text(text.into_owned()),
            Event::SequenceStart(..) => self.list(depth)?,
            Event::MappingStart(..) => self.mapping(depth)?,
            // A file of a few lines could unfold to gigabytes.
            Event::Alias(_) => return Err(problem(at, "aliases are not allowed here; write the value out")),
            _ => return Err(problem(at, "a value is missing")),
        };
        Ok(Node { at, content })
    }

    fn list(&mut self, depth: usize) -> Result<Content, Problem> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Content::List(items)),
                (event, at) => items.push(self.node(event, at, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Content, Problem> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut lines: HashMap<String, usize> = HashMap::new();
        loop {
            let (key, key_at) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(Content::Mapping(entries)),
                (Event::Scalar(key, ..), at) => (key.into_owned(), at),
                (_, at) => return Err(problem(at, "a key must be a word")),
            };
            let (event, at) = self.next()?;
            let value = self.node(event, at, depth + 1)?;
            if let Some(line) = lines.insert(key.clone(), key_at.line) {
                let key = excerpt(&key);
                return Err(problem(key_at, format!("`{key}` is a duplicate of line {line}; write it once")));
            }
            entries.push(Entry { key, key_at, value });
        }
    }
}

fn mark(marker: Marker) -> Mark {
    Mark { line: marker.line(), column: marker.col() + 1 }
}

fn problem(at: Mark, text: impl Into<String>) -> Problem {
    Problem { at, text: text.into() }
}
