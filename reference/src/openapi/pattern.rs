//! Translates regular expressions of the spec to the dialect of OpenAPI, ECMA-262.

/// Translates an expression to ECMAScript, anchored at both ends; `None` if
/// ECMAScript does not support it, or reads it differently.
///
/// The spec has the dialect of `regex-lite`. The result means the same with and
/// without the flag `u`.
pub(super) fn to_ecma(pattern: &str) -> Option<String> {
    let mut translator = Translator { rest: pattern.chars().peekable(), text: String::new() };
    translator.sequence()?;
    Some(format!("^(?:{})$", translator.text))
}

struct Translator<'p> {
    rest: std::iter::Peekable<std::str::Chars<'p>>,
    text: String,
}

impl Translator<'_> {
    fn sequence(&mut self) -> Option<()> {
        let mut is_quantified = false;
        while let Some(letter) = self.rest.next() {
            let was_quantified = std::mem::replace(&mut is_quantified, false);
            match letter {
                '\\' => self.escape(false)?,
                '[' => self.class()?,
                '(' => self.group()?,
                '*' | '+' | '?' | '{' => {
                    // ECMAScript does not allow a quantifier after a quantifier.
                    if was_quantified {
                        return None;
                    }
                    self.quantifier(letter)?;
                    is_quantified = true;
                }
                // In ECMAScript, `.` excludes other line terminators as well.
                '.' => self.text.push_str("[^\\n]"),
                ']' | '}' => self.text.extend(['\\', letter]),
                other => self.text.push(other),
            }
        }
        Some(())
    }

    /// Named groups and flags are not portable.
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
            self.rest.peek().filter(|letter| letter.is_ascii_digit())?;
            loop {
                let letter =
                    self.rest.next().filter(|next| next.is_ascii_digit() || matches!(next, ',' | '}'))?;
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
                // At the beginning of a class, `regex-lite` reads it as a letter.
                ']' if last == '[' => return None,
                ']' => break,
                '[' => return None,
                // Set operations, in some dialects.
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
        const SPACES: &str = "\\t\\n\\v\\f\\r ";
        let letter = self.rest.next()?;
        match letter {
            'd' | 'D' | 'w' | 'W' | 'n' | 'r' | 't' | 'f' | 'v' => self.text.extend(['\\', letter]),
            // ASCII here, Unicode in ECMAScript.
            's' if in_class => self.text.push_str(SPACES),
            's' => self.text.push_str(&format!("[{SPACES}]")),
            'S' if !in_class => self.text.push_str(&format!("[^{SPACES}]")),
            'b' | 'B' if !in_class && self.rest.peek() != Some(&'{') => self.text.extend(['\\', letter]),
            'x' => self.digits('x', 2)?,
            'u' => self.digits('u', 4)?,
            '-' if in_class => self.text.push_str("\\-"),
            '^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '/' => {
                self.text.extend(['\\', letter]);
            }
            // With the flag `u`, only the characters above may be escaped.
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
    use super::to_ecma;

    #[test]
    fn translates_portable_expressions() {
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
            assert_eq!(to_ecma(pattern).as_deref(), Some(expected), "{pattern}");
        }
    }

    #[test]
    fn rejects_expressions_that_differ() {
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
            assert_eq!(to_ecma(pattern), None, "{pattern}");
        }
    }
}
