//! Punctuation in two languages.

/// Replaces the Chinese forms of parentheses.
pub(crate) fn ascii_parentheses(text: &str) -> String {
    text.replace('（', "(").replace('）', ")")
}

/// Replaces the Chinese forms of the punctuation that separates facts.
pub(crate) fn ascii_punctuation(text: &str) -> String {
    let ascii = |character| match character {
        '（' => '(',
        '）' => ')',
        '，' => ',',
        '：' => ':',
        '；' => ';',
        '｛' => '{',
        '｝' => '}',
        '｜' => '|',
        character => character,
    };
    text.chars().map(ascii).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_punctuation_becomes_ascii() {
        assert_eq!(ascii_punctuation("body（包含在params结构中）"), "body(包含在params结构中)");
    }
}
