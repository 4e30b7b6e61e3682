//! Who may call.

use super::document::{Requirement, SecurityScheme};
use super::losses::LossKind;
use super::parts::Members;
use super::writer::Writer;
use zstack_model::prose::prose;
use zstack_model::{Auth, Operation};

/// What access keys are called here, unless the spec has that name.
const ACCESS_KEY: &str = "accessKey";

impl<'a> Writer<'a> {
    /// The ways to authenticate: those of the spec, and access keys.
    pub(super) fn security_schemes(&mut self) -> Members<'a, SecurityScheme<'a>> {
        let mut schemes = Members::new();
        let mut header = "Authorization";
        for it in &self.model.service.auth {
            let prefix = it.scheme.as_ref().map(|scheme| format!("{scheme} "));
            if let Some(prefix) = &prefix {
                self.losses.add(LossKind::HeaderPrefix, format!("{}: `{}: {prefix}…`", it.name, it.header));
            }
            let description = it.description.as_deref().map(prose).unwrap_or_default();
            header = &it.header;
            let scheme =
                SecurityScheme { kind: "apiKey", description, name: header, place: "header", prefix };
            schemes.insert(it.name.as_str().into(), scheme);
        }
        if schemes.is_empty() {
            return schemes;
        }
        self.losses.add(LossKind::Signature, format!("{ACCESS_KEY}: `{header}: ZStack …`"));
        schemes.entry(ACCESS_KEY.into()).or_insert(SecurityScheme {
            kind: "apiKey",
            description: "The word ZStack, a space, the ID of an access key, a colon and a signature: the Base64 of \
                          the HMAC-SHA1, by the key's secret, of three lines without an end of the last one: the \
                          method, the header `Date`, and the path from `/v1` on, without the query string."
                .to_owned(),
            name: header,
            place: "header",
            prefix: Some("ZStack ".to_owned()),
        });
        schemes
    }

    /// What operations ask for: any of these.
    pub(super) fn security(&self, operations: impl Iterator<Item = &'a Operation>) -> Vec<Requirement<'a>> {
        let mut asks = false;
        let mut lets_pass = false;
        for it in operations {
            match it.auth {
                Auth::Session => asks = true,
                Auth::None => lets_pass = true,
            }
        }
        if !asks || self.model.service.auth.is_empty() {
            return Vec::new();
        }
        let names = self.model.service.auth.iter().map(|auth| auth.name.as_str());
        let names = names.chain(
            (self.model.service.auth.iter().all(|auth| auth.name != ACCESS_KEY)).then_some(ACCESS_KEY),
        );
        let mut requirements: Vec<_> = names.map(|name| Members::from([(name.into(), [])])).collect();
        if lets_pass {
            // Operations of one route that ask for nothing.
            requirements.push(Members::new());
        }
        requirements
    }
}
