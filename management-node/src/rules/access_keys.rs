//! Creating and deleting access keys.

use super::errors::{self, Verdict};
use super::texts;
use crate::model::{AccessKey, Caller, Changes, Edit, Enabled, Moment, Secret, Uuid};
use crate::uuids;

/// How long an ID and a secret are that the node makes up.
pub const LENGTHS: (usize, usize) = (20, 40);

/// What creating a key rests on.
#[derive(Clone, Debug)]
pub struct Creation {
    /// Who asks.
    pub caller: Verdict<Caller>,
    /// Whom the key is to act for.
    pub account_uuid: Uuid,
    /// The same: the node knows no users but accounts.
    pub user_uuid: Uuid,
    /// Whether there is such an account.
    pub has_account: bool,
    /// Whether there is a key of this ID.
    pub is_taken: bool,
    /// The identity that was asked for.
    pub resource_uuid: Option<String>,
    /// Tag patterns that the key is to get.
    pub tag_uuids: Vec<String>,
}

/// What a new key is made of.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Its identity, if none was asked for.
    pub uuid: Uuid,
    /// What it is for.
    pub description: Option<String>,
    /// What requests are to name it by.
    pub id: String,
    /// What requests are to be signed with.
    pub secret: Secret,
}

/// The new key, and what to do for it.
///
/// # Errors
///
/// Why there will be none.
pub fn create(facts: Creation, new: NewKey, now: Moment) -> Verdict<(AccessKey, Changes)> {
    let Creation { caller, account_uuid, user_uuid, has_account, is_taken, resource_uuid, tag_uuids } = facts;
    if let Some(uuid) = resource_uuid.as_ref().filter(|resource_uuid| !uuids::is_valid(resource_uuid)) {
        return Err(errors::invalid_argument(format!(
            "[resourceUuid] is `{uuid}`, which is not a UUID: 32 lower-case hexadecimal digits, the 13th a version from \
             1 to 5, the 17th one of 8, 9, a and b."
        )));
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
            "[AccessKeyID] is `{}`, which another key has; choose another one, or leave it out.",
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

/// What to do to delete a key; nothing for one that is gone already.
///
/// # Errors
///
/// Why it stays.
pub fn delete(caller: Verdict<Caller>, key: Option<&AccessKey>, uuid: &str) -> Verdict<Changes> {
    match key {
        // One that was deleted has the form of a UUID; anything else never was.
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

    fn facts() -> Creation {
        Creation {
            caller: caller(OTHER, AccountKind::Normal),
            account_uuid: OTHER.to_owned(),
            user_uuid: OTHER.to_owned(),
            has_account: true,
            is_taken: false,
            resource_uuid: None,
            tag_uuids: Vec::new(),
        }
    }

    fn new() -> NewKey {
        let (id, secret) = ("0123456789".to_owned(), Secret("abcdefghij".to_owned()));
        NewKey { uuid: uuids::named("key"), description: None, id, secret }
    }

    fn code(facts: Creation) -> Option<String> {
        create(facts, new(), Moment::from_millis(0)).err().map(|error| error.code)
    }

    #[test]
    fn a_key_is_created_for_an_account_that_there_is() {
        let (key, changes) = create(facts(), new(), Moment::from_millis(7)).unwrap();
        assert_eq!((&*key.uuid, key.state), (&*uuids::named("key"), Enabled::Enabled));
        assert_eq!(changes.edits, [Edit::create(key)]);
        let named = Creation { resource_uuid: Some(ADMIN_UUID.to_owned()), ..facts() };
        let (key, changes) = create(named, new(), Moment::from_millis(7)).unwrap();
        assert_eq!(key.uuid, ADMIN_UUID);
        // It may turn out to be that of something else.
        assert_eq!(changes.edits, [Edit::ClaimUuid(ADMIN_UUID.to_owned()), Edit::create(key)]);
        assert_eq!(code(Creation { caller: caller(ADMIN_UUID, AccountKind::SystemAdmin), ..facts() }), None);
    }

    #[test]
    fn why_there_is_no_new_key() {
        let rows: [(Creation, &str); 7] = [
            (Creation { resource_uuid: Some("x".to_owned()), ..facts() }, "SYS.1007"),
            (Creation { has_account: false, ..facts() }, "SYS.1003"),
            (Creation { user_uuid: ADMIN_UUID.to_owned(), ..facts() }, "SYS.1003"),
            (Creation { tag_uuids: vec![OTHER.to_owned()], ..facts() }, "SYS.1003"),
            (Creation { caller: Err(errors::session_expired()), ..facts() }, "ID.1001"),
            (Creation { caller: caller(ADMIN_UUID, AccountKind::Normal), ..facts() }, "SYS.1006"),
            (Creation { is_taken: true, ..facts() }, "SYS.1007"),
        ];
        for (facts, expected) in rows {
            assert_eq!(code(facts.clone()).as_deref(), Some(expected), "{facts:?}");
        }
    }

    #[test]
    fn an_id_has_only_characters_that_can_be_sent() {
        let code = |new| create(facts(), new, Moment::from_millis(0)).err().map(|error| error.code);
        let refused = Some("SYS.1007".to_owned());
        for id in ["my:access:key", "my\0access-key", "my access key", "schlüssel-zum-tor"] {
            assert_eq!(code(NewKey { id: id.to_owned(), ..new() }), refused, "{id:?}");
        }
        assert_eq!(code(NewKey { secret: Secret("abcde\0fghij".to_owned()), ..new() }), refused);
        assert_eq!(code(NewKey { description: Some("a\0b".to_owned()), ..new() }), refused);
        let two_lines = NewKey { description: Some("nightly\njobs".to_owned()), ..new() };
        assert_eq!(code(NewKey { id: "My.access_key-1+".to_owned(), ..two_lines }), None);
    }

    #[test]
    fn who_may_delete_a_key() {
        let key = create(facts(), new(), Moment::from_millis(0)).unwrap().0;
        let delete =
            |who, kind, key, uuid| delete(caller(who, kind), key, uuid).map_err(|delete| delete.code);
        let gone = Ok(Changes::default());
        assert_eq!(delete(OTHER, AccountKind::Normal, None, ADMIN_UUID), gone);
        assert_eq!(delete(OTHER, AccountKind::Normal, None, "x"), Err("SYS.1003".to_owned()));
        let edits = vec![Edit::delete(key.clone())];
        for (who, kind) in [(OTHER, AccountKind::Normal), (ADMIN_UUID, AccountKind::SystemAdmin)] {
            assert_eq!(delete(who, kind, Some(&key), &key.uuid).unwrap().edits, edits);
        }
        let refused = delete(ADMIN_UUID, AccountKind::Normal, Some(&key), &key.uuid);
        assert_eq!(refused, Err("SYS.1006".to_owned()));
    }
}
