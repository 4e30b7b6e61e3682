//! The key that encloses the parameters of a body.

use zstack_model::names::lower_first;
use zstack_model::{Body, Method};

use crate::page::{Page, Printed};
use crate::words::TAGS;

/// The key of a body that encloses nothing.
pub(crate) const NO_KEY: &str = "null";

/// The body of an operation, and how it is known.
#[derive(Debug, PartialEq)]
pub(crate) struct ResolvedBody {
    pub(crate) body: Body,
    /// The line that prints the key; none if a rule gives it.
    pub(crate) line: Option<usize>,
    /// Neither the page nor a rule gives it.
    pub(crate) is_guess: bool,
}

/// Finds the body of an operation.
pub(crate) fn resolve(page: &Page, name: &str, method: Method, path: &str) -> ResolvedBody {
    if !method.has_body() {
        return ResolvedBody { body: Body::None, line: None, is_guess: false };
    }
    let own_key = lower_first(name);
    let selects = method == Method::Put && (path.ends_with("/actions") || path.ends_with("/actions/"));
    match printed_key(page) {
        // Some pages print it in lower case.
        Some(Printed { value, line }) => {
            let is_own = value.eq_ignore_ascii_case(&own_key);
            let body = match is_own {
                true if selects => Body::Action(own_key),
                true => Body::Key(own_key),
                false => Body::Key(value),
            };
            ResolvedBody { body, line: Some(line), is_guess: false }
        }
        None if selects => ResolvedBody { body: Body::Action(own_key), line: None, is_guess: false },
        None => {
            let has_enclosed = page.parameters.iter().any(|parameter| {
                let in_body = parameter.place.as_ref().is_none_or(|place| place.word == "body");
                in_body
                    && !TAGS.contains(&&*parameter.field.name)
                    && !path.contains(&format!("{{{}}}", parameter.field.name))
            });
            let key = match method {
                Method::Put => own_key,
                _ if has_enclosed => "params".to_owned(),
                _ => NO_KEY.to_owned(),
            };
            ResolvedBody { body: Body::Key(key), line: None, is_guess: true }
        }
    }
}

/// The key that the page prints: in the Location column, in the sample, or on the command line.
fn printed_key(page: &Page) -> Option<Printed<String>> {
    let in_column = page.parameters.iter().find_map(|parameter| {
        let structure = parameter.place.as_ref()?.structure.clone()?;
        Some(Printed::new(structure, parameter.field.line))
    });
    let in_samples = || {
        let body = page.body.iter().map(|body| (&body.value, body.line));
        let data =
            page.commands.iter().filter_map(|command| Some((command.value.data.as_ref()?, command.line)));
        body.chain(data).find_map(|(sample, line)| {
            let mut keys = sample.fields().iter().filter(|(key, _)| !TAGS.contains(&&**key));
            let (key, value) = keys.next()?;
            let is_only = keys.next().is_none()
                && matches!(value, crate::json::Sample::Object(_) | crate::json::Sample::Null);
            is_only.then(|| Printed::new(key.clone(), line))
        })
    };
    page.body_key.clone().or(in_column).or_else(in_samples)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::read_text;

    fn page(body: Option<&str>) -> Page {
        let body = body.and_then(read_text).map(|body| Printed::new(body, 3));
        Page { body, ..Page::default() }
    }

    #[test]
    fn keys_by_rule_and_by_sample() {
        let body = |page: &Page, method, path| resolve(page, "StartVmInstance", method, path).body;
        let own = "startVmInstance".to_owned();
        assert_eq!(body(&page(None), Method::Delete, "/vms"), Body::None);
        assert_eq!(body(&page(None), Method::Put, "/vms/{uuid}/actions"), Body::Action(own.clone()));
        let lower = page(Some("{\"startvminstance\": {}, \"systemTags\": []}"));
        assert_eq!(body(&lower, Method::Put, "/vms/{uuid}/actions"), Body::Action(own.clone()));
        assert_eq!(body(&lower, Method::Put, "/vms/{uuid}/start"), Body::Key(own));
        assert_eq!(
            body(&page(Some("{\"params\": {}}")), Method::Post, "/vms"),
            Body::Key("params".to_owned())
        );
        assert_eq!(body(&page(None), Method::Post, "/vms"), Body::Key("null".to_owned()));
    }
}
