//! Authentication.

use super::document::{Requirement, SecurityScheme};
use super::losses::LossKind;
use super::parts::Members;
use super::writer::Writer;
use zstack_model::prose::prose;
use zstack_model::{Auth, Operation};

/// The scheme of access keys, unless the spec has one of this name.
const ACCESS_KEY: &str = "accessKey";

impl<'a> Writer<'a> {
    /// The schemes of the spec, and access keys.
    pub(super) fn security_schemes(&mut self) -> Members<'a, SecurityScheme<'a>> {
        let mut schemes = Members::new();
        let mut header = "Authorization";
        for auth in &self.model.service.auth {
            let prefix = auth.scheme.as_ref().map(|scheme| format!("{scheme} "));
            if let Some(prefix) = &prefix {
                let place = format!("{}: `{}: {prefix}…`", auth.name, auth.header);
                self.losses.add(LossKind::HeaderPrefix, place);
            }
            let description = auth.description.as_deref().map(prose).unwrap_or_default();
            header = &auth.header;
            let scheme =
                SecurityScheme { kind: "apiKey", description, name: header, place: "header", prefix };
            schemes.insert(auth.name.as_str().into(), scheme);
        }
        if schemes.is_empty() {
            return schemes;
        }
        self.losses.add(LossKind::Signature, format!("{ACCESS_KEY}: `{header}: ZStack …`"));
        schemes.entry(ACCESS_KEY.into()).or_insert(SecurityScheme {
            kind: "apiKey",
            description: "`ZStack`, a space, the ID of an access key, a colon and a signature. The signature is the \
                          Base64 encoding of the HMAC-SHA1, keyed with the secret, of three lines: the method, the \
                          `Date` header, and the path from `/v1` on, without the query string. There is no line feed \
                          after the last line."
                .to_owned(),
            name: header,
            place: "header",
            prefix: Some("ZStack ".to_owned()),
        });
        schemes
    }

    /// The alternative requirements of operations on one route.
    pub(super) fn security(&self, operations: impl Iterator<Item = &'a Operation>) -> Vec<Requirement<'a>> {
        let schemes = &self.model.service.auth;
        let auths: Vec<_> = operations.map(|operation| operation.auth).collect();
        if !auths.contains(&Auth::Session) || schemes.is_empty() {
            return Vec::new();
        }
        let access_key = schemes.iter().all(|auth| auth.name != ACCESS_KEY).then_some(ACCESS_KEY);
        let names = schemes.iter().map(|auth| auth.name.as_str()).chain(access_key);
        let mut requirements: Vec<_> = names.map(|name| Members::from([(name.into(), [])])).collect();
        if auths.contains(&Auth::None) {
            // The empty requirement allows requests without authentication.
            requirements.push(Members::new());
        }
        requirements
    }
}
