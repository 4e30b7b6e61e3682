//! JSON samples as pages print them: broken lines, trailing commas, and fields in their order.

use serde_json::Value;

use crate::line::Line;

/// The maximum depth of a sample, which is that of a spec file.
const DEPTH_LIMIT: usize = 48;

/// A JSON value whose fields are in the order of the page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sample {
    Null,
    Boolean(bool),
    /// The number, as printed: `8.589934592E9`.
    Number(String),
    Text(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Sample {
    /// The fields of an object; a value of another kind has none.
    pub(crate) fn fields(&self) -> &[(String, Self)] {
        match self {
            Self::Object(fields) => fields,
            _ => &[],
        }
    }

    /// The field of an object.
    pub(crate) fn field(&self, name: &str) -> Option<&Self> {
        self.fields().iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The value itself, or the first element of a list.
    pub(crate) fn element(&self) -> Option<&Self> {
        match self {
            Self::List(items) => items.first(),
            Self::Null => None,
            value => Some(value),
        }
    }

    /// The value as the spec writes it: whole numbers are integers.
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(value) => Value::Bool(*value),
            Self::Number(text) => number(text),
            Self::Text(text) => Value::String(text.clone()),
            Self::List(items) => items.iter().map(Self::to_value).collect(),
            Self::Object(fields) => {
                Value::Object(fields.iter().map(|(name, value)| (name.clone(), value.to_value())).collect())
            }
        }
    }
}

/// The number that a text prints. `1.0` and `8.5E9` are integers.
pub(crate) fn number(text: &str) -> Value {
    const LARGEST: f64 = 9.2e18;
    if let Ok(integer) = text.parse::<i64>() {
        return integer.into();
    }
    match text.parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole, and in the range")]
        Ok(float) if float.fract() == 0.0 && float.abs() < LARGEST => (float as i64).into(),
        Ok(float) => serde_json::Number::from_f64(float).map_or(Value::Null, Value::Number),
        Err(_) => Value::Null,
    }
}

/// A sample, and what follows it.
#[derive(Debug, PartialEq)]
pub(crate) struct Found {
    /// The sample.
    pub(crate) sample: Sample,
    /// The number of its lines.
    pub(crate) lines: usize,
    /// The text after it on its last line.
    pub(crate) rest: String,
}

/// Reads the JSON that begins with the first line.
///
/// # Errors
///
/// The number of the line at which it stops being JSON.
pub(crate) fn read(lines: &[Line]) -> Result<Found, usize> {
    let mut reader = Reader { lines, nth: 0, at: 0, depth: 0 };
    let sample = reader.value().ok_or_else(|| reader.number())?;
    let rest = reader.line().map_or(String::new(), |text| text[reader.at..].trim().to_owned());
    Ok(Found { sample, lines: reader.nth + 1, rest })
}

/// Reads the JSON in a text, such as an argument of a command.
pub(crate) fn read_text(text: &str) -> Option<Sample> {
    let line = Line { number: 1, indent: 0, text: text.to_owned() };
    read(&[line]).ok().map(|found| found.sample)
}

struct Reader<'l> {
    lines: &'l [Line],
    nth: usize,
    at: usize,
    depth: usize,
}

impl<'l> Reader<'l> {
    fn line(&self) -> Option<&'l str> {
        self.lines.get(self.nth).map(|line| line.text.as_str())
    }

    fn number(&self) -> usize {
        self.lines.get(self.nth).or(self.lines.last()).map_or(1, |line| line.number)
    }

    fn rest(&self) -> &'l str {
        self.line().map_or("", |text| &text[self.at..])
    }

    /// The next character that is not a blank, on this line or a later one.
    fn peek(&mut self) -> Option<char> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            match trimmed.chars().next() {
                Some(character) => return Some(character),
                None if self.nth + 1 < self.lines.len() => {
                    self.nth += 1;
                    self.at = 0;
                }
                None => return None,
            }
        }
    }

    fn take(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    fn value(&mut self) -> Option<Sample> {
        match self.peek()? {
            '{' => self.read_nested(Self::object),
            '[' => self.read_nested(Self::list),
            '"' => self.text().map(Sample::Text),
            _ => self.word(),
        }
    }

    fn read_nested(&mut self, read: fn(&mut Self) -> Option<Sample>) -> Option<Sample> {
        if self.depth == DEPTH_LIMIT {
            return None;
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Option<Sample> {
        let mut fields: Vec<(String, Sample)> = Vec::new();
        loop {
            if self.take('}') {
                return Some(Sample::Object(fields));
            }
            if self.take(',') {
                continue;
            }
            if self.peek()? != '"' {
                return None;
            }
            let name = self.text()?;
            if !self.take(':') {
                return None;
            }
            let value = self.value()?;
            if fields.iter().all(|(known, _)| *known != name) {
                fields.push((name, value));
            }
        }
    }

    fn list(&mut self) -> Option<Sample> {
        let mut items = Vec::new();
        loop {
            if self.take(']') {
                return Some(Sample::List(items));
            }
            if self.take(',') {
                continue;
            }
            items.push(self.value()?);
        }
    }

    /// A text. One that a page broke into two lines, with or without a backslash, is put together.
    fn text(&mut self) -> Option<String> {
        self.at += 1;
        let mut text = String::new();
        let mut breaks = 0;
        loop {
            let mut characters = self.rest().char_indices();
            loop {
                match characters.next() {
                    Some((at, '"')) => {
                        self.at += at + 1;
                        return Some(text);
                    }
                    Some((_, '\\')) => match characters.next() {
                        None => break,
                        Some((_, 'n')) => text.push('\n'),
                        Some((_, 't')) => text.push('\t'),
                        Some((_, 'r')) => {}
                        Some((at, 'u')) => {
                            let code = self.rest().get(at + 1..at + 5);
                            let code = code.and_then(|code| u32::from_str_radix(code, 16).ok());
                            text.extend(code.and_then(char::from_u32));
                            characters.by_ref().take(4).for_each(drop);
                        }
                        Some((_, character)) => text.push(character),
                    },
                    Some((_, character)) => text.push(character),
                    None => break,
                }
            }
            breaks += 1;
            if breaks > 3 || self.nth + 1 >= self.lines.len() {
                return None;
            }
            self.nth += 1;
            self.at = 0;
        }
    }

    fn word(&mut self) -> Option<Sample> {
        let rest = self.rest();
        let end =
            rest.find(|character: char| !(character.is_ascii_alphanumeric() || "+-.".contains(character)));
        let word = &rest[..end.unwrap_or(rest.len())];
        let value = match word {
            "null" | "None" => Sample::Null,
            "true" | "True" => Sample::Boolean(true),
            "false" | "False" => Sample::Boolean(false),
            word if word.parse::<f64>().is_ok_and(f64::is_finite) => Sample::Number(word.to_owned()),
            _ => return None,
        };
        self.at += word.len();
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_lines(text: &str) -> Result<Found, usize> {
        let line = |(nth, text): (usize, &str)| Line { number: nth + 1, indent: 0, text: text.to_owned() };
        read(&text.lines().enumerate().map(line).collect::<Vec<_>>())
    }

    #[test]
    fn numbers_are_integers() {
        for (printed, integer) in [("1.0", 1_i64), ("8.589934592E9", 8_589_934_592), ("-3", -3)] {
            assert_eq!(number(printed), Value::from(integer));
        }
        assert_eq!(number("1.5"), Value::from(1.5));
    }

    #[test]
    fn order_broken_texts_and_trailing_commas() {
        let Found { sample, lines, rest } =
            read_lines("{\n\"b\": \"x/\\\ny\",\n\"a\": [1.0, null,],\n}Sample").unwrap();
        let value = Sample::List(vec![Sample::Number("1.0".to_owned()), Sample::Null]);
        assert_eq!(
            sample.fields(),
            [("b".to_owned(), Sample::Text("x/y".to_owned())), ("a".to_owned(), value)]
        );
        assert_eq!((lines, &*rest), (5, "Sample"));
    }

    #[test]
    fn a_cut_sample_has_a_line() {
        assert_eq!(read_lines("{\n\"a\": {\n\"b\": 1,"), Err(3));
        assert_eq!(read_lines("{\n\"a\": what\n}"), Err(2));
        assert!(read_lines(&"[".repeat(100_000)).is_err());
    }
}
