-- Every change of a conversation's owner or state, in order. Rows are only ever added; reports are made from them.

CREATE TABLE conversation_transitions (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id  uuid NOT NULL,             -- no foreign key: the counts outlive an erased conversation
    inbox            text NOT NULL,
    from_state       text,                      -- NULL: the conversation was opened
    from_agent_id    uuid,
    from_team        text,
    to_state         text,                      -- NULL: the conversation was erased
    to_agent_id      uuid,
    to_team          text,
    actor_kind       text NOT NULL CHECK (actor_kind IN ('contact', 'bot', 'agent', 'system', 'unknown')),
    actor_id         uuid,                      -- the agent, where one acted
    why              text NOT NULL,             -- one word of desk.model.Why, or 'unknown' or 'erased'
    at               timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX conversation_transitions_by_conversation ON conversation_transitions (conversation_id, id);
CREATE INDEX conversation_transitions_by_time ON conversation_transitions (at);

-- The desk writes its row in the statement that changes the conversation. This trigger writes one for whoever did not:
-- a process of the version before, or a person at the database.
CREATE FUNCTION note_conversation_transition() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$  -- a process's role has the rights of its own statements only
DECLARE
    known conversation_transitions;
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO conversation_transitions
               (conversation_id, inbox, from_state, from_agent_id, from_team, actor_kind, why)
        VALUES (OLD.id, OLD.inbox, OLD.state, OLD.agent_id, OLD.team, 'system', 'erased');
        RETURN NULL;
    END IF;
    SELECT * INTO known FROM conversation_transitions WHERE conversation_id = NEW.id ORDER BY id DESC LIMIT 1;
    IF known.to_state = NEW.state AND known.to_agent_id IS NOT DISTINCT FROM NEW.agent_id
       AND known.to_team IS NOT DISTINCT FROM NEW.team THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO conversation_transitions
               (conversation_id, inbox, to_state, to_agent_id, to_team, actor_kind, why, at)
        VALUES (NEW.id, NEW.inbox, NEW.state, NEW.agent_id, NEW.team, 'unknown', 'unknown', NEW.created_at);
    ELSE
        INSERT INTO conversation_transitions
               (conversation_id, inbox, from_state, from_agent_id, from_team, to_state, to_agent_id, to_team,
                actor_kind, why)
        VALUES (NEW.id, NEW.inbox, OLD.state, OLD.agent_id, OLD.team, NEW.state, NEW.agent_id, NEW.team,
                'unknown', 'unknown');
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER conversation_opened AFTER INSERT OR DELETE ON conversations
    FOR EACH ROW EXECUTE FUNCTION note_conversation_transition();
CREATE TRIGGER conversation_moved AFTER UPDATE ON conversations
    FOR EACH ROW WHEN ((OLD.state, OLD.agent_id, OLD.team) IS DISTINCT FROM (NEW.state, NEW.agent_id, NEW.team))
    EXECUTE FUNCTION note_conversation_transition();

-- What happened before, as far as it was recorded: the opening, handoffs by the bot (turns), acts of agents (audit), and
-- what a contact wrote after an agent's reply. A conversation that stands elsewhere than these say gets one row more.
WITH acts AS (
    SELECT id AS conversation_id, created_at AS at, 0 AS place, 'bot' AS state, NULL::uuid AS agent,
           'contact' AS kind, NULL::uuid AS actor, 'opened' AS why
    FROM conversations
    UNION ALL
    SELECT t.conversation_id, t.created_at, 1, 'queued', NULL, CASE t.outcome WHEN 'failed' THEN 'system' ELSE 'bot' END,
           NULL, CASE t.outcome WHEN 'failed' THEN 'bot_failed' ELSE coalesce(v.handoff_reason, 'unknown') END
    FROM turns t JOIN conversations v ON v.id = t.conversation_id WHERE t.outcome IN ('handed_off', 'failed')
    UNION ALL
    SELECT u.conversation_id, u.at, 2, known.state, CASE WHEN u.action IN ('claim', 'reply') THEN u.agent_id END,
           known.kind, u.agent_id, known.why
    FROM audit u JOIN (VALUES
        ('claim', 'assigned', 'agent', 'claimed'), ('reply', 'waiting_on_contact', 'agent', 'replied'),
        ('release', 'queued', 'agent', 'released'), ('hand_back', 'bot', 'agent', 'handed_back'),
        ('resolve', 'resolved', 'agent', 'resolved'), ('reopen', 'queued', 'agent', 'reopened'),
        ('cancel_handoff', 'bot', 'contact', 'cancelled')) AS known (action, state, kind, why) ON known.action = u.action
    UNION ALL
    SELECT m.conversation_id, m.created_at, 3, 'assigned', NULL, 'contact', NULL, 'wrote'
    FROM messages m WHERE m.author = 'contact'
      AND m.conversation_id IN (SELECT conversation_id FROM audit WHERE action = 'reply')
),
ordered AS (
    SELECT *, lag(state) OVER w AS state_before FROM acts WHERE conversation_id IN (SELECT id FROM conversations)
    WINDOW w AS (PARTITION BY conversation_id ORDER BY at, place)
),
-- A contact's message counts right after a reply only. With it, and when it is resolved, a conversation keeps its agent.
counted AS (
    SELECT conversation_id, at, place, state, kind, actor, why,
           CASE WHEN why NOT IN ('wrote', 'resolved') THEN agent
                WHEN lag(why) OVER w = 'wrote' THEN lag(agent, 2) OVER w ELSE lag(agent) OVER w END AS agent
    FROM ordered WHERE why <> 'wrote' OR state_before = 'waiting_on_contact'
    WINDOW w AS (PARTITION BY conversation_id ORDER BY at, place)
),
chained AS (
    SELECT *, lag(state) OVER w AS from_state, lag(agent) OVER w AS from_agent FROM counted
    WINDOW w AS (PARTITION BY conversation_id ORDER BY at, place)
)
INSERT INTO conversation_transitions
       (conversation_id, inbox, from_state, from_agent_id, from_team, to_state, to_agent_id, to_team,
        actor_kind, actor_id, why, at)
SELECT c.conversation_id, v.inbox, c.from_state, c.from_agent, CASE WHEN c.from_state <> 'bot' THEN v.team END,
       c.state, c.agent, CASE WHEN c.state <> 'bot' THEN v.team END, c.kind, c.actor, c.why, c.at
FROM chained c JOIN conversations v ON v.id = c.conversation_id
WHERE c.from_state IS NULL OR (c.from_state, c.from_agent) IS DISTINCT FROM (c.state, c.agent)
ORDER BY c.at, c.place;

INSERT INTO conversation_transitions
       (conversation_id, inbox, from_state, from_agent_id, from_team, to_state, to_agent_id, to_team,
        actor_kind, why, at)
SELECT v.id, v.inbox, known.to_state, known.to_agent_id, known.to_team, v.state, v.agent_id, v.team, 'unknown', 'unknown',
       greatest(v.updated_at, known.at)
FROM conversations v CROSS JOIN LATERAL (
    SELECT * FROM conversation_transitions t WHERE t.conversation_id = v.id ORDER BY t.id DESC LIMIT 1) known
WHERE (v.state, v.agent_id, v.team) IS DISTINCT FROM (known.to_state, known.to_agent_id, known.to_team);

-- Priority of what is to be sent: higher goes first across contacts (desk.model.Priority: 0 broadcast, 10 conversation).
ALTER TABLE outbox ADD COLUMN priority smallint NOT NULL DEFAULT 10;
CREATE INDEX outbox_by_priority ON outbox (priority DESC, id) WHERE state IN ('pending', 'sending');

-- Why a message did not go, or waits: one of desk.model.Failure. `error` keeps the provider's own words beside it.
ALTER TABLE outbox ADD COLUMN failure text;
