//! The `schema` of a reply: the classes of its records by path.
//!
//! The Java client re-reads every element that the schema names, so that a
//! parent read after its children would undo them (parents first), and a path
//! that leads nowhere breaks it (only what the body holds).

use crate::Version;
use crate::encode;
use crate::record::{AnyRecord, View};

/// Encodes the schema of an answer: `{"inventory":"org.zstack…",…}`. With `names`,
/// the records directly in the answer have only the fields of these names.
pub(crate) fn of(answer: &dyn AnyRecord, names: Option<&[String]>, at: Version) -> Vec<u8> {
    let mut walk = Walk { at, path: String::new(), first: true, json: vec![b'{'] };
    walk.fields(answer, None, names);
    walk.json.push(b'}');
    walk.json
}

struct Walk {
    at: Version,
    path: String,
    first: bool,
    json: Vec<u8>,
}

impl Walk {
    /// `names` are the fields that the record has; `inner`, those of the records
    /// directly in it.
    fn fields(&mut self, record: &dyn AnyRecord, names: Option<&[String]>, inner: Option<&[String]>) {
        let keep = |name: &str| names.is_none_or(|names| names.iter().any(|it| it == name));
        for (index, field) in record.shape().fields.iter().enumerate() {
            if field.since <= self.at && keep(field.name) {
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

    /// Like the platform, this has no paths for the values of a map.
    fn value(&mut self, value: View<'_>, names: Option<&[String]>) {
        match value {
            View::Record(record) => {
                let class = record.class();
                if !class.is_empty() {
                    encode::comma(&mut self.first, &mut self.json);
                    encode::key(&self.path, &mut self.json);
                    encode::serialized(class, &mut self.json);
                }
                self.fields(record, names, None);
            }
            View::List(items) => {
                for index in 0..items.count() {
                    let item = items.item(index);
                    // Lists of texts and numbers are most lists.
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
