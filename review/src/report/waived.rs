//! Waivers, in a report.

use serde_json::Value;

use super::sentence::cut;
use crate::Finding;
use zstack_model::changes::{Level, WaiverKind};
use zstack_model::diagnostics::tame;
use zstack_model::waivers::{Expiry, Waiver};

/// The most characters of a reason or an owner, where a person reads it.
const LONGEST: usize = 200;

impl Finding {
    /// The word that a report begins with: `breaking`, or `waived breaking`.
    pub(super) fn word(&self) -> String {
        let waived = if self.waiver.is_some() { "waived " } else { "" };
        format!("{waived}{}", self.level.word())
    }

    /// `as a break (owner: storage, until 2026-12-31): No client sends it.`, if
    /// somebody accepted it. Each format has its own way to quote the words of
    /// people.
    pub(super) fn waived(&self, quote: fn(&str) -> String) -> Option<String> {
        let quote = |it: &str| quote(&cut(it, LONGEST));
        let Waiver { kind, reason, owner, expires, .. } = self.waiver.as_ref()?;
        let kind = match kind {
            WaiverKind::Break => "a break",
            WaiverKind::Correction => "a correction",
            WaiverKind::Security => "a matter of security",
        };
        let owner = owner.as_ref().map(|owner| format!("owner: {}", quote(owner)));
        let until = expires.as_ref().map(|expire| match expire {
            Expiry::Day(last) => format!("until {last}"),
            Expiry::Release(version) => format!("until {version} is out"),
        });
        let more: Vec<_> = owner.into_iter().chain(until).collect();
        let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
        Some(format!("as {kind}{more}: {}", quote(reason)))
    }

    /// The entry of `waivers.yaml` that would accept it, for whoever has a
    /// reason; nothing where nobody may, or needs to.
    pub(super) fn waiver_entry(&self, fingerprint: &str) -> Option<String> {
        let kind = self.kind().rule().waived_as.first()?.word();
        if self.waiver.is_some() || self.level <= Level::Compatible {
            return None;
        }
        // A text of JSON is one of YAML, and a fingerprint may look like a number.
        let element = Value::from(self.change.element.to_string());
        let rule = self.kind();
        let entry = format!(
            "- {{rule: {rule}, element: {element}, fingerprint: \"{fingerprint}\", kind: {kind}, reason: \"\"}}"
        );
        // One that a terminal shows otherwise is of no use.
        (tame(&entry) == entry).then_some(entry)
    }
}
