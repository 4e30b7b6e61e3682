//! Words of a POSIX shell.

use zstack_model::diagnostics::is_invisible;

/// A word: as it is where nothing in it means something to the shell, and in
/// single quotes otherwise.
///
/// No argument holds a NUL; the replacement character shows where one was.
pub(super) fn word(text: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "_-+.,:/@%=".contains(it);
    if !text.is_empty() && text.chars().all(is_plain) { text.to_owned() } else { single_quoted(text) }
}

/// A text in single quotes, between which nothing but these means anything;
/// what cannot be seen is printed by its bytes.
pub(super) fn single_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for it in text.chars() {
        match it {
            '\0' => quoted.push('\u{fffd}'),
            '\'' => quoted.push_str(r"'\''"),
            '\n' | '\t' => quoted.push(it),
            it if is_invisible(it) => {
                let bytes =
                    it.encode_utf8(&mut [0; 4]).bytes().map(|it| format!("\\{it:03o}")).collect::<String>();
                quoted.push_str(&format!("'\"$(printf '{bytes}')\"'"));
            }
            it => quoted.push(it),
        }
    }
    quoted.push('\'');
    quoted
}

/// What stands between double quotes for this text.
pub(super) fn in_double_quotes(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for it in text.chars() {
        if matches!(it, '\\' | '"' | '$' | '`') {
            escaped.push('\\');
        }
        escaped.push(it);
    }
    escaped
}
