//! The calls that are measured, with their requests and responses.

use bytes::Bytes;
use zstack_runtime::{decode, encode};
use zstack_types::types::VmInstanceInventory;

/// The image with one candidate.
pub(crate) const ISO_OF_ONE: &str = "3e5e142462c54736b1880b43d49edeba";
/// The image with a hundred candidates.
pub(crate) const ISO_OF_MANY: &str = "5ccbd867873f36318f72cd32c74ee540";
/// The VM instance in `inventory.json`.
pub(crate) const VM: &str = "f95bdc72e9963a05b8f19b8817f09d9d";
/// The tag of all requests.
pub(crate) const TAG: &str = "bench";

/// The number of VM instances in a long list.
const MANY: usize = 100;

/// A VM instance of 2 KB, from the samples of the documents.
const SAMPLE: &str = include_str!("inventory.json");

/// A call that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scenario {
    /// GetCandidateVmForAttachingIso with one VM instance: a parameter in the path and one in the
    /// query string.
    One,
    /// The same with a hundred VM instances.
    Many,
    /// ReimageVmInstance, a long operation that ends at once: a body, and the server's management
    /// of jobs.
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

    /// The index in [`Self::ALL`].
    pub(crate) fn index(self) -> usize {
        self as usize
    }

    /// The bytes of the request.
    pub(crate) fn request(self) -> Bytes {
        let (line, body) = match self {
            Self::One => (candidates(ISO_OF_ONE), String::new()),
            Self::Many => (candidates(ISO_OF_MANY), String::new()),
            Self::Long => (
                format!("PUT /zstack/v1/vm-instances/{VM}/actions"),
                format!(r#"{{"reimageVmInstance":{{}},"userTags":["{TAG}"]}}"#),
            ),
        };
        crate::raw_http::request(&line, &body)
    }

    /// The JSON of the response.
    pub(crate) fn response(self) -> Vec<u8> {
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

/// Returns the JSON of a VM instance as it is sent: without whitespace, and with the fields in the
/// order of the spec.
fn sample(number: usize) -> String {
    let sample = SAMPLE.replace(VM, &format!("{number:08x}{}", &VM[8..]));
    // The tests of this module parse the file.
    let inventory: VmInstanceInventory = decode::from_slice(sample.as_bytes()).unwrap_or_default();
    String::from_utf8(encode::to_vec(&inventory)).unwrap_or_default()
}

/// Returns the inventories of the responses: one, and many.
pub(crate) fn inventories<T: serde::de::DeserializeOwned>() -> Result<(T, Vec<T>), serde_json::Error> {
    let many = (0..MANY).map(|number| serde_json::from_str(&sample(number))).collect::<Result<_, _>>()?;
    Ok((serde_json::from_str(&sample(0))?, many))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inventory_has_two_kilobytes() {
        let size = sample(0).len();
        assert!((1900..2200).contains(&size), "{size}");
        assert!(Scenario::Many.response().len() > MANY * 1900);
    }
}
