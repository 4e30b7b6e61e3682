//! The values of global settings.

use super::{Failure, Node};
use crate::cloud::settings::{self, Setting};
use crate::rules::errors::Verdict;
use crate::store::Store;

impl<S: Store> Node<S> {
    /// Returns the values of settings, by category and name.
    pub(super) async fn settings<const N: usize>(
        &self,
        names: [(&str, &str); N],
    ) -> Result<[String; N], Failure> {
        let settings = names.iter().map(|(category, name)| settings::find(category, name));
        let settings = settings.collect::<Verdict<Vec<_>>>()?;
        let uuids: Vec<_> = settings.iter().map(Setting::uuid).collect();
        let documents = self.store.documents(&uuids).await?;
        let mut values = settings.iter().zip(&uuids).map(|(setting, uuid)| {
            let document = documents.iter().find(|document| document.uuid == *uuid);
            document.and_then(|document| document.text("value")).unwrap_or(&setting.default).to_owned()
        });
        Ok(std::array::from_fn(|_| values.next().unwrap_or_default()))
    }

    /// Returns whether what is deleted is removed at once. Otherwise it stays, and can be recovered. The
    /// category is `vm`, `volume` or `image`.
    pub(super) async fn deletes_directly(&self, category: &str) -> Result<bool, Failure> {
        let [policy] = self.settings([(category, "deletionPolicy")]).await?;
        Ok(policy == "Direct")
    }
}
