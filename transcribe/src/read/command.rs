//! Command lines: `curl -X POST -d '{…}' http://…`.

use crate::json::read_text;
use crate::line::Line;
use crate::page::{Command, Printed};
use crate::words::section;

/// The maximum number of lines of a command.
const LINE_LIMIT: usize = 400;

/// Reads the command that begins with the first line, and returns how many lines it takes up.
pub(super) fn read(lines: &[Line]) -> (Printed<Command>, usize) {
    let mut text = String::new();
    let mut used = 0;
    // Whether a quoted argument goes on.
    let mut is_open = false;
    for line in lines.iter().take(LINE_LIMIT) {
        let continues = used == 0 || text.ends_with('\\') || is_open || starts_argument(&line.text);
        if !continues || used > 0 && !is_open && (line.text.is_empty() || section(&line.text).is_some()) {
            break;
        }
        is_open ^= line.text.bytes().filter(|byte| *byte == b'\'').count() % 2 == 1;
        if text.ends_with('\\') {
            text.pop();
        }
        text.push(' ');
        text.push_str(&line.text);
        used += 1;
    }
    let line = lines.first().map_or(1, |line| line.number);
    let mut command = Command::default();
    let mut arguments = arguments(&text).into_iter();
    while let Some(argument) = arguments.next() {
        match &*argument {
            "-d" | "--data" | "--data-raw" => {
                command.data = arguments.next().and_then(|data| read_text(&data));
            }
            "-H" | "-X" | "--header" | "--request" => drop(arguments.next()),
            url if url.contains("/v1/") => command.url = url.to_owned(),
            _ => {}
        }
    }
    (Printed::new(command, line), used.max(1))
}

fn starts_argument(text: &str) -> bool {
    text.starts_with('-') || text.starts_with("http") || text.starts_with('\'')
}

/// The arguments of a command, without quotes.
fn arguments(text: &str) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut current: Option<String> = None;
    let mut quote = None;
    for character in text.chars() {
        match quote {
            Some(open) if open == character => quote = None,
            Some(_) => current.get_or_insert_default().push(character),
            None if matches!(character, '"' | '\'') => {
                quote = Some(character);
                current.get_or_insert_default();
            }
            None if character.is_whitespace() => arguments.extend(current.take()),
            None if character == '\\' => {}
            None => current.get_or_insert_default().push(character),
        }
    }
    arguments.extend(current);
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::lines;

    #[test]
    fn commands_on_several_lines() {
        let text = "curl -H \"Content-Type: application/json\" \\\n-X POST -d '{\"params\":{\n\"name\":\"a\"}}' \\\n\
                    http://localhost:8080/zstack/v1/zones\nRequest Parameters\n";
        let (command, used) = read(&lines(text));
        assert_eq!((&*command.value.url, used), ("http://localhost:8080/zstack/v1/zones", 4));
        assert!(command.value.data.unwrap().field("params").is_some());
    }
}
