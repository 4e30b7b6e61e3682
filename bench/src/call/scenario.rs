//! What is called, and what the answer is.

use bytes::Bytes;
use zstack_runtime::{decode, encode};
use zstack_types::types::VmInstanceInventory;

/// The image that one VM instance can have.
pub(crate) const ISO_OF_ONE: &str = "3e5e142462c54736b1880b43d49edeba";
/// The image that a hundred can have.
pub(crate) const ISO_OF_MANY: &str = "5ccbd867873f36318f72cd32c74ee540";
/// The VM instance of the sample.
pub(crate) const VM: &str = "f95bdc72e9963a05b8f19b8817f09d9d";
/// A tag that callers send.
pub(crate) const TAG: &str = "bench";

/// How many VM instances are many.
const MANY: usize = 100;

/// A VM instance of 2 KB, from the documents' samples.
const SAMPLE: &str = include_str!("inventory.json");

/// A call whose cost is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scenario {
    /// GetCandidateVmForAttachingIso with one VM instance: a parameter of the
    /// path and one of the query string.
    One,
    /// The same with a hundred.
    Many,
    /// ReimageVmInstance, a long operation that is done at once: a body, and
    /// the server's bookkeeping of jobs.
    Long,
}

impl Scenario {
    pub(crate) const ALL: [Self; 3] = [Self::One, Self::Many, Self::Long];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::One => "2 KB inventory",
            Self::Many => "list of 100",
            Self::Long => "2 KB inventory, long operation",
        }
    }

    /// Its place among all of them.
    pub(crate) fn index(self) -> usize {
        self as usize
    }

    /// The request as it travels.
    pub(crate) fn request(self) -> Bytes {
        let (line, body) = match self {
            Self::One => (candidates(ISO_OF_ONE), String::new()),
            Self::Many => (candidates(ISO_OF_MANY), String::new()),
            Self::Long => (
                format!("PUT /zstack/v1/vm-instances/{VM}/actions"),
                format!(r#"{{"reimageVmInstance":{{}},"userTags":["{TAG}"]}}"#),
            ),
        };
        super::wire::request(&line, &body)
    }

    /// The JSON of the answer.
    pub(crate) fn answer(self) -> Vec<u8> {
        let (name, inventories) = match self {
            Self::One => ("inventories", format!("[{}]", sample(0))),
            Self::Many => {
                ("inventories", format!("[{}]", (0..MANY).map(sample).collect::<Vec<_>>().join(",")))
            }
            Self::Long => ("inventory", sample(0)),
        };
        format!(r#"{{"{name}":{inventories}}}"#).into_bytes()
    }
}

fn candidates(iso: &str) -> String {
    format!("GET /zstack/v1/images/iso/{iso}/vm-candidates?userTags={TAG}")
}

/// The JSON of a VM instance, as the wire has it: without blanks, and the
/// fields in the order of the spec.
fn sample(number: usize) -> String {
    let sample = SAMPLE.replace(VM, &format!("{number:08x}{}", &VM[8..]));
    // The file is read by the tests of this module.
    let inventory: VmInstanceInventory = decode::from_slice(sample.as_bytes()).unwrap_or_default();
    String::from_utf8(encode::to_vec(&inventory)).unwrap_or_default()
}

/// Inventories to answer with: one, and many.
pub(crate) fn inventories<T: serde::de::DeserializeOwned>() -> Result<(T, Vec<T>), serde_json::Error> {
    let many = (0..MANY).map(|number| serde_json::from_str(&sample(number))).collect::<Result<_, _>>()?;
    Ok((serde_json::from_str(&sample(0))?, many))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inventory_has_two_kilobytes() {
        let size = sample(0).len();
        assert!((1900..2200).contains(&size), "{size}");
        assert!(Scenario::Many.answer().len() > MANY * 1900);
    }
}
