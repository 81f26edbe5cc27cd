-- 'withdrawn': the citizen withdrew it, before or after it reached the back end. Older processes neither file nor follow it.
ALTER TABLE service_requests DROP CONSTRAINT service_requests_state_check;
ALTER TABLE service_requests ADD CONSTRAINT service_requests_state_check
    CHECK (state IN ('recorded', 'filing', 'unknown', 'awaiting_reference', 'filed', 'refused', 'withdrawn')) NOT VALID;

-- What a citizen wants done with a request that was recorded before. The worker carries it out.
CREATE TABLE request_changes (
    id               uuid PRIMARY KEY,          -- made from the message and the directive's place: a turn that runs twice changes once
    request_id       uuid NOT NULL REFERENCES service_requests ON DELETE CASCADE,
    conversation_id  uuid REFERENCES conversations ON DELETE SET NULL,  -- where it was asked for
    contact_id       uuid REFERENCES contacts ON DELETE CASCADE,
    kind             text NOT NULL CHECK (kind IN ('withdraw', 'complement')),
    payload          jsonb NOT NULL,            -- the directive, as JSON
    state            text NOT NULL DEFAULT 'recorded' CHECK (state IN ('recorded', 'done', 'person')),
    attempts         int NOT NULL DEFAULT 0,
    available_at     timestamptz NOT NULL DEFAULT now(),
    lease_until      timestamptz NOT NULL DEFAULT '-infinity',
    lease_token      uuid,
    told_delayed     boolean NOT NULL DEFAULT false,
    error            text,
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX request_changes_due ON request_changes (available_at) WHERE state = 'recorded';
CREATE INDEX request_changes_by_request ON request_changes (request_id, created_at);
CREATE INDEX request_changes_by_contact ON request_changes (contact_id);
CREATE INDEX request_changes_by_conversation ON request_changes (conversation_id);

-- Which changes our own GeoReport server has taken: a change that is sent twice has one effect.
CREATE TABLE georeport_changes (
    id         text PRIMARY KEY,                -- the client's own id of the change
    reference  text NOT NULL REFERENCES georeport_requests ON DELETE CASCADE,
    kind       text NOT NULL CHECK (kind IN ('withdraw', 'complement')),
    at         timestamptz NOT NULL
);
CREATE INDEX georeport_changes_by_reference ON georeport_changes (reference);

-- Every turn asks for the contact's own requests, those without a number too.
CREATE INDEX service_requests_of_contact ON service_requests (contact_id, created_at);
