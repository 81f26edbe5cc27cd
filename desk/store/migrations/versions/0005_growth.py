"""What a million stored messages taught: what was sorted or searched anew each time gets an index in its order.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"

# Name, table and columns, condition. Each line names who reads by it.
INDEXES = (
    # The console's lists and its stream of changes.
    ("conversations_resolved", "conversations (resolved_at DESC)", "state = 'resolved'"),
    ("conversations_open", "conversations (updated_at DESC)", "state <> 'resolved'"),
    ("conversations_by_update", "conversations (updated_at)", None),
    # A turn: the last buttons of a conversation, the last thread of a contact, a contact's reports.
    ("messages_with_buttons", "messages (conversation_id, seq)", "content ? 'buttons'"),
    ("messages_with_thread", "messages (contact_id, seq)", "content ? 'thread'"),
    ("service_requests_by_contact", "service_requests (contact_id)", "reference IS NOT NULL"),
    # What runs every few seconds in every worker: reports to be followed, sessions that are over.
    ("service_requests_followed", "service_requests (backend, updated_at)", "state = 'filed' AND status IS DISTINCT FROM 'closed'"),
    ("outbox_unsent", "outbox (inbox)", "state <> 'sent'"),
    ("web_sessions_by_end", "web_sessions (expires_at)", None),
    # A worker's look for work, in the order of arrival; without the index by time it stops as soon as it has enough.
    ("events_in_order", "events (id)", "state IN ('received', 'appended')"),
    ("outbox_in_order", "outbox (id)", "state IN ('pending', 'sending')"),
    # Back ends that ask us for changes.
    ("georeport_requests_by_update", "georeport_requests (updated_at)", None),
)  # fmt: skip
# With these the planner sorted all that was open, thousands in a crisis, and compared each with each.
BY_TIME = (
    ("events_due", "events (available_at) WHERE state IN ('received', 'appended')"),
    ("outbox_due", "outbox (available_at) WHERE state IN ('pending', 'sending')"),
)


def upgrade() -> None:
    """No row is rewritten. `make bench-growth` shows the plans."""
    for name, columns, condition in INDEXES:
        op.execute(f"CREATE INDEX {name} ON {columns}" + (f" WHERE {condition}" if condition else ""))
    for name, _ in BY_TIME:
        op.execute(f"DROP INDEX {name}")


def downgrade() -> None:
    """The lists and the look for work grow slow again, and nothing else."""
    for name, columns in BY_TIME:
        op.execute(f"CREATE INDEX {name} ON {columns}")
    for name, _, _ in INDEXES:
        op.execute(f"DROP INDEX {name}")
