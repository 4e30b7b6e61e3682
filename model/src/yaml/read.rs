//! Reads a text into a [`Node`] tree, event by event.
//!
//! It does not use the tree of `saphyr`, which expands aliases, so that a few lines can become
//! gigabytes, and which cannot contain duplicate keys, to which messages point.

use saphyr_parser::{
    BufferedInput, Event, Input, Marker, Parser, ScalarStyle, ScanError, Span as ParserSpan, StrInput,
};

use super::{Content, DEPTH_LIMIT, MappingEntry, Mark, Node, Span, Style};

/// The reason for which a text was not read, with its position.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    /// The reason.
    pub kind: ErrorKind,
    /// The position; none in a text without content.
    pub span: Option<Span>,
}

/// A reason not to read a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages describe them")]
pub enum ErrorKind {
    #[error("the file is empty")]
    Empty,
    #[error("invalid YAML: {0}")]
    Syntax(String),
    #[error("the file has a second document; use one file for each document")]
    SeveralDocuments,
    /// An alias, or an anchor where these are not allowed.
    #[error("aliases are not allowed here; write the value out")]
    Alias,
    #[error("tags are not allowed here")]
    Tag,
    #[error("the nesting is too deep")]
    NestingTooDeep,
}

/// The parts of YAML that a text may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The maximum depth of lists and mappings.
    pub depth: usize,
    /// True if anchors and tags are ignored, rather than refused.
    pub ignore_anchors_and_tags: bool,
}

/// Reads the only document of a spec file.
///
/// # Errors
///
/// If the text is not YAML, has no content or several documents, nests too deeply, or has aliases,
/// anchors or tags.
pub fn read(text: &str) -> Result<Node, Error> {
    let options = Options { depth: DEPTH_LIMIT, ignore_anchors_and_tags: false };
    Reader { events: Parser::<StrInput<'_>>::new_from_str(text), options }.document()
}

/// Reads the only document of a text given as characters. The parser treats the end of the iterator as
/// the end of the text, so the iterator can stop it.
///
/// # Errors
///
/// See [`read`].
pub fn read_characters(characters: impl Iterator<Item = char>, options: Options) -> Result<Node, Error> {
    Reader { events: Parser::<BufferedInput<_>>::new_from_iter(characters), options }.document()
}

struct Reader<'input, I: Input> {
    events: Parser<'input, I>,
    options: Options,
}

impl<'input, I: Input> Reader<'input, I> {
    fn document(&mut self) -> Result<Node, Error> {
        let mut document = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(_) if document.is_some() => {
                    return Err(error(ErrorKind::SeveralDocuments, span));
                }
                Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
                event => document = Some(self.node(event, span, 0)?),
            }
        }
        // A file with only comments is a document without a value.
        let empty = Error { kind: ErrorKind::Empty, span: None };
        document.filter(|node| !is_empty(node)).ok_or(empty)
    }

    fn next(&mut self) -> Result<(Event<'input>, Span), Error> {
        let Some(next) = self.events.next_event() else {
            return Ok((Event::StreamEnd, Span::point(Mark { line: 1, column: 1 })));
        };
        let (event, span) = next.map_err(|error| syntax_error(&error))?;
        let span = convert(span);
        self.refuse_indirection(&event, span)?;
        Ok((event, span))
    }

    fn node(&mut self, event: Event<'input>, span: Span, depth: usize) -> Result<Node, Error> {
        if depth > self.options.depth {
            return Err(error(ErrorKind::NestingTooDeep, span));
        }
        match event {
            Event::Scalar(text, style, ..) => {
                let content = Content::Scalar { text: text.into_owned(), style: simplify(style) };
                Ok(Node { span, content })
            }
            Event::SequenceStart(..) => self.list(span.start, depth),
            Event::MappingStart(..) => self.mapping(span.start, depth),
            _ => Err(error(ErrorKind::Syntax("a value is missing".to_owned()), span)),
        }
    }

    fn list(&mut self, start: Mark, depth: usize) -> Result<Node, Error> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                let span = Span { start, end: span.end };
                return Ok(Node { span, content: Content::List(items) });
            }
            items.push(self.node(event, span, depth + 1)?);
        }
    }

    fn mapping(&mut self, start: Mark, depth: usize) -> Result<Node, Error> {
        let mut entries = Vec::new();
        loop {
            let (event, key_span) = self.next()?;
            let key = match event {
                Event::MappingEnd => {
                    let span = Span { start, end: key_span.end };
                    return Ok(Node { span, content: Content::Mapping(entries) });
                }
                Event::Scalar(key, ..) => key.into_owned(),
                _ => return Err(error(ErrorKind::Syntax("a key must be a text".into()), key_span)),
            };
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            entries.push(MappingEntry { key, key_span, value });
        }
    }

    fn refuse_indirection(&self, event: &Event<'_>, span: Span) -> Result<(), Error> {
        let (anchor, tag) = match event {
            Event::Alias(_) => return Err(error(ErrorKind::Alias, span)),
            _ if self.options.ignore_anchors_and_tags => return Ok(()),
            Event::Scalar(_, _, anchor, tag)
            | Event::SequenceStart(anchor, tag)
            | Event::MappingStart(anchor, tag) => (*anchor, tag.is_some()),
            _ => return Ok(()),
        };
        match (anchor, tag) {
            (0, false) => Ok(()),
            (0, true) => Err(error(ErrorKind::Tag, span)),
            _ => Err(error(ErrorKind::Alias, span)),
        }
    }
}

fn is_empty(node: &Node) -> bool {
    matches!(&node.content, Content::Scalar { text, style: Style::Plain } if text.is_empty())
}

fn simplify(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
    }
}

fn error(kind: ErrorKind, span: Span) -> Error {
    Error { kind, span: Some(span) }
}

fn syntax_error(cause: &ScanError) -> Error {
    // The parser stops at these two before it reports the event.
    let kind = match cause.info() {
        info if info.contains("unknown anchor") => ErrorKind::Alias,
        info if info.contains("recursion limit") => ErrorKind::NestingTooDeep,
        info => ErrorKind::Syntax(info.to_owned()),
    };
    error(kind, Span::point(mark(*cause.marker())))
}

fn convert(span: ParserSpan) -> Span {
    Span { start: mark(span.start), end: mark(span.end) }
}

fn mark(marker: Marker) -> Mark {
    Mark { line: marker.line(), column: marker.col() + 1 }
}
