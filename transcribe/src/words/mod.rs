//! The words that pages print, as data: labels, column heads, types and places, in English and in
//! Chinese.

mod labels;

pub(crate) use labels::{GLUED_ANYWHERE, GLUED_AT_END, SAMPLE_LABELS, Section, section};

/// Beginnings of the head of a table.
pub(crate) const TABLE_HEADS: &[&str] = &[
    "| Name |",
    "|Name|",
    "Name | Type |",
    "| 名字 |",
    "|名字|",
    "名字 | 类型 |",
    "| 名称 |",
    "名称 | 类型 |",
];

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Name,
    Type,
    Location,
    Description,
    Values,
    Since,
    Required,
}

/// Column heads in lower case, the longer ones first.
pub(crate) const COLUMNS: &[(&str, Column)] = &[
    ("starting version", Column::Since),
    ("start version", Column::Since),
    ("since version", Column::Since),
    ("起始版本", Column::Since),
    ("optional values", Column::Values),
    ("optional value", Column::Values),
    ("allowed values", Column::Values),
    ("allowed value", Column::Values),
    ("valid values", Column::Values),
    ("valid value", Column::Values),
    ("可选值", Column::Values),
    ("取值", Column::Values),
    ("description", Column::Description),
    ("描述", Column::Description),
    ("说明", Column::Description),
    ("location", Column::Location),
    ("位置", Column::Location),
    ("required", Column::Required),
    ("必填", Column::Required),
    ("name", Column::Name),
    ("名字", Column::Name),
    ("名称", Column::Name),
    ("参数名", Column::Name),
    ("type", Column::Type),
    ("类型", Column::Type),
    ("since", Column::Since),
];

/// The type words of pages, and the types of the spec.
const TYPES: &[(&str, &str)] = &[
    ("LinkedHashMap", "Map<String,Any>"),
    ("HashMap", "Map<String,Any>"),
    ("TreeMap", "Map<String,Any>"),
    ("Map", "Map<String,Any>"),
    ("map", "Map<String,Any>"),
    ("Timestamp", "Timestamp"),
    ("timestamp", "Timestamp"),
    ("Date", "Timestamp"),
    ("LocalDateTime", "Timestamp"),
    ("BigDecimal", "Double"),
    ("Boolean", "Boolean"),
    ("boolean", "Boolean"),
    ("bool", "Boolean"),
    ("Bool", "Boolean"),
    ("Integer", "Integer"),
    ("integer", "Integer"),
    ("Int", "Integer"),
    ("int", "Integer"),
    ("Short", "Integer"),
    ("short", "Integer"),
    ("BigInteger", "Long"),
    ("Long", "Long"),
    ("long", "Long"),
    ("Double", "Double"),
    ("double", "Double"),
    ("Float", "Double"),
    ("float", "Double"),
    ("Number", "Double"),
    ("String", "String"),
    ("string", "String"),
    ("Object", "Any"),
    ("object", "Any"),
    ("Any", "Any"),
    ("Collection", "List"),
    ("ArrayList", "List"),
    ("List", "List"),
    ("list", "List"),
    ("Array", "List"),
    ("array", "List"),
    ("Set", "List"),
    ("set", "List"),
];

/// Returns the type in the spec for a type word of pages. `List` is a list of unknown elements.
pub(crate) fn spec_type(word: &str) -> Option<&'static str> {
    TYPES.iter().find(|(known, _)| *known == word).map(|(_, ty)| *ty)
}

/// The type words, for text in which they are glued to names.
pub(crate) fn type_words() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(word, _)| *word)
}

/// Products whose versions are found in the column of the version: `zsv 4`.
pub(crate) const PRODUCTS: &[&str] = &["zsv", "zsphere"];

/// Places of parameters, by the first letters of the column.
pub(crate) const PLACES: &[(&str, &str)] =
    &[("url", "url"), ("path", "url"), ("query", "query"), ("body", "body"), ("header", "header")];

/// Marks of optional parameters, after the name or in the description.
pub(crate) const OPTIONAL_MARKS: &[&str] = &["(optional)", "(Optional)", "(可选)", "(选填)", "(非必填)"];

/// Beginnings of descriptions of optional parameters.
pub(crate) const OPTIONAL_STARTS: &[&str] =
    &["Optional.", "Optional,", "Optional:", "(Optional)", "可选。", "可选,"];

/// Marks of required parameters on the portal.
pub(crate) const REQUIRED_WORDS: &[&str] = &["Required", "必填"];

/// Beginnings of notes.
pub(crate) const NOTE_STARTS: &[&str] = &["Note:", "Notes:", "说明:", "注意:", "注:"];

/// Sentences that pages of all operations have. They are about the document, not about the API.
const BOILERPLATE: &[&str] = &[
    "Authorization:",
    "the preceding sample, both systemTags and userTags",
    "These two fields can be included",
    "Note: In the preceding sample",
    "In the above example, systemTags",
    "In the example above, systemTags",
    "In the preceding sample, both",
    "上述示例中systemTags",
    "上述示例中 systemTags",
    "Submit a mock request",
    "使用当前认证信息",
    "On success, this API returns",
    "该 API 成功时返回",
    "DELETE endpoints return an empty object",
    "DELETE 接口",
    "This API requires no request parameters",
    "此接口无需请求参数",
    "This API has no change history",
    "此 API 暂无变更记录",
    "该接口暂无",
    "View all change history",
    "查看全部变更",
    "Skip to main content",
    "跳转到主要内容",
    "When the API succeeded",
    "When the API failed",
    "the API failed",
    "failed, the returned JSON structure",
    "is returned. When",
    "the returned JSON structure includes an error field",
    "该API成功时返回一个空的JSON结构",
    "出错时返回的JSON结构包含一个error字段",
    "Note: In",
    "example,",
];

/// Returns whether a line is a sentence that pages of all operations have.
pub(crate) fn is_boilerplate(text: &str) -> bool {
    BOILERPLATE.iter().any(|known| text.starts_with(known))
        || BOILERPLATE.iter().filter(|known| known.len() > 20).any(|known| text.contains(known))
}

/// The fields of an error, which every response may hold.
pub(crate) const ERROR_FIELDS: &[&str] = &[
    "code",
    "description",
    "details",
    "elaboration",
    "opaque",
    "cause",
    "location",
    "cost",
    "messages",
    "causes",
];

/// The data type of errors, and its Rust type.
pub(crate) const ERROR_TYPE: (&str, &str) = ("ErrorCode", "zstack_runtime::ErrorCode");

/// Parameters that travel next to the key that encloses the others.
pub(crate) const TAGS: &[&str] = &["systemTags", "userTags"];

/// Fields that every object of the platform has, with a value, whatever the page prints.
pub(crate) const ALWAYS_PRESENT: &[&str] = &["uuid", "createDate", "lastOpDate"];

/// Fields with the result of an operation, whatever its type is.
const RESULTS: &[&str] = &["inventory", "inventories"];

/// Returns whether a field has the result of an operation, whose type its name does not say.
pub(crate) fn is_result(name: &str) -> bool {
    RESULTS.contains(&name)
}

/// The last field of most objects.
pub(crate) const LAST_FIELD: &str = "lastOpDate";

/// The field before it.
pub(crate) const DATE_BEFORE_LAST: &str = "createDate";

/// Fields that so many data types have that they identify none.
pub(crate) const COMMON_FIELDS: &[&str] =
    &["uuid", "name", "description", "type", "state", "status", "createDate", "lastOpDate"];

/// Operations that are answered at once although they are neither GET nor jobs, by how their names
/// begin.
pub(crate) const ANSWERED_AT_ONCE: &[&str] = &[
    "LogIn",
    "Login",
    "LogOut",
    "Logout",
    "Get",
    "Query",
    "Check",
    "List",
    "Validate",
    "IsReadyToGo",
    "RenewSession",
    "Preview",
    "Parse",
    "Decode",
    "TokenIntrospection",
    "Calculate",
    "GenerateSshKeyPair",
    "ReloadLicense",
];

/// Abbreviations in names, as titles print them.
pub(crate) const ABBREVIATIONS: &[(&str, &str)] = &[
    ("vm", "VM"),
    ("vms", "VMs"),
    ("l2", "L2"),
    ("l3", "L3"),
    ("ip", "IP"),
    ("ips", "IPs"),
    ("iso", "ISO"),
    ("nic", "NIC"),
    ("nics", "NICs"),
    ("vip", "VIP"),
    ("eip", "EIP"),
    ("vpc", "VPC"),
    ("kvm", "KVM"),
    ("cpu", "CPU"),
    ("uuid", "UUID"),
    ("api", "API"),
    ("sdk", "SDK"),
    ("ssh", "SSH"),
    ("dns", "DNS"),
    ("ldap", "LDAP"),
    ("rom", "ROM"),
    ("cd", "CD"),
    ("url", "URL"),
    ("ha", "HA"),
    ("id", "ID"),
    ("iam2", "IAM2"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_words_are_listed_once() {
        let words: Vec<_> = type_words().collect();
        for (nth, word) in words.iter().enumerate() {
            assert!(!words[..nth].contains(word), "{word}");
        }
    }
}
