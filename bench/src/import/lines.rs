//! Files of one JSON value a line.

use serde::de::DeserializeOwned;

use super::report::Report;

/// The lines that can be read, with their numbers.
pub(super) fn read<T: DeserializeOwned>(
    bytes: &[u8],
    file: &'static str,
    report: &mut Report,
) -> Vec<(usize, T)> {
    let mut read = Vec::new();
    for (nth, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice(line) {
            Ok(it) => read.push((nth + 1, it)),
            Err(error) => {
                let message = error.to_string();
                // Every line is line 1 to the reader; its columns hold.
                let message = message.replace(" at line 1 column", ", column");
                report.problem(file, nth + 1, format!("left out: {message}"));
            }
        }
    }
    read
}
