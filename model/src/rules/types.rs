//! Types.

use super::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule::error(
        "unknown-type",
        "A type that nothing declares",
        "It is neither built in nor a file in `types/`, so that nobody knows what its values look like.",
    ),
    Rule::error(
        "type-syntax",
        "A text that is no type",
        "A type is a name, `List<T>` or `Map<String,T>`; anything else cannot be taken apart.",
    ),
    Rule::error(
        "map-key",
        "A map whose keys are no texts",
        "A map is a JSON object on the wire, and the keys of an object are texts.",
    ),
    Rule::error(
        "fields-or-values",
        "A data type with both `fields` and `values`, or with neither",
        "Fields make it a record, values an enum. It has to be one of the two.",
    ),
    Rule::error("no-values", "An enum without values", "No text could ever be one of it."),
    Rule::error(
        "native-enum",
        "An enum that is `native`",
        "Only a record can be written by hand: the generator writes every enum so that values of later releases \
         are kept.",
    ),
    Rule::error(
        "native-path",
        "`native` is no path to a Rust type",
        "The generated code re-exports the type by this path and would not compile.",
    ),
    Rule::error(
        "extends-no-record",
        "`extends` on an enum, or of one",
        "To extend is to have the fields of another record besides one's own; an enum has none.",
    ),
    Rule::error(
        "extends-cycle",
        "A record that extends itself",
        "Its fields would be its own, and those again, without end.",
    ),
    Rule::error(
        "endless-type",
        "A record that contains itself by required fields alone",
        "A value of it would need a value of it, which would need another: none could ever be written down.",
    ),
];
