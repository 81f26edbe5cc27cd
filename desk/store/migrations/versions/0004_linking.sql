-- One person on several channels. Contacts with the same person_id are linked; nothing of them is merged.

ALTER TABLE contacts ADD COLUMN person_id uuid;
CREATE INDEX contacts_by_person ON contacts (person_id) WHERE person_id IS NOT NULL;

CREATE TABLE link_codes (
    selector    text PRIMARY KEY,              -- finds the row; the rest of the code is known by its hash alone
    contact_id  uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
    code_hash   bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_by     uuid REFERENCES contacts ON DELETE SET NULL,
    used_at     timestamptz
);
CREATE INDEX link_codes_by_contact ON link_codes (contact_id, created_at);

CREATE TABLE link_misses (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contact_id  uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
    at          timestamptz NOT NULL
);
CREATE INDEX link_misses_recent ON link_misses (at);
CREATE INDEX link_misses_by_contact ON link_misses (contact_id, at);
