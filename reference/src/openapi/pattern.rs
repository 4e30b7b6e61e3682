//! Regular expressions of the spec in the dialect of OpenAPI, ECMA-262.

/// The same expression in ECMAScript, for the whole text; `None` where it has
/// something that ECMAScript does not have, or reads otherwise.
///
/// The spec's dialect is that of `regex-lite`. What is passed through means the
/// same to an engine with the flag `u` and to one without.
pub(super) fn ecma(pattern: &str) -> Option<String> {
    let mut reader = Reader { rest: pattern.chars().peekable(), text: String::new() };
    reader.outside()?;
    Some(format!("^(?:{})$", reader.text))
}

struct Reader<'p> {
    rest: std::iter::Peekable<std::str::Chars<'p>>,
    text: String,
}

impl Reader<'_> {
    fn outside(&mut self) -> Option<()> {
        let mut is_quantified = false;
        while let Some(letter) = self.rest.next() {
            let was_quantified = std::mem::replace(&mut is_quantified, false);
            match letter {
                '\\' => self.escape(false)?,
                '[' => self.class()?,
                '(' => self.group()?,
                '*' | '+' | '?' | '{' => {
                    // A repetition of a repetition, which is a mistake there.
                    if was_quantified {
                        return None;
                    }
                    self.quantifier(letter)?;
                    is_quantified = true;
                }
                // ECMAScript leaves out other ends of lines as well.
                '.' => self.text.push_str("[^\\n]"),
                ']' | '}' => self.text.extend(['\\', letter]),
                other => self.text.push(other),
            }
        }
        Some(())
    }

    /// Only groups without a name are the same; there is nothing like flags.
    fn group(&mut self) -> Option<()> {
        self.text.push('(');
        if self.rest.next_if_eq(&'?').is_some() {
            self.rest.next_if_eq(&':')?;
            self.text.push_str("?:");
        }
        Some(())
    }

    fn quantifier(&mut self, first: char) -> Option<()> {
        self.text.push(first);
        if first == '{' {
            self.rest.peek().filter(|it| it.is_ascii_digit())?;
            loop {
                let letter = self.rest.next().filter(|it| it.is_ascii_digit() || matches!(it, ',' | '}'))?;
                self.text.push(letter);
                if letter == '}' {
                    break;
                }
            }
        }
        if self.rest.next_if_eq(&'?').is_some() {
            self.text.push('?');
        }
        Some(())
    }

    fn class(&mut self) -> Option<()> {
        self.text.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.text.push('^');
        }
        let mut last = '[';
        loop {
            let letter = self.rest.next()?;
            match letter {
                // At the beginning it is one of the letters there.
                ']' if last == '[' => return None,
                ']' => break,
                '[' => return None,
                // Operations on classes, in some dialects.
                '&' | '-' | '~' if last == letter => return None,
                '\\' => self.escape(true)?,
                other => self.text.push(other),
            }
            last = if letter == '[' { ' ' } else { letter };
        }
        self.text.push(']');
        Some(())
    }

    fn escape(&mut self, in_class: bool) -> Option<()> {
        const BLANKS: &str = "\\t\\n\\v\\f\\r ";
        let letter = self.rest.next()?;
        match letter {
            'd' | 'D' | 'w' | 'W' | 'n' | 'r' | 't' | 'f' | 'v' => self.text.extend(['\\', letter]),
            // Of bytes of ASCII here, of all there are there.
            's' if in_class => self.text.push_str(BLANKS),
            's' => self.text.push_str(&format!("[{BLANKS}]")),
            'S' if !in_class => self.text.push_str(&format!("[^{BLANKS}]")),
            'b' | 'B' if !in_class && self.rest.peek() != Some(&'{') => self.text.extend(['\\', letter]),
            'x' => self.digits('x', 2)?,
            'u' => self.digits('u', 4)?,
            '-' if in_class => self.text.push_str("\\-"),
            '^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '/' => {
                self.text.extend(['\\', letter]);
            }
            // With `u` only those above may be escaped.
            other if other.is_ascii_punctuation() => self.text.push(other),
            _ => return None,
        }
        Some(())
    }

    fn digits(&mut self, kind: char, count: usize) -> Option<()> {
        self.text.extend(['\\', kind]);
        for _ in 0..count {
            self.text.push(self.rest.next().filter(char::is_ascii_hexdigit)?);
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::ecma;

    #[test]
    fn what_is_the_same() {
        for (pattern, expected) in [
            ("", "^(?:)$"),
            ("a|b", "^(?:a|b)$"),
            ("^[a-z0-9_.-]+$", "^(?:^[a-z0-9_.-]+$)$"),
            (r"\d{1,3}(\.\d{1,3}){3}?", r"^(?:\d{1,3}(\.\d{1,3}){3}?)$"),
            (r"[\w\-\]\\]*\-\@\/", r"^(?:[\w\-\]\\]*-@\/)$"),
            (r"(?:x{2,})y}", r"^(?:(?:x{2,})y\})$"),
            (r".\s[\s^]", r"^(?:[^\n][\t\n\v\f\r ][\t\n\v\f\r ^])$"),
            (r"\u4e00\x2f[一-龥]", r"^(?:\u4e00\x2f[一-龥])$"),
        ] {
            assert_eq!(ecma(pattern).as_deref(), Some(expected), "{pattern}");
        }
    }

    #[test]
    fn what_is_not() {
        for pattern in [
            "(?i)a",
            "(?P<n>a)",
            "(?<n>a)",
            "(?x: a)",
            r"\Aa",
            r"a\z",
            r"\b{start}",
            r"\x{41}",
            r"\u{41}",
            r"\a",
            "[]a]",
            "[^]a]",
            "[[:alpha:]]",
            "[a&&b]",
            "[a--b]",
            "[a~~b]",
            "a**",
            "a{2}{3}",
            "a{,3}",
            r"[\S]",
            "[a",
            "\\",
        ] {
            assert_eq!(ecma(pattern), None, "{pattern}");
        }
    }
}
