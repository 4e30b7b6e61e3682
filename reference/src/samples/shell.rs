//! Words of a POSIX shell.

use zstack_model::diagnostics::is_invisible;

/// A word, in single quotes if it contains special characters. NUL, which arguments
/// cannot contain, becomes the replacement character.
pub(super) fn word(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-+.,:/@%=".contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) { text.to_owned() } else { single_quote(text) }
}

/// A text in single quotes, with invisible characters printed by `printf`.
pub(super) fn single_quote(text: &str) -> String {
    let mut word = String::with_capacity(text.len() + 2);
    word.push('\'');
    for letter in text.chars() {
        match letter {
            '\0' => word.push('\u{fffd}'),
            '\'' => word.push_str(r"'\''"),
            '\n' | '\t' => word.push(letter),
            letter if is_invisible(letter) => {
                let mut buffer = [0; 4];
                let bytes = letter.encode_utf8(&mut buffer).bytes();
                let bytes: String = bytes.map(|byte| format!("\\{byte:03o}")).collect();
                word.push_str(&format!("'\"$(printf '{bytes}')\"'"));
            }
            letter => word.push(letter),
        }
    }
    word.push('\'');
    word
}

/// A text escaped for double quotes.
pub(super) fn escape_for_double_quotes(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '"' | '$' | '`') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}
