//! The releases that the spec declares, by the versions that people write.

use zstack_runtime::Version;

use crate::reference;

/// A declared release that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRelease {
    /// Its version.
    pub version: Version,
    /// What to tell the caller, where another version was asked for: one sentence without a full stop.
    pub note: Option<String>,
}

/// How many releases a message names.
const FEW: usize = 3;

/// The declared release that a version means: itself, or the newest one before a version that lies between
/// two. Release 0, which stands for "nobody knows since when", is found by its own name alone.
///
/// The generator's commands have the same rule and the same texts.
///
/// # Errors
///
/// For a text that is not a version, and for a version before the first release or after the last: what is
/// wrong, and the declared releases nearby.
pub fn find(text: &str) -> Result<FoundRelease, String> {
    let releases = reference::releases().map_err(|error| error.to_string())?;
    let known: Vec<Version> = releases.iter().copied().filter(|it| *it != Version::new("0")).collect();
    let newest = || format!("the newest are {}", list(&known[known.len().saturating_sub(FEW)..]));
    let version: Version = text.parse().map_err(|_| {
        let rule = "write one to four numbers from 0 to 65535, such as 3.1.0";
        format!("`{text}` is not a version: {rule}; {}", newest())
    })?;
    if let Some(version) = releases.iter().find(|it| **it == version) {
        return Ok(FoundRelease { version: *version, note: None });
    }
    let after = known.partition_point(|it| *it < version);
    let no_such = format!("there is no release {text}: it is");
    match (known[..after].last(), known.get(after)) {
        (Some(older), Some(_)) => Ok(FoundRelease {
            version: *older,
            note: Some(format!(
                "{text} is not a declared release; this is {older}, the newest one before it"
            )),
        }),
        (_, None) => Err(format!("{no_such} newer than every declared release; {}", newest())),
        (None, Some(_)) => {
            let oldest = list(&known[..known.len().min(FEW)]);
            Err(format!("{no_such} older than every declared release; the oldest are {oldest}"))
        }
    }
}

/// Versions in a sentence: `4.1.2, 4.7.21 and 5.2.0`.
fn list(versions: &[Version]) -> String {
    let names: Vec<_> = versions.iter().map(ToString::to_string).collect();
    match &names[..] {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        few => few.concat(),
    }
}
