//! Waived findings in a report.

use serde_json::Value;

use super::sentence::cut;
use crate::Finding;
use zstack_model::changes::{Level, WaiverKind};
use zstack_model::diagnostics::tame;
use zstack_model::waivers::{Expiry, Waiver};

/// The maximum length of a reason or an owner, in characters.
const MAX_LENGTH: usize = 200;

impl Finding {
    /// The level, such as `breaking` or `waived breaking`.
    pub(super) fn level_word(&self) -> String {
        let waived = if self.waiver.is_some() { "waived " } else { "" };
        format!("{waived}{}", self.level.word())
    }

    /// Describes the waiver, such as `as a break (owner: storage, until 2026-12-31): No client sends it.`
    /// `quote` escapes its texts for the format of the report.
    pub(super) fn waiver_text(&self, quote: fn(&str) -> String) -> Option<String> {
        let quote = |text: &str| quote(&cut(text, MAX_LENGTH));
        let Waiver { kind, reason, owner, expires, .. } = self.waiver.as_ref()?;
        let kind = match kind {
            WaiverKind::Break => "a break",
            WaiverKind::Correction => "a correction",
            WaiverKind::Security => "a security fix",
        };
        let owner = owner.as_ref().map(|owner| format!("owner: {}", quote(owner)));
        let until = expires.as_ref().map(|expiry| match expiry {
            Expiry::Day(last) => format!("until {last}"),
            Expiry::Release(version) => format!("until release {version}"),
        });
        let more: Vec<_> = owner.into_iter().chain(until).collect();
        let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
        Some(format!("as {kind}{more}: {}", quote(reason)))
    }

    /// The entry of `waivers.yaml` that would accept the finding; `None` if it cannot or need not be waived.
    pub(super) fn waiver_entry(&self, fingerprint: &str) -> Option<String> {
        let kind = self.kind().rule().waived_as.first()?.word();
        if self.waiver.is_some() || self.level <= Level::Compatible {
            return None;
        }
        // A JSON string is also a YAML string. A fingerprint needs quotes, since it may look like a number.
        let element = Value::from(self.change.element.to_string());
        let rule = self.kind();
        let entry = format!(
            "- {{rule: {rule}, element: {element}, fingerprint: \"{fingerprint}\", kind: {kind}, reason: \"\"}}"
        );
        // An entry that a terminal cannot show unchanged cannot be copied.
        (tame(&entry) == entry).then_some(entry)
    }
}
