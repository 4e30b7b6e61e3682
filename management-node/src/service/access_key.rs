//! Access keys: their operations, and the authentication of signed requests.

use jiff::Zoned;
use rand::RngExt as _;
use rand::distr::Alphanumeric;
use zstack_runtime::Timestamp;
use zstack_runtime::server::{AccessKeys, BoxFuture};
use zstack_server::{AccessKeyApi, Call, Outcome};
use zstack_types::access_key::{
    CreateAccessKey, CreateAccessKeyResponse, DeleteAccessKey, DeleteAccessKeyResponse,
};

use zstack_types::types::AccessKeyInventory;

use super::{Node, retry_on_conflict, store_error};
use crate::model::{AccessKey, Enabled, Moment, Secret, Word as _};
use crate::rules::access_keys::{CreateAccessKeyFacts, LENGTHS, NewAccessKey, create, delete};
use crate::store::Store;
use crate::uuids;

impl<S: Store> AccessKeyApi for Node<S> {
    async fn create_access_key(
        &self,
        call: Call,
        request: CreateAccessKey,
    ) -> Outcome<CreateAccessKeyResponse> {
        let id = request.access_key_id.clone().unwrap_or_else(|| random_alphanumeric(LENGTHS.0));
        let secret =
            Secret(request.access_key_secret.clone().unwrap_or_else(|| random_alphanumeric(LENGTHS.1)));
        let _guard = self.locks.lock(&format!("access-key/{id}")).await;
        retry_on_conflict(|| async {
            let (caller, has_account, existing) = tokio::try_join!(
                self.caller(&call),
                self.store.has_account(&request.account_uuid),
                self.store.access_key_of(&id),
            )?;
            let facts = CreateAccessKeyFacts {
                caller,
                account_uuid: request.account_uuid.clone(),
                user_uuid: request.user_uuid.clone(),
                has_account,
                is_taken: existing.is_some(),
                resource_uuid: request.resource_uuid.clone(),
                tag_uuids: request.tag_uuids.clone().unwrap_or_default(),
            };
            let new = NewAccessKey {
                uuid: uuids::random(),
                description: request.description.clone(),
                id: id.clone(),
                secret: secret.clone(),
            };
            let (key, changes) = create(facts, new, self.clock.now())?;
            if call.is_dry_run() {
                return Ok(CreateAccessKeyResponse::default());
            }
            self.commit(&call, changes, CreateAccessKeyResponse::new(self.inventory_of_key(key))).await
        })
        .await
    }

    async fn delete_access_key(
        &self,
        call: Call,
        request: DeleteAccessKey,
    ) -> Outcome<DeleteAccessKeyResponse> {
        retry_on_conflict(|| async {
            let (caller, key) = tokio::try_join!(self.caller(&call), self.store.access_key(&request.uuid))?;
            let changes = delete(caller, key.as_ref(), &request.uuid)?;
            let answer = DeleteAccessKeyResponse::default();
            if call.is_dry_run() {
                return Ok(answer);
            }
            self.commit(&call, changes, answer).await
        })
        .await
    }
}

impl<S: Store> AccessKeys for Node<S> {
    fn secret<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Outcome<Option<String>>> {
        Box::pin(async move {
            let found = self.store.access_key_of(id).await.map_err(|error| store_error(&error))?;
            let enabled = found.filter(|found| found.key.state == Enabled::Enabled);
            Ok(enabled.map(|found| found.key.secret.0))
        })
    }

    fn now(&self) -> Zoned {
        self.clock.now().instant().to_zoned(self.zone.clone())
    }

    fn zone_option(&self) -> Option<&str> {
        Some("--zone")
    }
}

impl<S: Store> Node<S> {
    fn inventory_of_key(&self, key: AccessKey) -> AccessKeyInventory {
        let time = |moment: Moment| Timestamp::from_instant(moment.instant(), &self.zone);
        let mut inventory = AccessKeyInventory::new(key.uuid, time(key.create_date), time(key.last_op_date));
        inventory.description = key.description;
        // An account is its own user.
        inventory.user_uuid = Some(key.account_uuid.clone());
        inventory.account_uuid = Some(key.account_uuid);
        inventory.access_key_id = Some(key.id);
        inventory.access_key_secret = Some(key.secret.0);
        inventory.state = Some(key.state.as_str().into());
        inventory
    }
}

/// Generates random letters and digits.
fn random_alphanumeric(count: usize) -> String {
    rand::rng().sample_iter(Alphanumeric).take(count).map(char::from).collect()
}
