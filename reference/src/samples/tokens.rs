//! The pieces of a sample, for highlighting: as much of each language as
//! samples have.

use super::Language;

/// A piece of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: TokenKind,
    /// Its text.
    pub text: &'a str,
}

/// What a piece of a sample is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A word that the language has a meaning for.
    Keyword,
    /// A text, with its quotes.
    String,
    /// A number.
    Number,
    /// A comment, to the end of its line.
    Comment,
    /// Everything else.
    Plain,
}

/// What tells the pieces of a language apart.
struct Syntax {
    comment: &'static str,
    /// Quotes within which a backslash takes the next character along.
    quotes: &'static str,
    /// Quotes within which every character stands for itself.
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
    let (mut rest, mut plain) = (text, 0);
    // What is before `rest`, and in no token yet, is plain.
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
    /// What a text begins with, and how long that is.
    fn next(&self, text: &str, before: Option<char>) -> (TokenKind, usize) {
        let first = text.chars().next().unwrap_or_default();
        // In a shell, a word may have a `#` in it.
        let may_comment = self.comment != "#" || before.is_none_or(char::is_whitespace);
        if may_comment && text.starts_with(self.comment) {
            return (TokenKind::Comment, text.find('\n').unwrap_or(text.len()));
        }
        if self.quotes.contains(first) || self.raw_quotes.contains(first) {
            return (TokenKind::String, string(text, first, self.quotes.contains(first)));
        }
        if is_word(first) {
            let length = text.find(|it| !is_word(it) && !self.joins(text, it)).unwrap_or(text.len());
            let word = &text[..length];
            let kind = match () {
                () if first.is_ascii_digit() && is_number(word) => TokenKind::Number,
                // A member, or an option, is no keyword; `.await` is.
                () if before.is_some_and(|it| ".-$".contains(it)) && word != "await" => TokenKind::Plain,
                () if self.keywords.contains(&word) => TokenKind::Keyword,
                () => TokenKind::Plain,
            };
            return (kind, length);
        }
        // An escaped quote in a shell begins nothing.
        let length = first.len_utf8();
        let escaped = text[length..].chars().next().filter(|character| first == '\\' && *character != '\n');
        (TokenKind::Plain, length + escaped.map_or(0, char::len_utf8))
    }

    /// Whether a character belongs to the word that a text begins with: a
    /// hyphen in a shell's, and a point in a number.
    fn joins(&self, text: &str, it: char) -> bool {
        match it {
            '-' => self.raw_quotes == SHELL.raw_quotes,
            '.' => text.starts_with(|it: char| it.is_ascii_digit()),
            _ => false,
        }
    }
}

fn is_word(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}

/// `86400`, `1.5`, `2L`, and no UUID that begins with a digit.
fn is_number(word: &str) -> bool {
    let digits = word.trim_end_matches("i64").trim_end_matches(['L', 'D']);
    let only_digits = |it: &str| !it.is_empty() && it.chars().all(|character| character.is_ascii_digit());
    match digits.split_once('.') {
        Some((whole, part)) => only_digits(whole) && only_digits(part),
        None => only_digits(digits),
    }
}

/// How long the string is that a text begins with.
fn string(text: &str, quote: char, escapes: bool) -> usize {
    let mut inside = text.char_indices().skip(1);
    while let Some((at, it)) = inside.next() {
        if it == quote {
            return at + it.len_utf8();
        }
        if escapes && it == '\\' {
            inside.next();
        }
    }
    text.len()
}
