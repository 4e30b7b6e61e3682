//! Reads files with a JSON value per line.

use serde::de::DeserializeOwned;

use super::report::Report;

/// Returns the valid lines, with their numbers.
pub(super) fn read<T: DeserializeOwned>(
    bytes: &[u8],
    file: &'static str,
    report: &mut Report,
) -> Vec<(usize, T)> {
    let mut values = Vec::new();
    for (nth, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice(line) {
            Ok(value) => values.push((nth + 1, value)),
            Err(error) => {
                // The parser counts lines within this line.
                let message = error.to_string().replace(" at line 1 column", ", column");
                report.problem(file, nth + 1, format!("omitted: {message}"));
            }
        }
    }
    values
}
