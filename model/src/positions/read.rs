//! Reads a file into a [`Node`] tree, event by event.
//!
//! Nothing is expanded on the way: an anchor, an alias or a tag ends the
//! reading, and so does nesting beyond the limit.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, StrInput};

use super::{Content, Entry, Mark, Node, Span, Style};
use crate::diagnostics::FileProblem;
use crate::source::DEPTH_LIMIT;

/// Why a text is not the kind of YAML that a spec may use.
#[derive(Debug)]
pub struct Fault {
    pub(crate) problem: FileProblem,
    /// Where; not known for a text that has nothing in it.
    pub(crate) span: Option<Span>,
}

/// Reads the one document of a file.
pub fn read(text: &str) -> Result<Node, Fault> {
    let mut reader = Reader { events: Parser::new_from_str(text) };
    let mut document = None;
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamEnd => break,
            Event::DocumentStart(_) if document.is_some() => {
                return Err(fault(FileProblem::SeveralDocuments, span));
            }
            Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
            event => document = Some(reader.node(event, span, 0)?),
        }
    }
    document.filter(|it| !is_nothing(it)).ok_or(Fault { problem: FileProblem::Empty, span: None })
}

struct Reader<'input> {
    events: Parser<'input, StrInput<'input>>,
}

impl<'input> Reader<'input> {
    fn next(&mut self) -> Result<(Event<'input>, Span), Fault> {
        match self.events.next_event() {
            Some(Ok((event, span))) => {
                refuse_indirection(&event, convert(span))?;
                Ok((event, convert(span)))
            }
            Some(Err(error)) => Err(syntax(&error)),
            None => Ok((Event::StreamEnd, point(Mark { line: 1, column: 1 }))),
        }
    }

    fn node(&mut self, event: Event<'input>, span: Span, depth: usize) -> Result<Node, Fault> {
        if depth > DEPTH_LIMIT {
            return Err(fault(FileProblem::NestingTooDeep, span));
        }
        match event {
            Event::Scalar(text, style, ..) => {
                let content = Content::Scalar { text: text.into_owned(), style: simplify(style) };
                Ok(Node { span, content })
            }
            Event::SequenceStart(..) => self.list(span.start, depth),
            Event::MappingStart(..) => self.mapping(span.start, depth),
            // Nothing else can stand where a value is expected.
            _ => Err(fault(FileProblem::Syntax("a value is missing".to_owned()), span)),
        }
    }

    fn list(&mut self, start: Mark, depth: usize) -> Result<Node, Fault> {
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

    fn mapping(&mut self, start: Mark, depth: usize) -> Result<Node, Fault> {
        let mut entries = Vec::new();
        loop {
            let (event, key_span) = self.next()?;
            let key = match event {
                Event::MappingEnd => {
                    let span = Span { start, end: key_span.end };
                    return Ok(Node { span, content: Content::Mapping(entries) });
                }
                Event::Scalar(key, ..) => key.into_owned(),
                _ => return Err(fault(FileProblem::Syntax("a key must be a text".into()), key_span)),
            };
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            entries.push(Entry { key, key_span, value });
        }
    }
}

/// Whether a document consists of nothing, as a file of comments does.
fn is_nothing(node: &Node) -> bool {
    matches!(&node.content, Content::Scalar { text, style: Style::Plain } if text.is_empty())
}

fn refuse_indirection(event: &Event<'_>, span: Span) -> Result<(), Fault> {
    let (anchor, tag) = match event {
        Event::Alias(_) => return Err(fault(FileProblem::AliasNotAllowed, span)),
        Event::Scalar(_, _, anchor, tag)
        | Event::SequenceStart(anchor, tag)
        | Event::MappingStart(anchor, tag) => (*anchor, tag.is_some()),
        _ => return Ok(()),
    };
    if anchor != 0 {
        return Err(fault(FileProblem::AliasNotAllowed, span));
    }
    if tag {
        return Err(fault(FileProblem::TagNotAllowed, span));
    }
    Ok(())
}

fn simplify(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
    }
}

fn fault(problem: FileProblem, span: Span) -> Fault {
    Fault { problem, span: Some(span) }
}

fn syntax(error: &ScanError) -> Fault {
    // The parser gives up on these two before we see the event.
    let problem = match error.info() {
        info if info.contains("unknown anchor") => FileProblem::AliasNotAllowed,
        info if info.contains("recursion limit") => FileProblem::NestingTooDeep,
        info => FileProblem::Syntax(info.to_owned()),
    };
    fault(problem, point(mark(*error.marker())))
}

fn point(mark: Mark) -> Span {
    Span { start: mark, end: mark }
}

fn convert(span: saphyr_parser::Span) -> Span {
    Span { start: mark(span.start), end: mark(span.end) }
}

fn mark(marker: Marker) -> Mark {
    Mark { line: marker.line(), column: marker.col() + 1 }
}
