//! Releases, parsed by the derives: parsing them in each constant would add a twelfth to the time
//! for compiling the generated types.

use proc_macro2::TokenStream;
use quote::quote;

use crate::arguments::Argument;
use crate::error::Result;

/// A release, in the form of `zstack_runtime::Version`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    packed: u64,
    parts: u8,
}

impl Version {
    /// Parses the release in an argument.
    pub(crate) fn parse(argument: &Argument) -> Result<Self> {
        let text = argument.text()?;
        Self::from_text(&text).ok_or_else(|| {
            let message = format!(
                "`{text}` is not a release: write one to four numbers from 0 to 65535, such as \"3.1.0\""
            );
            argument.error(message)
        })
    }

    fn from_text(text: &str) -> Option<Self> {
        let (mut packed, mut parts) = (0, 0);
        for number in text.split('.') {
            let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
            let number: u16 = number.parse().ok().filter(|_| is_number && parts < 4)?;
            packed |= u64::from(number) << (16 * (3 - parts));
            parts += 1;
        }
        Some(Self { packed, parts })
    }

    /// Expands the constant expression of the release.
    pub(crate) fn tokens(self) -> TokenStream {
        let Self { packed, parts } = self;
        quote!(__zstack::Version::from_parts(#packed, #parts))
    }
}
