//! CreateAccessKey and DeleteAccessKey.

use super::errors::{self, Verdict};
use super::texts;
use crate::model::{AccessKey, Caller, Changes, Edit, Enabled, Moment, Secret, Uuid};
use crate::uuids;

/// The lengths of an ID and a secret that the node generates.
pub(crate) const LENGTHS: (usize, usize) = (20, 40);

/// The facts for the creation of a key.
#[derive(Clone, Debug)]
pub(crate) struct CreateAccessKeyFacts {
    /// The caller, or the error of its session.
    pub caller: Verdict<Caller>,
    /// The UUID of the account whose rights the key gets.
    pub account_uuid: Uuid,
    /// The same UUID: the node has no users except accounts.
    pub user_uuid: Uuid,
    /// True if the account exists.
    pub has_account: bool,
    /// True if another key has the ID.
    pub is_taken: bool,
    /// The requested UUID of the key.
    pub resource_uuid: Option<String>,
    /// The UUIDs of tag patterns for the key.
    pub tag_uuids: Vec<String>,
}

/// The data of a new key.
#[derive(Clone, Debug)]
pub(crate) struct NewAccessKey {
    /// The UUID, unless the request has one.
    pub uuid: Uuid,
    /// The description.
    pub description: Option<String>,
    /// The access key ID.
    pub id: String,
    /// The secret.
    pub secret: Secret,
}

/// Creates a key.
///
/// # Errors
///
/// The error of the first violated row.
pub(crate) fn create(
    facts: CreateAccessKeyFacts,
    new: NewAccessKey,
    now: Moment,
) -> Verdict<(AccessKey, Changes)> {
    let CreateAccessKeyFacts {
        caller,
        account_uuid,
        user_uuid,
        has_account,
        is_taken,
        resource_uuid,
        tag_uuids,
    } = facts;
    if let Some(uuid) = resource_uuid.as_ref().filter(|resource_uuid| !uuids::is_valid(resource_uuid)) {
        return Err(errors::invalid_resource_uuid(uuid));
    }
    texts::check_access_key_id(&new.id)?;
    texts::check_line("AccessKeySecret", Some(&new.secret.0))?;
    texts::check_paragraph("description", new.description.as_deref())?;
    if !has_account {
        return Err(errors::not_found("accountUuid", "account", &account_uuid));
    }
    if user_uuid != account_uuid {
        return Err(errors::not_found("userUuid", "user", &user_uuid));
    }
    // No operation of this node creates tag patterns.
    if let Some(uuid) = tag_uuids.first() {
        return Err(errors::not_found("tagUuids", "tag pattern", uuid));
    }
    if !caller?.may_use(&account_uuid, false) {
        return Err(errors::permission_denied("account", &account_uuid));
    }
    if is_taken {
        return Err(errors::invalid_argument(format!(
            "[AccessKeyID] is `{}`, which another access key already has; choose another ID, or omit it.",
            new.id
        )));
    }
    let claim = resource_uuid.clone().map(Edit::ClaimUuid);
    let key = AccessKey {
        uuid: resource_uuid.unwrap_or(new.uuid),
        description: new.description,
        account_uuid,
        id: new.id,
        secret: new.secret,
        state: Enabled::Enabled,
        create_date: now,
        last_op_date: now,
    };
    let edits = claim.into_iter().chain([Edit::create(key.clone())]).collect();
    Ok((key, Changes { guards: Vec::new(), edits }))
}

/// Deletes a key; a deleted one is not an error.
///
/// # Errors
///
/// When the UUID is invalid, or the caller may not delete the key.
pub(crate) fn delete(caller: Verdict<Caller>, key: Option<&AccessKey>, uuid: &str) -> Verdict<Changes> {
    match key {
        // A deleted key has a valid UUID; any other text never was a key.
        None if !uuids::is_valid(uuid) => Err(errors::not_found("uuid", "access key", uuid)),
        None => caller.map(|_| Changes::default()),
        Some(key) if caller?.may_use(&key.account_uuid, false) => {
            Ok(Changes { guards: Vec::new(), edits: vec![Edit::delete(key.clone())] })
        }
        Some(key) => Err(errors::permission_denied("access key", &key.uuid)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ADMIN_UUID, AccountKind};

    const OTHER: &str = "0b3f5a7c9d1e4f20a4b6c8d0e2f40618";

    fn caller(account: &str, kind: AccountKind) -> Verdict<Caller> {
        Ok(Caller { account_uuid: account.to_owned(), kind })
    }

    fn facts() -> CreateAccessKeyFacts {
        CreateAccessKeyFacts {
            caller: caller(OTHER, AccountKind::Normal),
            account_uuid: OTHER.to_owned(),
            user_uuid: OTHER.to_owned(),
            has_account: true,
            is_taken: false,
            resource_uuid: None,
            tag_uuids: Vec::new(),
        }
    }

    fn new() -> NewAccessKey {
        let (id, secret) = ("0123456789".to_owned(), Secret("abcdefghij".to_owned()));
        NewAccessKey { uuid: uuids::from_name("key"), description: None, id, secret }
    }

    fn code(facts: CreateAccessKeyFacts) -> Option<String> {
        create(facts, new(), Moment::from_millis(0)).err().map(|error| error.code)
    }

    #[test]
    fn creates_a_key_for_an_existing_account() {
        let (key, changes) = create(facts(), new(), Moment::from_millis(7)).unwrap();
        assert_eq!((&*key.uuid, key.state), (&*uuids::from_name("key"), Enabled::Enabled));
        assert_eq!(changes.edits, [Edit::create(key)]);
        let named = CreateAccessKeyFacts { resource_uuid: Some(ADMIN_UUID.to_owned()), ..facts() };
        let (key, changes) = create(named, new(), Moment::from_millis(7)).unwrap();
        assert_eq!(key.uuid, ADMIN_UUID);
        // The store checks that no other resource has this UUID.
        assert_eq!(changes.edits, [Edit::ClaimUuid(ADMIN_UUID.to_owned()), Edit::create(key)]);
        assert_eq!(
            code(CreateAccessKeyFacts { caller: caller(ADMIN_UUID, AccountKind::SystemAdmin), ..facts() }),
            None
        );
    }

    #[test]
    fn refuses_to_create_a_key() {
        let rows: [(CreateAccessKeyFacts, &str); 7] = [
            (CreateAccessKeyFacts { resource_uuid: Some("x".to_owned()), ..facts() }, "SYS.1007"),
            (CreateAccessKeyFacts { has_account: false, ..facts() }, "SYS.1003"),
            (CreateAccessKeyFacts { user_uuid: ADMIN_UUID.to_owned(), ..facts() }, "SYS.1003"),
            (CreateAccessKeyFacts { tag_uuids: vec![OTHER.to_owned()], ..facts() }, "SYS.1003"),
            (CreateAccessKeyFacts { caller: Err(errors::session_expired()), ..facts() }, "ID.1001"),
            (CreateAccessKeyFacts { caller: caller(ADMIN_UUID, AccountKind::Normal), ..facts() }, "SYS.1006"),
            (CreateAccessKeyFacts { is_taken: true, ..facts() }, "SYS.1007"),
        ];
        for (facts, expected) in rows {
            assert_eq!(code(facts.clone()).as_deref(), Some(expected), "{facts:?}");
        }
    }

    #[test]
    fn refuses_characters_that_cannot_be_sent() {
        let code = |new| create(facts(), new, Moment::from_millis(0)).err().map(|error| error.code);
        let refused = Some("SYS.1007".to_owned());
        for id in ["my:access:key", "my\0access-key", "my access key", "schlüssel-zum-tor"] {
            assert_eq!(code(NewAccessKey { id: id.to_owned(), ..new() }), refused, "{id:?}");
        }
        assert_eq!(code(NewAccessKey { secret: Secret("abcde\0fghij".to_owned()), ..new() }), refused);
        assert_eq!(code(NewAccessKey { description: Some("a\0b".to_owned()), ..new() }), refused);
        let two_lines = NewAccessKey { description: Some("nightly\njobs".to_owned()), ..new() };
        assert_eq!(code(NewAccessKey { id: "My.access_key-1+".to_owned(), ..two_lines }), None);
    }

    #[test]
    fn lets_owner_and_administrator_delete_a_key() {
        let key = create(facts(), new(), Moment::from_millis(0)).unwrap().0;
        let delete =
            |account, kind, key, uuid| delete(caller(account, kind), key, uuid).map_err(|error| error.code);
        let unchanged = Ok(Changes::default());
        assert_eq!(delete(OTHER, AccountKind::Normal, None, ADMIN_UUID), unchanged);
        assert_eq!(delete(OTHER, AccountKind::Normal, None, "x"), Err("SYS.1003".to_owned()));
        let edits = vec![Edit::delete(key.clone())];
        for (account, kind) in [(OTHER, AccountKind::Normal), (ADMIN_UUID, AccountKind::SystemAdmin)] {
            assert_eq!(delete(account, kind, Some(&key), &key.uuid).unwrap().edits, edits);
        }
        let refused = delete(ADMIN_UUID, AccountKind::Normal, Some(&key), &key.uuid);
        assert_eq!(refused, Err("SYS.1006".to_owned()));
    }
}
