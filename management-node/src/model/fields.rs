//! The fields of documents.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use zstack_dynamic::Dynamic;
use zstack_runtime::record::{AnyRecord as _, Shape};

/// The fields of a document, by name. Copies share them until one of them changes.
///
/// With them, copies share the inventory that was built of them first, since lists and changes show the same
/// documents again and again.
#[derive(Clone, Default)]
pub struct Fields(Arc<Content>);

#[derive(Default)]
struct Content {
    values: Map<String, Value>,
    inventory: OnceLock<Inventory>,
}

impl Clone for Content {
    /// Copies the values, which change next.
    fn clone(&self) -> Self {
        Self { values: self.values.clone(), inventory: OnceLock::new() }
    }
}

/// An inventory, with the time zone of its times.
struct Inventory {
    record: Arc<Dynamic>,
    zone: TimeZone,
}

impl Fields {
    /// The fields, to change them.
    pub fn to_mut(&mut self) -> &mut Map<String, Value> {
        let content = Arc::make_mut(&mut self.0);
        content.inventory = OnceLock::new();
        &mut content.values
    }

    /// The fields as a map of its own.
    #[must_use]
    pub fn into_map(self) -> Map<String, Value> {
        Arc::unwrap_or_clone(self.0).values
    }

    /// Returns the inventory of these fields that was built for a time zone, or builds it.
    ///
    /// # Errors
    ///
    /// Those of `build`.
    pub fn inventory<E>(
        &self,
        shape: &'static Shape,
        zone: &TimeZone,
        build: impl FnOnce() -> Result<Dynamic, E>,
    ) -> Result<Arc<Dynamic>, E> {
        match self.0.inventory.get() {
            Some(Inventory { record, zone: of }) if std::ptr::eq(record.shape(), shape) && of == zone => {
                return Ok(Arc::clone(record));
            }
            _ => {}
        }
        let record = Arc::new(build()?);
        // Nothing is lost if there is one, built in the meantime or for another zone.
        let _ = self.0.inventory.set(Inventory { record: Arc::clone(&record), zone: zone.clone() });
        Ok(record)
    }
}

impl Deref for Fields {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0.values
    }
}

impl From<Map<String, Value>> for Fields {
    fn from(values: Map<String, Value>) -> Self {
        Self(Arc::new(Content { values, inventory: OnceLock::new() }))
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || **self == **other
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use zstack_runtime::record::shape;
    use zstack_types::types::ZoneInventory;

    use super::*;

    #[test]
    fn changed_fields_have_another_inventory() {
        let name = |fields: &Fields| {
            let time = |_| unreachable!("there is no time");
            let build = || Dynamic::from_stored(shape::<ZoneInventory>(), fields, &time);
            let inventory = fields.inventory(shape::<ZoneInventory>(), &TimeZone::UTC, build).unwrap();
            inventory.text("name").map(str::to_owned)
        };
        let mut fields = Fields::default();
        fields.to_mut().insert("name".to_owned(), "one".into());
        let copy = fields.clone();
        assert_eq!(name(&fields).as_deref(), Some("one"));
        fields.to_mut().insert("name".to_owned(), "two".into());
        assert_eq!(name(&fields).as_deref(), Some("two"));
        assert_eq!(name(&copy).as_deref(), Some("one"));
        drop(copy);
        fields.to_mut().remove("name");
        assert_eq!(name(&fields), None);
    }
}
