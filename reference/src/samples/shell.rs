//! Words of a POSIX shell.

use zstack_model::diagnostics::is_invisible;

/// A word, in single quotes if a character in it has a meaning for the shell.
///
/// Arguments cannot contain NUL; the replacement character takes its place.
pub(super) fn word(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-+.,:/@%=".contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) { text.to_owned() } else { single_quoted(text) }
}

/// A text in single quotes; `printf` prints the bytes of invisible characters.
pub(super) fn single_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for letter in text.chars() {
        match letter {
            '\0' => quoted.push('\u{fffd}'),
            '\'' => quoted.push_str(r"'\''"),
            '\n' | '\t' => quoted.push(letter),
            letter if is_invisible(letter) => {
                let mut buffer = [0; 4];
                let bytes = letter.encode_utf8(&mut buffer).bytes();
                let bytes: String = bytes.map(|byte| format!("\\{byte:03o}")).collect();
                quoted.push_str(&format!("'\"$(printf '{bytes}')\"'"));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('\'');
    quoted
}

/// A text escaped for double quotes.
pub(super) fn in_double_quotes(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '"' | '$' | '`') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}
