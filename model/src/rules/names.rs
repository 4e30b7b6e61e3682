//! Names.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "name-form",
        "A name that cannot be one",
        "Names become types, members and modules of the generated code, which has one form for each of them.",
    ),
    Rule::error(
        "rust-name-form",
        "A `rustName` that cannot be the name of a variant",
        "`rustName` is the variant of the generated enum as it stands: ASCII letters and digits in upper camel \
         case.",
    )
    .excerpts(
        "- {name: \">=\", rustName: greater or equal, since: \"0.6\"}",
        "- {name: \">=\", rustName: GreaterOrEqual, since: \"0.6\"}",
    ),
    Rule::error(
        "same-but-case",
        "Two operations, or two data types, whose names differ by case alone",
        "Each has files named after it: in the spec, in the generated crates, and pages of the site. The file \
         systems of macOS and Windows take `GetVmApi.yaml` and `GetVmapi.yaml` for one file.",
    ),
    Rule::error(
        "device-name",
        "A name that Windows takes for a device",
        "`CON`, `PRN`, `AUX`, `NUL`, `COM1` and `LPT1` are devices on Windows, in every folder, in any case and \
         with any extension. Nobody there could check out the spec or the generated crates.",
    ),
    Rule::error(
        "reserved-name",
        "A name that Rust or the library keeps for itself",
        "The generated code would not compile, or would hide a method that every request has.",
    ),
    Rule::error(
        "server-key",
        "A response lists a key that the server writes",
        "Servers add `schema` to an answer on demand. A field of that name would put the key there twice.",
    ),
    Rule::error(
        "error-repeated",
        "An error stands twice, for the same reason",
        "An operation may answer with one code for several reasons; code, cause and reason together are the \
         name by which a review knows the error. The same line twice says nothing more than once.",
    ),
    Rule::error(
        "name-collision",
        "Two names that are one in the generated code",
        "`vmUuid` and `vm_uuid` differ on the wire, but both become the member `vm_uuid`.",
    ),
    Rule::error(
        "name-not-file",
        "A `name` that is not the name of the file",
        "People and tools find an operation or a data type by the name of its file.",
    ),
    Rule::error(
        "category-not-folder",
        "A `category` that is not the name of the folder",
        "The folder is what one sees; the category decides about module and cargo feature. They must not tell \
         different stories.",
    ),
    Rule::error(
        "unknown-category",
        "A category that `api.yaml` does not declare",
        "A category has a title and a place in the documentation, which `api.yaml` gives it.",
    ),
    Rule::error(
        "renamed-from-itself",
        "A former name that is the name of today",
        "`renamedFrom` tells a review of a change what something was called. One of the two names is wrong.",
    )
    .excerpts(
        "- {name: remark, renamedFrom: remark, type: String, since: \"0.6\"}",
        "- {name: remark, renamedFrom: note, type: String, since: \"0.6\"}",
    ),
    Rule::warning(
        "former-name-taken",
        "A former name that something else still has",
        "Who keeps the old element renames nothing: clients may go on using it. A review takes the two for what \
         they are, and `renamedFrom` says otherwise. Once the old one is removed in some release, it is right.",
    )
    .excerpts(
        "- {name: note, type: String, since: \"0.6\"}\n- {name: remark, renamedFrom: note, type: String, since: \
         \"4.0\"}",
        "- {name: note, type: String, since: \"0.6\", deprecated: \"3.3.0\", removed: \"4.0\", replacement: \
         remark}\n- {name: remark, renamedFrom: note, type: String, since: \"4.0\"}",
    ),
];
