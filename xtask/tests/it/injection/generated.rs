//! Parses generated code like the compiler, `rustdoc` and Cargo.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use proc_macro2::{TokenStream, TokenTree};
use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};
use zstack_codegen::emit::GeneratedFile;

/// The texts and contents of the generated files.
pub(crate) struct Crates(BTreeMap<Utf8PathBuf, (String, Contents)>);

impl Crates {
    pub(crate) fn read(files: Vec<GeneratedFile>) -> Self {
        Self(
            files
                .into_iter()
                .map(|file| (file.path.clone(), (file.text.clone(), Contents::read(&file))))
                .collect(),
        )
    }

    /// Fails unless other files have the same items and nothing forbidden. If names are the same, they must also have the same
    /// tokens and the same structure of documentation.
    pub(crate) fn compare(&self, files: Vec<GeneratedFile>, same_names: bool, shown: &str) {
        assert_eq!(files.len(), self.0.len(), "{shown}");
        for file in files {
            let before = self.0.get(&file.path);
            if before.is_some_and(|(text, _)| *text == file.text) {
                continue;
            }
            let after = Contents::read(&file);
            assert!(after.wrong.is_empty(), "{shown}: {}", after.wrong.join("\n"));
            let Some((_, before)) = before else {
                assert!(!same_names, "{shown}: {}", file.path);
                continue;
            };
            assert_eq!(after.items, before.items, "{shown}: {}", file.path);
            if same_names {
                assert_eq!(after.tokens, before.tokens, "{shown}: {}", file.path);
                assert_eq!(after.structure, before.structure, "{shown}: {}\n{}", file.path, file.text);
            }
        }
    }
}

/// The contents of a file.
#[derive(Debug, Default, PartialEq)]
struct Contents {
    /// The kinds of the items.
    items: Vec<&'static str>,
    /// The tokens without documentation, with all strings and names replaced.
    tokens: Vec<String>,
    /// The blocks of the documentation: headings, tables, code.
    structure: Vec<String>,
    /// Forbidden contents.
    wrong: Vec<String>,
}

impl Contents {
    fn read(file: &GeneratedFile) -> Self {
        let mut contents = Self::default();
        if let Some(hidden) = file.text.chars().find(|character| is_hidden(*character)) {
            contents.wrong.push(format!("{}: U+{:04X}", file.path, u32::from(hidden)));
        }
        match file.path.extension() {
            Some("rs") => contents.source(file),
            Some("md") => {
                // The header is a comment.
                let text = file.text.split_once("-->").map_or(file.text.as_str(), |(_, text)| text);
                contents.documentation(text, file);
            }
            _ => contents.manifest(file),
        }
        contents
    }

    fn manifest(&mut self, file: &GeneratedFile) {
        match file.text.parse::<toml::Table>() {
            Ok(table) => self.tokens.extend(table.keys().cloned()),
            Err(error) => self.wrong.push(format!("{}: {error}", file.path)),
        }
    }

    fn source(&mut self, file: &GeneratedFile) {
        let parsed = match syn::parse_file(&file.text) {
            Ok(parsed) => parsed,
            Err(error) => return self.wrong.push(format!("{}: {error}\n{}", file.path, file.text)),
        };
        self.items = parsed.items.iter().map(kind).collect();
        let mut docs = Vec::new();
        let tokens: TokenStream = file.text.parse().unwrap();
        self.tokens(tokens, &mut docs);
        for lines in docs.split(|line| line.is_none()) {
            let text = lines.iter().flatten().map(String::as_str).collect::<Vec<_>>().join("\n");
            if !text.is_empty() {
                self.documentation(&text, file);
            }
        }
    }

    /// Reads tokens. Lines of documentation are collected in `docs`; other tokens end a comment.
    fn tokens(&mut self, tokens: TokenStream, docs: &mut Vec<Option<String>>) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            if let Some((line, length)) = documentation(&tokens[at..]) {
                docs.push(Some(line));
                at += length;
                continue;
            }
            docs.push(None);
            match &tokens[at] {
                TokenTree::Group(group) => {
                    self.tokens.push(format!("{:?}(", group.delimiter()));
                    self.tokens(group.stream(), docs);
                    self.tokens.push(")".to_owned());
                }
                TokenTree::Ident(ident) => {
                    let text = ident.to_string();
                    if text == "injected" {
                        self.wrong.push("an identifier `injected`".to_owned());
                    }
                    self.tokens.push(
                        if syn::parse_str::<syn::Ident>(&text).is_ok() { "name" } else { &text }.to_owned(),
                    );
                }
                TokenTree::Literal(literal) => {
                    let text = literal.to_string();
                    self.tokens.push(if text.starts_with('"') { "text".to_owned() } else { text });
                }
                TokenTree::Punct(punct) => self.tokens.push(punct.to_string()),
            }
            at += 1;
        }
        docs.push(None);
    }

    /// Reads a comment like `rustdoc`.
    fn documentation(&mut self, text: &str, file: &GeneratedFile) {
        // Names of items that `rustdoc` would look up count as links, too.
        let link = |link: BrokenLink<'_>| Some((link.reference.to_string().into(), "".into()));
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_SMART_PUNCTUATION;
        let (mut code, mut is_link, mut is_shell) = (None::<String>, false, false);
        for event in Parser::new_with_broken_link_callback(text, options, Some(link)) {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let language = match kind {
                        CodeBlockKind::Fenced(language) => language.to_string(),
                        CodeBlockKind::Indented => "indented".to_owned(),
                    };
                    self.structure.push(format!("code {language}"));
                    is_shell = language == "sh";
                    code = Some(String::new());
                }
                Event::End(TagEnd::CodeBlock) => {
                    let code = code.take().unwrap_or_default();
                    if is_shell {
                        // Names only, which `check` verifies.
                        let words =
                            |character: char| character.is_ascii_alphanumeric() || " -\n".contains(character);
                        if !code.chars().all(words) {
                            self.wrong.push(format!("{}: a command: {code}", file.path));
                        }
                        continue;
                    }
                    let lines = code.lines().map(|line| line.strip_prefix("# ").unwrap_or(line));
                    let body = lines.collect::<Vec<_>>().join("\n");
                    let inside = format!("async fn example() {{ {body} }}");
                    if let Err(error) = syn::parse_file(&inside) {
                        self.wrong.push(format!("{}: an example: {error}\n{body}", file.path));
                    }
                    let mut nothing = Self::default();
                    nothing.tokens(inside.parse().unwrap_or_default(), &mut Vec::new());
                    self.wrong.append(&mut nothing.wrong);
                }
                Event::Start(Tag::Link { link_type: LinkType::Autolink, dest_url, .. }) => {
                    is_link = true;
                    if !dest_url.starts_with("http") {
                        self.wrong.push(format!("{}: a link to {dest_url}", file.path));
                    }
                }
                Event::End(TagEnd::Link) => is_link = false,
                Event::Text(text) => match &mut code {
                    Some(code) => code.push_str(&text),
                    None if !is_link && text.contains("https://injected") => {
                        self.wrong.push(format!("{}: a bare address: {text}", file.path));
                    }
                    None => {}
                },
                Event::Html(html) | Event::InlineHtml(html) => {
                    self.wrong.push(format!("{}: HTML: {html}", file.path));
                }
                Event::Start(Tag::Paragraph) | Event::End(_) | Event::Code(_) | Event::SoftBreak => {}
                Event::Start(tag) => self.structure.push(format!("{tag:?}")),
                other => self.structure.push(format!("{other:?}")),
            }
        }
    }
}

/// The line of documentation at the start of tokens, and its number of tokens. The attribute of an element without
/// documentation is an empty line.
fn documentation(tokens: &[TokenTree]) -> Option<(String, usize)> {
    let is_punct = |index: usize, char: char| matches!(tokens.get(index), Some(TokenTree::Punct(punct)) if punct.as_char() == char);
    if !is_punct(0, '#') {
        return None;
    }
    let length = if is_punct(1, '!') { 3 } else { 2 };
    let Some(TokenTree::Group(group)) = tokens.get(length - 1) else { return None };
    // An element without documentation has this attribute instead.
    if group.stream().to_string().replace(' ', "") == "expect(missing_docs)" {
        return Some((String::new(), length));
    }
    let inside: Vec<_> = group.stream().into_iter().collect();
    let [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Literal(text)] = &inside[..] else {
        return None;
    };
    (name == "doc").then(|| (syn::parse_str::<syn::LitStr>(&text.to_string()).unwrap().value(), length))
}

/// The kind of an item.
fn kind(item: &syn::Item) -> &'static str {
    match item {
        syn::Item::Const(_) => "const",
        syn::Item::Enum(_) => "enum",
        syn::Item::Fn(_) => "fn",
        syn::Item::Impl(_) => "impl",
        syn::Item::Macro(_) => "macro",
        syn::Item::Mod(_) => "mod",
        syn::Item::Struct(_) => "struct",
        syn::Item::Trait(_) => "trait",
        syn::Item::Use(_) => "use",
        _ => "another item",
    }
}

/// Returns whether a character is invisible or changes the order of text.
pub(crate) fn is_hidden(it: char) -> bool {
    it.is_control() && it != '\n'
        || matches!(it, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
