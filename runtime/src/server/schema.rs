//! The `schema` of a reply: the Java classes of its records by path.
//!
//! The Java client decodes every path of the schema again: a parent after its children would
//! overwrite them, so parents come first, and a path that is not in the body is an error.

use crate::Version;
use crate::encode;
use crate::record::{AnyRecord, View};

/// Encodes the schema of an answer: `{"inventory":"org.zstack…",…}`. With `names`, the records
/// directly in the answer are reduced to these fields.
pub(crate) fn of(answer: &dyn AnyRecord, names: Option<&[String]>, at: Version) -> Vec<u8> {
    let mut encoder = SchemaEncoder { at, path: String::new(), first: true, json: vec![b'{'] };
    encoder.fields(answer, None, names);
    encoder.json.push(b'}');
    encoder.json
}

struct SchemaEncoder {
    at: Version,
    path: String,
    first: bool,
    json: Vec<u8>,
}

impl SchemaEncoder {
    /// Encodes the fields of a record: `names` are those that it has, and `inner` those of the
    /// records directly in it.
    fn fields(&mut self, record: &dyn AnyRecord, names: Option<&[String]>, inner: Option<&[String]>) {
        let keep = |name: &str| names.is_none_or(|names| names.iter().any(|kept| kept == name));
        for (index, field) in record.shape().fields.iter().enumerate() {
            if (self.at == Version::NEWEST || field.is_in(self.at)) && keep(field.name) {
                let length = self.path.len();
                if length > 0 {
                    self.path.push('.');
                }
                self.path.push_str(field.name);
                self.value(record.get(index), inner);
                self.path.truncate(length);
            }
        }
    }

    /// Encodes a value. Like the platform's, the schema has no paths for values of maps.
    fn value(&mut self, value: View<'_>, names: Option<&[String]>) {
        match value {
            View::Record(record) => {
                let class = record.class_at(self.at);
                if !class.is_empty() {
                    encode::comma(&mut self.first, &mut self.json);
                    encode::key(&self.path, &mut self.json);
                    encode::serialize_into(class, &mut self.json);
                }
                self.fields(record, names, None);
            }
            View::List(items) => {
                for index in 0..items.count() {
                    let item = items.item(index);
                    // Most lists are of texts and numbers.
                    if !matches!(item, View::Record(_) | View::List(_)) {
                        continue;
                    }
                    let length = self.path.len();
                    self.path.push_str(&format!("[{index}]"));
                    self.value(item, names);
                    self.path.truncate(length);
                }
            }
            _ => {}
        }
    }
}
