-- The user of the account that logged in; NULL if the account itself did.
ALTER TABLE session ADD COLUMN user_uuid TEXT;
