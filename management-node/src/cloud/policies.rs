//! Policies: statements that allow or deny operations to the users of an account.

use serde_json::Value;
use zstack_runtime::Operation;

use super::texts;

/// The operations on itself that a user may call without a policy.
const OWN: [&str; 4] = ["RenewSession", "UpdateUser", "QueryUser", "CheckApiPermission"];

/// Returns whether statements allow an operation: one must allow it, and none may deny it.
pub(crate) fn allow<'a>(statements: impl Iterator<Item = &'a Value>, operation: &Operation) -> bool {
    let mut is_allowed = OWN.contains(&operation.name);
    for statement in statements {
        if !texts(statement.get("actions")).any(|action| is_of(action, operation)) {
            continue;
        }
        if statement["effect"] == "Deny" {
            return false;
        }
        is_allowed = true;
    }
    is_allowed
}

/// The name of the operation with this class of messages, such as
/// `org.zstack.header.vm.APIStartVmInstanceMsg`; the package may be missing.
pub(crate) fn operation_of_class(class: &str) -> &str {
    let name = class.rsplit('.').next().unwrap_or(class);
    name.strip_prefix("API").and_then(|name| name.strip_suffix("Msg")).unwrap_or(name)
}

/// Returns whether an action of a statement names an operation. It is a class of messages, in which
/// `*` means any text. The package counts only for a whole package, such as
/// `org.zstack.header.vm.**`, since the spec knows the packages of few operations.
fn is_of(action: &str, operation: &Operation) -> bool {
    let (package, name) = action.rsplit_once('.').unwrap_or(("", action));
    if !name.is_empty() && name.chars().all(|character| character == '*') {
        let is_class = |class| matches_pattern(action, class);
        return package.is_empty() || operation.message.is_some_and(|message| is_class(message.class));
    }
    matches_pattern(name, operation.name) || matches_pattern(name, &format!("API{}Msg", operation.name))
}

/// Returns whether a text matches a pattern, in which `*` means any text.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        let Some((_, after)) = text.split_once(part) else { return false };
        text = after;
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zstack_runtime::Request as _;
    use zstack_types::vm_instance::StartVmInstance;

    use super::*;

    #[test]
    fn actions_name_operations() {
        for (action, expected) in [
            ("org.zstack.header.vm.APIStartVmInstanceMsg", true),
            ("APIStartVmInstanceMsg", true),
            ("org.zstack.header.vm.APIStart*Msg", true),
            ("StartVmInstance", true),
            ("Start*", true),
            ("API*", true),
            ("*Instance", true),
            ("S*V*Inst*e", true),
            ("*", true),
            ("**", true),
            (".*", true),
            ("org.zstack.header.vm.**", true),
            ("org.zstack.header.image.**", false),
            ("APIStopVmInstanceMsg", false),
            ("Start", false),
            ("S*X*e", false),
            ("instance:read", false),
            ("", false),
        ] {
            assert_eq!(is_of(action, StartVmInstance::OPERATION), expected, "{action}");
        }
    }

    #[test]
    fn a_denial_has_priority() {
        let statement = |effect: &str, action: &str| json!({"effect": effect, "actions": [action]});
        let (allowed, denied) = (statement("Allow", "*"), statement("Deny", "Start*"));
        let allow = |statements: &[Value]| super::allow(statements.iter(), StartVmInstance::OPERATION);
        assert!(!allow(&[]));
        assert!(allow(std::slice::from_ref(&allowed)));
        assert!(!allow(&[denied.clone(), allowed.clone()]) && !allow(&[allowed, denied]));
    }
}
