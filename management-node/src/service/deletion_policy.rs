//! The deletion policies of the global configuration.

use super::{Failure, Node};
use crate::cloud::settings;
use crate::store::Store;

impl<S: Store> Node<S> {
    /// Returns whether what is deleted is removed at once. Otherwise it stays, and can be recovered. The
    /// category is `vm`, `volume` or `image`.
    pub(super) async fn deletes_directly(&self, category: &str) -> Result<bool, Failure> {
        let setting = settings::find(category, "deletionPolicy")?;
        let documents = self.store.documents(&[setting.uuid()]).await?;
        Ok(documents.first().and_then(|document| document.text("value")) == Some("Direct"))
    }
}
