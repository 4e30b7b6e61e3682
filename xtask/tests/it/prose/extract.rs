//! Extracts prose from files: the text without code, declared names, closure parameters.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// The part of a file that a rule checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The whole text, without code.
    Text,
    /// The beginning of a Rust doc comment.
    Doc,
    /// A heading of a Markdown page.
    Heading,
    /// The name of a function, split into words.
    Function,
    /// The name of another item, split into words.
    Name,
    /// The parameters of a closure.
    Closure,
}

/// A piece of prose.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) part: Part,
    /// The number of its first line, from 1.
    pub(super) line: usize,
    pub(super) text: String,
}

/// Extracts the prose of a file.
pub(super) fn pieces(path: &str, text: &str) -> Vec<Piece> {
    let mut pieces = vec![Piece { part: Part::Text, line: 1, text: prose(path, text) }];
    if path.ends_with(".rs") {
        pieces.extend(rust_pieces(text));
    }
    if path.ends_with(".md") {
        let lines = pieces[0].text.lines().zip(text.lines()).enumerate();
        let headings = lines.filter(|(_, (prose, line))| line.starts_with('#') && !prose.trim().is_empty());
        let heading = |(index, (_, line)): (usize, (&str, &str))| Piece {
            part: Part::Heading,
            line: index + 1,
            text: line.trim_start_matches('#').trim().to_owned(),
        };
        let headings: Vec<_> = headings.map(heading).collect();
        pieces.extend(headings);
    }
    pieces
}

/// Replaces code and markup by spaces; positions stay the same.
pub(super) fn prose(path: &str, text: &str) -> String {
    let is_markdown = path.ends_with(".md");
    let mut in_code = false;
    let mut generated: Option<String> = None;
    let mut prose = String::with_capacity(text.len());
    for line in text.lines() {
        let content = line.trim_start().trim_start_matches("///").trim_start_matches("//!");
        let is_fence = content.trim_start().starts_with("```");
        let is_comment = is_markdown && line.starts_with("<!--");
        match &generated {
            Some(end) if line.contains(end.as_str()) => generated = None,
            None if is_comment => {
                let end = line.replacen("<!-- ", "<!-- end of ", 1);
                generated = text.contains(&end).then_some(end);
            }
            _ => {}
        }
        if is_fence {
            in_code = !in_code;
        } else if !in_code && !is_comment && generated.is_none() {
            let line = line.replace("///", "   ").replace("//!", "   ").replace("//", "  ");
            prose.push_str(&strip_mark(&line));
        }
        prose.push('\n');
    }
    // Code in backticks may continue on the next line, but a single backtick affects two lines at most.
    // Code that contains a backtick is between double backticks.
    static CODE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"``[^\n]+?``|`[^`\n]*(?:\n[^`\n]+)?`").unwrap());
    static LINK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\]\([^)]*\)|https?:[^\s)>]*").unwrap());
    let keep_lines = |found: &Captures<'_>| {
        found[0].chars().map(|char| if char == '\n' { '\n' } else { ' ' }).collect::<String>()
    };
    let prose = CODE.replace_all(&prose, keep_lines);
    if is_markdown { LINK.replace_all(&prose, keep_lines).into_owned() } else { prose.into_owned() }
}

/// Replaces the comment sign or list mark of a line by spaces.
fn strip_mark(line: &str) -> String {
    let content = line.trim_start();
    let indentation = line.len() - content.len();
    match content.strip_prefix("# ").or_else(|| content.strip_prefix("* ")) {
        Some(rest) => format!("{:indentation$}  {rest}", ""),
        None => line.to_owned(),
    }
}

/// Extracts doc comments, names and closure parameters of Rust.
fn rust_pieces(text: &str) -> Vec<Piece> {
    static ITEM: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(fn|struct|enum|trait|type|mod|const|static) ([A-Za-z]\w*)").unwrap()
    });
    static CLOSURE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\|[^|\n]*\|").unwrap());
    let mut pieces = Vec::new();
    let mut previous_is_doc = false;
    for (index, line) in text.lines().enumerate() {
        let line_number = index + 1;
        let content = line.trim_start();
        let doc = content.strip_prefix("/// ").or_else(|| content.strip_prefix("//! "));
        if let Some(doc) = doc
            && !previous_is_doc
        {
            pieces.push(Piece { part: Part::Doc, line: line_number, text: doc.to_owned() });
        }
        previous_is_doc = content.starts_with("///") || content.starts_with("//!");
        if content.starts_with("//") {
            continue;
        }
        for found in ITEM.captures_iter(content) {
            let part = if &found[1] == "fn" { Part::Function } else { Part::Name };
            pieces.push(Piece { part, line: line_number, text: words(&found[2]) });
        }
        for found in CLOSURE.find_iter(content) {
            pieces.push(Piece { part: Part::Closure, line: line_number, text: found.as_str().to_owned() });
        }
    }
    pieces
}

/// Splits an identifier into lower-case words.
fn words(identifier: &str) -> String {
    let mut words = String::new();
    for char in identifier.chars() {
        if char == '_' || (char.is_uppercase() && !words.is_empty() && !words.ends_with(' ')) {
            words.push(' ');
        }
        words.extend(char.to_lowercase().filter(|char| *char != '_'));
    }
    words
}
