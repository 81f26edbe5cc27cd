-- The front desk's first schema. PostgreSQL is the truth; Redis only wakes people up.

CREATE TABLE contacts (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    inbox        text NOT NULL,
    external_id  text NOT NULL,                -- the provider's id of the citizen; for web our own random one
    name         text,
    email        text,
    phone        text,
    language     text,
    last_seq     bigint NOT NULL DEFAULT 0,    -- the last number given in this contact's message log
    lease_until  timestamptz NOT NULL DEFAULT '-infinity',
    lease_token  uuid,                         -- one worker at a time handles a contact's events
    created_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (inbox, external_id)
);

CREATE TABLE conversations (
    id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    inbox            text NOT NULL,
    contact_id       uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
    state            text NOT NULL DEFAULT 'bot'
                     CHECK (state IN ('bot', 'queued', 'assigned', 'waiting_on_contact', 'resolved')),
    fence            bigint NOT NULL DEFAULT 0,   -- grows with every change of owner
    agent_id         uuid,
    team             text,
    language         text NOT NULL,
    handoff_reason   text,
    handoff_summary  text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    queued_at        timestamptz,
    assigned_at      timestamptz,
    resolved_at      timestamptz
);
CREATE UNIQUE INDEX conversations_one_open ON conversations (contact_id) WHERE state <> 'resolved';
CREATE INDEX conversations_by_contact ON conversations (contact_id, created_at DESC);
CREATE INDEX conversations_queue ON conversations (team, queued_at) WHERE state = 'queued';
CREATE INDEX conversations_by_state ON conversations (state, updated_at DESC);
CREATE INDEX conversations_by_agent ON conversations (agent_id, updated_at DESC) WHERE state IN ('assigned', 'waiting_on_contact');

CREATE TABLE events (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    inbox         text NOT NULL,
    external_id   text NOT NULL,
    contact_id    uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
    payload       jsonb NOT NULL,               -- the Inbound, as JSON
    received_at   timestamptz NOT NULL DEFAULT now(),
    state         text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'appended', 'done', 'dead')),
    attempts      int NOT NULL DEFAULT 0,
    available_at  timestamptz NOT NULL DEFAULT now(),
    waiting_since timestamptz,                 -- since when it waits for a bot that is not up yet
    error         text,
    trace_id      text,
    UNIQUE (inbox, external_id)
);
CREATE INDEX events_open ON events (contact_id, id) WHERE state IN ('received', 'appended');
CREATE INDEX events_due ON events (available_at) WHERE state IN ('received', 'appended');

CREATE TABLE messages (
    id               uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    contact_id       uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
    seq              bigint NOT NULL,           -- 1, 2, 3 … in this contact's log
    author           text NOT NULL CHECK (author IN ('contact', 'bot', 'agent', 'system')),
    agent_id         uuid,
    text             text NOT NULL DEFAULT '',
    content          jsonb NOT NULL DEFAULT '{}',  -- buttons, attachments, location, source, client_id, button
    language         text NOT NULL,
    event_id         bigint UNIQUE REFERENCES events,  -- exactly one message for an accepted event
    reply_to         uuid,                      -- the contact's message this answers
    reply_index      int,                       -- its place among that message's replies
    status           text NOT NULL DEFAULT 'accepted'
                     CHECK (status IN ('accepted', 'sent', 'delivered', 'read', 'failed')),
    external_id      text,                      -- the provider's id of what we sent
    created_at       timestamptz NOT NULL DEFAULT now(),
    UNIQUE (contact_id, seq),
    UNIQUE (reply_to, reply_index)
);
CREATE INDEX messages_by_conversation ON messages (conversation_id, seq);

CREATE TABLE buttons (
    id               text PRIMARY KEY,          -- opaque and random; a payload travels as nothing else
    conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    message_id       uuid NOT NULL REFERENCES messages ON DELETE CASCADE,
    title            text NOT NULL,
    intent           text NOT NULL,
    entities         jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE turns (
    message_id       uuid PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
    conversation_id  uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
    fence            bigint NOT NULL,
    outcome          text NOT NULL CHECK (outcome IN ('answered', 'handed_off', 'failed', 'dropped')),
    intent           text,
    confidence       real,
    parse            jsonb NOT NULL DEFAULT '{}',
    took_ms          int,
    created_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX turns_by_conversation ON turns (conversation_id, created_at);

CREATE TABLE outbox (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    inbox            text NOT NULL,
    contact_id       uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
    message_id       uuid NOT NULL UNIQUE REFERENCES messages ON DELETE CASCADE,
    state            text NOT NULL DEFAULT 'pending'
                     CHECK (state IN ('pending', 'sending', 'sent', 'unknown', 'dead')),
    attempts         int NOT NULL DEFAULT 0,
    parts            int NOT NULL DEFAULT 0,    -- how many of this message's requests the provider took
    available_at     timestamptz NOT NULL DEFAULT now(),
    lease_until      timestamptz NOT NULL DEFAULT '-infinity',
    lease_token      uuid,
    error            text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    sent_at          timestamptz
);
CREATE INDEX outbox_due ON outbox (available_at) WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_order ON outbox (contact_id, id) WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_stuck ON outbox (id) WHERE state IN ('unknown', 'dead');

CREATE TABLE service_requests (
    id               uuid PRIMARY KEY,          -- made from the message and the directive's place: a turn that runs twice files once
    conversation_id  uuid REFERENCES conversations ON DELETE SET NULL,
    contact_id       uuid REFERENCES contacts ON DELETE SET NULL,
    backend          text NOT NULL,
    service_code     text NOT NULL,
    payload          jsonb NOT NULL,            -- the NewRequest, as JSON
    state            text NOT NULL DEFAULT 'recorded'
                     CHECK (state IN ('recorded', 'filing', 'unknown', 'awaiting_reference', 'filed', 'refused')),
    reference        text,
    token            text,
    status           text,                      -- last known: open or closed
    raw_status       text,
    attempts         int NOT NULL DEFAULT 0,
    available_at     timestamptz NOT NULL DEFAULT now(),
    lease_until      timestamptz NOT NULL DEFAULT '-infinity',
    lease_token      uuid,
    told_delayed     boolean NOT NULL DEFAULT false,  -- the citizen was told once that filing waits
    error            text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    filed_at         timestamptz,
    updated_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX service_requests_due ON service_requests (available_at) WHERE state IN ('recorded', 'filing', 'unknown', 'awaiting_reference');
CREATE INDEX service_requests_by_reference ON service_requests (backend, reference);
CREATE INDEX service_requests_by_conversation ON service_requests (conversation_id);

-- What our own GeoReport v2 server holds: a town without any back end has this one.
CREATE TABLE georeport_requests (
    reference        text PRIMARY KEY,
    token            text UNIQUE NOT NULL,
    service_code     text NOT NULL,
    status           text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed')),
    status_notes     text,
    description      text NOT NULL DEFAULT '',
    address          text,
    address_id       text,
    zipcode          text,
    latitude         double precision,
    longitude        double precision,
    attributes       jsonb NOT NULL DEFAULT '{}',
    media_urls       jsonb NOT NULL DEFAULT '[]',
    account_id       text,                      -- the client's own id of the request, to find it after a lost answer
    reporter         jsonb NOT NULL DEFAULT '{}',  -- names, e-mail, phone: never given out
    requested_at     timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    expected_at      timestamptz
);
CREATE INDEX georeport_requests_by_time ON georeport_requests (requested_at DESC);
CREATE UNIQUE INDEX georeport_requests_by_account ON georeport_requests (account_id) WHERE account_id IS NOT NULL;

CREATE TABLE media (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    contact_id    uuid REFERENCES contacts ON DELETE CASCADE,
    file_name     text UNIQUE NOT NULL,         -- random; where the bytes are, under the media folder
    content_type  text NOT NULL,
    size          bigint NOT NULL,
    sha256        text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE web_sessions (
    token_hash   bytea PRIMARY KEY,             -- SHA-256 of the token the server made
    contact_id   uuid NOT NULL REFERENCES contacts ON DELETE CASCADE,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_seen    timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL
);

CREATE TABLE agents (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email          text UNIQUE NOT NULL,
    name           text NOT NULL,
    role           text NOT NULL CHECK (role IN ('agent', 'supervisor')),
    teams          text[] NOT NULL DEFAULT '{}',
    password_hash  text NOT NULL,               -- argon2id
    active         boolean NOT NULL DEFAULT true,
    created_at     timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE conversations ADD FOREIGN KEY (agent_id) REFERENCES agents;
ALTER TABLE messages ADD FOREIGN KEY (agent_id) REFERENCES agents;

CREATE TABLE agent_sessions (
    token_hash   bytea PRIMARY KEY,
    agent_id     uuid NOT NULL REFERENCES agents ON DELETE CASCADE,
    csrf         text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_seen    timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL
);

CREATE TABLE sign_in_attempts (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email  text NOT NULL,
    at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_attempts_recent ON sign_in_attempts (email, at);

CREATE TABLE audit (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at               timestamptz NOT NULL DEFAULT now(),
    agent_id         uuid REFERENCES agents,
    action           text NOT NULL,
    conversation_id  uuid,
    detail           jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_by_conversation ON audit (conversation_id, at);

-- Rasa's dialogue state: one compact row per conversation (used by bot/, which is the only writer).
CREATE TABLE trackers (
    conversation_id  text PRIMARY KEY,
    state            bytea NOT NULL,
    last_message_id  text,
    last_answer      jsonb,
    updated_at       timestamptz NOT NULL DEFAULT now()
);
