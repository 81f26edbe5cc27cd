-- What the desk knows of a contact's channel, and how well each inbox works.

ALTER TABLE contacts
    ADD COLUMN wrote_at         timestamptz,   -- the provider's time of the citizen's last message: reply windows count from it
    ADD COLUMN window_shut_at   timestamptz,   -- the provider said that the window is over (or the human's own)
    ADD COLUMN human_shut_at    timestamptz,
    ADD COLUMN opted_out_at     timestamptz,   -- the citizen said STOP: nothing is sent until START
    ADD COLUMN unreachable_at   timestamptz,
    ADD COLUMN routed_away_at   timestamptz;   -- another app has the thread: ours is silent

-- 'waiting': for the citizen to write, or for the thread to come back.
ALTER TABLE outbox DROP CONSTRAINT outbox_state_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_state_check
    CHECK (state IN ('pending', 'sending', 'sent', 'unknown', 'dead', 'waiting'));
ALTER TABLE outbox ADD COLUMN external_ids text[] NOT NULL DEFAULT '{}';  -- the provider's id of each part it took
CREATE INDEX outbox_by_external_id ON outbox USING gin (external_ids);
CREATE INDEX outbox_waiting ON outbox (contact_id) WHERE state = 'waiting';

CREATE TABLE inbox_health (
    inbox           text PRIMARY KEY,
    stopped_at      timestamptz,               -- the provider refuses the account: until a person resumes it
    paused_until    timestamptz,               -- the breaker is open, or the provider asked the whole inbox to wait
    probing         boolean NOT NULL DEFAULT false,  -- after the pause one message goes first
    reason          text,
    code            text,
    changed_at      timestamptz NOT NULL DEFAULT now(),
    sent_at         timestamptz,               -- the last time the provider took something
    listener_until  timestamptz NOT NULL DEFAULT '-infinity',  -- which worker listens (IMAP)
    listener        uuid
);
