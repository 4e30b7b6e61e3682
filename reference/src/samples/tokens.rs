//! Tokens of samples, for highlighting. The syntax is limited to what samples use.

use super::Language;

/// A token of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// Its kind.
    pub kind: TokenKind,
    /// Its text.
    pub text: &'a str,
}

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A keyword of the language.
    Keyword,
    /// A string literal, with its quotes.
    String,
    /// A number.
    Number,
    /// A comment, up to the end of its line.
    Comment,
    /// Any other text.
    Plain,
}

/// The syntax of a language.
struct Syntax {
    comment: &'static str,
    /// Quotes of strings with backslash escapes.
    quotes: &'static str,
    /// Quotes of strings without escapes.
    raw_quotes: &'static str,
    keywords: &'static [&'static str],
}

const SHELL: Syntax = Syntax {
    comment: "#",
    quotes: "\"",
    raw_quotes: "'",
    keywords: &["curl", "do", "done", "sed", "sleep", "tee", "while", "zstack-cli"],
};

fn syntax(language: Language) -> Syntax {
    match language {
        Language::Curl | Language::Cli => SHELL,
        Language::Rust => Syntax {
            comment: "//",
            quotes: "\"",
            raw_quotes: "",
            keywords: &["async", "await", "dyn", "false", "fn", "let", "mut", "true", "use"],
        },
        Language::Java => Syntax {
            comment: "//",
            quotes: "\"",
            raw_quotes: "",
            keywords: &["class", "false", "import", "new", "null", "public", "static", "true", "void"],
        },
        Language::Python => Syntax {
            comment: "#",
            quotes: "\"",
            raw_quotes: "",
            keywords: &[
                "False", "None", "True", "as", "def", "except", "from", "if", "import", "return", "try",
                "while",
            ],
        },
        Language::Go => Syntax {
            comment: "//",
            quotes: "\"",
            raw_quotes: "`",
            keywords: &[
                "break", "defer", "for", "func", "if", "import", "nil", "package", "return", "struct", "var",
            ],
        },
        Language::JavaScript => Syntax {
            comment: "//",
            quotes: "\"`",
            raw_quotes: "",
            keywords: &[
                "as", "async", "await", "const", "false", "from", "function", "if", "import", "let", "new",
                "null", "return", "throw", "true", "while",
            ],
        },
    }
}

pub(super) fn tokens(language: Language, text: &str) -> Vec<Token<'_>> {
    let syntax = syntax(language);
    let mut tokens: Vec<Token<'_>> = Vec::new();
    // The text from `plain` to `rest` is plain.
    let (mut rest, mut plain) = (text, 0);
    while !rest.is_empty() {
        let at = text.len() - rest.len();
        let before = text[..at].chars().next_back();
        let (kind, length) = syntax.next(rest, before);
        if kind != TokenKind::Plain {
            if plain < at {
                tokens.push(Token { kind: TokenKind::Plain, text: &text[plain..at] });
            }
            tokens.push(Token { kind, text: &rest[..length] });
            plain = at + length;
        }
        rest = &rest[length..];
    }
    if plain < text.len() {
        tokens.push(Token { kind: TokenKind::Plain, text: &text[plain..] });
    }
    tokens
}

impl Syntax {
    /// The kind and the length of the token at the beginning of a text.
    fn next(&self, text: &str, before: Option<char>) -> (TokenKind, usize) {
        let first = text.chars().next().unwrap_or_default();
        // In a shell, a word may contain `#`.
        let may_comment = self.comment != "#" || before.is_none_or(char::is_whitespace);
        if may_comment && text.starts_with(self.comment) {
            return (TokenKind::Comment, text.find('\n').unwrap_or(text.len()));
        }
        if self.quotes.contains(first) || self.raw_quotes.contains(first) {
            return (TokenKind::String, string_length(text, first, self.quotes.contains(first)));
        }
        if is_word(first) {
            let length =
                text.find(|next| !is_word(next) && !self.continues_word(text, next)).unwrap_or(text.len());
            let word = &text[..length];
            let kind = match () {
                () if first.is_ascii_digit() && is_number(word) => TokenKind::Number,
                // Members and options are not keywords; `.await` is.
                () if before.is_some_and(|mark| ".-$".contains(mark)) && word != "await" => TokenKind::Plain,
                () if self.keywords.contains(&word) => TokenKind::Keyword,
                () => TokenKind::Plain,
            };
            return (kind, length);
        }
        // An escaped quote in a shell begins no string.
        let length = first.len_utf8();
        let escaped = text[length..].chars().next().filter(|character| first == '\\' && *character != '\n');
        (TokenKind::Plain, length + escaped.map_or(0, char::len_utf8))
    }

    /// Returns whether a character continues the word at the beginning of a text: a hyphen in a
    /// shell, or a point in a number.
    fn continues_word(&self, text: &str, character: char) -> bool {
        match character {
            '-' => self.raw_quotes == SHELL.raw_quotes,
            '.' => text.starts_with(|first: char| first.is_ascii_digit()),
            _ => false,
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Returns whether a word is a number such as `86400`, `1.5` or `2L`; UUIDs are not.
fn is_number(word: &str) -> bool {
    let digits = word.trim_end_matches("i64").trim_end_matches(['L', 'D']);
    let only_digits =
        |part: &str| !part.is_empty() && part.chars().all(|character| character.is_ascii_digit());
    match digits.split_once('.') {
        Some((whole, part)) => only_digits(whole) && only_digits(part),
        None => only_digits(digits),
    }
}

/// The length of the string literal at the beginning of a text.
fn string_length(text: &str, quote: char, has_escapes: bool) -> usize {
    let mut characters = text.char_indices().skip(1);
    while let Some((index, character)) = characters.next() {
        if character == quote {
            return index + character.len_utf8();
        }
        if has_escapes && character == '\\' {
            characters.next();
        }
    }
    text.len()
}
