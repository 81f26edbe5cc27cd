"""Which process may do what with which table. The owner of the database gives these rights after every migration.

The roles are created once by deploy/postgres/roles.sql, or by the launcher for the embedded database. A
compromised process, or an SQL injection, can do no more than what is listed here: nobody rewrites or deletes
the audit, and nobody changes the schema. tests/security/test_grants.py compares this with the code.
"""

from collections.abc import Mapping, Sequence

from desk.store.pool import Executor

GATEWAY, WORKER, BOT = "civicdesk_gateway", "civicdesk_worker", "civicdesk_bot"
TRAINER = "civicdesk_trainer"
"""A model is a program: a bot that was taken over must not choose what the other bots load."""
ROLES = (GATEWAY, WORKER, BOT, TRAINER)

READ = "SELECT"
APPEND = "SELECT, INSERT"
WRITE = "SELECT, INSERT, UPDATE"
ALL = "SELECT, INSERT, UPDATE, DELETE"

GRANTS: Mapping[str, Mapping[str, str]] = {
    "agent_passkeys": {GATEWAY: ALL},
    "agent_presence": {GATEWAY: WRITE, WORKER: WRITE},
    "agent_recovery_codes": {GATEWAY: "SELECT, INSERT, DELETE"},
    "agent_sessions": {GATEWAY: ALL},
    "agent_totp": {GATEWAY: ALL},
    "agents": {GATEWAY: WRITE, WORKER: READ},
    "answer_areas": {GATEWAY: WRITE},
    "answer_days": {GATEWAY: READ, WORKER: WRITE},
    "answer_links": {GATEWAY: READ, WORKER: ALL},
    "answer_marks": {GATEWAY: WRITE},
    "answer_proposals": {GATEWAY: WRITE, WORKER: APPEND},
    "answer_ratings": {GATEWAY: READ, WORKER: WRITE},
    "answer_recall_people": {GATEWAY: APPEND, WORKER: "SELECT, UPDATE"},
    "answer_recalls": {GATEWAY: WRITE, WORKER: READ},
    "answer_reviews_due": {WORKER: APPEND},
    "answer_states": {GATEWAY: APPEND, WORKER: APPEND},
    "answer_stops": {GATEWAY: WRITE, WORKER: READ},
    "answer_versions": {GATEWAY: APPEND, WORKER: APPEND},
    "answers": {GATEWAY: WRITE, WORKER: WRITE},
    "alert_entries": {WORKER: ALL},
    "alert_polls": {GATEWAY: "SELECT, UPDATE", WORKER: WRITE},
    "alerts": {GATEWAY: "SELECT, UPDATE", WORKER: ALL},
    "alembic_version": {GATEWAY: READ, WORKER: READ},
    "arrival_tries": {WORKER: ALL},
    "audit": {GATEWAY: APPEND, WORKER: "INSERT"},
    "billed_units": {WORKER: "SELECT, INSERT, DELETE"},
    "buttons": {GATEWAY: "INSERT", WORKER: APPEND},
    "canned_texts": {GATEWAY: WRITE, WORKER: APPEND},
    "city_setting_versions": {GATEWAY: APPEND, WORKER: APPEND},
    "city_settings": {GATEWAY: WRITE, WORKER: WRITE},
    "closure_checks": {GATEWAY: WRITE, WORKER: WRITE},
    "compared_questions": {
        GATEWAY: "SELECT, UPDATE",
        WORKER: "SELECT, INSERT, DELETE",
        TRAINER: "SELECT, UPDATE, DELETE",
    },
    "comparisons": {GATEWAY: WRITE, WORKER: "SELECT, UPDATE", TRAINER: "SELECT, UPDATE"},
    "contact_devices": {GATEWAY: ALL, WORKER: "SELECT, UPDATE, DELETE"},
    "contacts": {GATEWAY: WRITE, WORKER: WRITE},
    "conversation_holds": {GATEWAY: READ, WORKER: WRITE},
    "conversation_notes": {GATEWAY: WRITE, WORKER: READ},
    "conversation_offers": {GATEWAY: WRITE, WORKER: WRITE},
    "conversation_tags": {GATEWAY: "SELECT, INSERT, DELETE", WORKER: APPEND},
    "conversation_transitions": {GATEWAY: APPEND, WORKER: APPEND},
    "conversations": {GATEWAY: WRITE, WORKER: WRITE},
    "corrections": {GATEWAY: WRITE, WORKER: "SELECT, UPDATE"},
    "early_receipts": {GATEWAY: APPEND, WORKER: "SELECT, INSERT, DELETE"},
    "erasures": {GATEWAY: APPEND},
    "events": {GATEWAY: WRITE, WORKER: WRITE},
    "fact_states": {GATEWAY: APPEND, WORKER: APPEND},
    "fact_versions": {GATEWAY: APPEND, WORKER: APPEND},
    "facts": {GATEWAY: WRITE, WORKER: WRITE},
    "georeport_changes": {GATEWAY: APPEND},
    "georeport_requests": {GATEWAY: WRITE},
    "handoffs": {GATEWAY: APPEND, WORKER: "SELECT, INSERT, DELETE"},
    "identity_checks": {GATEWAY: WRITE, WORKER: "SELECT, UPDATE"},
    "incident_attachments": {GATEWAY: WRITE},
    "incident_news": {GATEWAY: WRITE, WORKER: READ},
    "incident_people": {GATEWAY: WRITE, WORKER: "SELECT, UPDATE"},
    "incidents": {GATEWAY: WRITE, WORKER: READ},
    "inbox_health": {GATEWAY: "SELECT, UPDATE", WORKER: WRITE},
    "legal_holds": {GATEWAY: WRITE},
    "learned_services": {GATEWAY: WRITE, WORKER: APPEND},
    "link_codes": {WORKER: ALL},
    "link_misses": {WORKER: "SELECT, INSERT, DELETE"},
    "macros": {GATEWAY: WRITE, WORKER: APPEND},
    "media": {GATEWAY: WRITE, WORKER: ALL},
    "media_usage": {GATEWAY: ALL, WORKER: ALL},
    "message_translations": {GATEWAY: "SELECT, INSERT, DELETE", WORKER: "SELECT, INSERT, DELETE"},
    "messages": {GATEWAY: WRITE, WORKER: WRITE},
    "not_taken": {GATEWAY: "SELECT, UPDATE", WORKER: "SELECT, INSERT, DELETE"},
    "models_in_use": {GATEWAY: APPEND, BOT: READ, TRAINER: APPEND},
    "note_mentions": {GATEWAY: WRITE, WORKER: READ},
    "page_passages": {WORKER: ALL},
    "page_words": {WORKER: "SELECT, INSERT, DELETE"},
    "pages": {WORKER: ALL},
    "notice_events": {GATEWAY: APPEND, WORKER: "INSERT"},
    "notice_mentions": {WORKER: APPEND},
    "notice_people": {GATEWAY: WRITE, WORKER: "SELECT, UPDATE"},
    "notice_plans": {GATEWAY: "SELECT, UPDATE", WORKER: WRITE},
    "notice_subscriptions": {GATEWAY: READ, WORKER: WRITE},
    "notice_versions": {GATEWAY: WRITE, WORKER: WRITE},
    "notices": {GATEWAY: WRITE, WORKER: WRITE},
    "outbox": {GATEWAY: WRITE, WORKER: WRITE},
    "partner_transfers": {GATEWAY: WRITE, WORKER: "SELECT, UPDATE"},
    "periodic_tasks": {WORKER: WRITE},
    "push_devices": {GATEWAY: ALL, WORKER: "SELECT, DELETE"},
    "push_notices": {WORKER: ALL},
    "redactions": {GATEWAY: APPEND, WORKER: READ},
    "list_views": {GATEWAY: ALL},
    "regression_questions": {GATEWAY: WRITE, TRAINER: READ},
    "reminders": {GATEWAY: WRITE, WORKER: APPEND},
    "reply_drafts": {GATEWAY: ALL, WORKER: "SELECT, DELETE"},
    "presence_history": {GATEWAY: READ},
    "quality_reviews": {GATEWAY: WRITE, WORKER: READ},
    "request_changes": {GATEWAY: APPEND, WORKER: WRITE},
    "request_followers": {GATEWAY: WRITE, WORKER: WRITE},
    "request_proofs": {GATEWAY: READ, WORKER: WRITE},
    "rule_drafts": {GATEWAY: "SELECT, DELETE", WORKER: ALL},
    "rule_events": {WORKER: "SELECT, INSERT, DELETE"},
    "rule_runs": {GATEWAY: READ, WORKER: APPEND},
    "rules": {GATEWAY: WRITE, WORKER: READ},
    "rumour_claims": {GATEWAY: "SELECT, UPDATE", WORKER: ALL},
    "rumour_people": {GATEWAY: WRITE, WORKER: WRITE},
    "rumour_vectors": {GATEWAY: "SELECT, UPDATE", WORKER: APPEND},
    "rumour_versions": {GATEWAY: APPEND, WORKER: READ},
    "rumours": {GATEWAY: WRITE, WORKER: "SELECT, INSERT, UPDATE, DELETE"},
    "scheduled_messages": {GATEWAY: WRITE, WORKER: WRITE},
    "schema_compat": {GATEWAY: READ, WORKER: READ},
    "service_requests": {GATEWAY: WRITE, WORKER: WRITE},
    "shared_answers": {GATEWAY: "SELECT, UPDATE", WORKER: WRITE},
    "shared_sets": {GATEWAY: READ, WORKER: WRITE},
    "sign_in_attempts": {GATEWAY: "SELECT, INSERT, DELETE"},
    "sign_in_steps": {GATEWAY: "SELECT, INSERT, DELETE"},
    "snoozes": {GATEWAY: ALL},
    "tags": {GATEWAY: WRITE, WORKER: APPEND},
    "staff_mails": {WORKER: ALL},
    "surveys": {GATEWAY: "SELECT, UPDATE", WORKER: WRITE},
    "teams": {GATEWAY: WRITE, WORKER: APPEND},
    "trackers": {BOT: ALL},
    "trained_models": {GATEWAY: READ, BOT: READ, TRAINER: "SELECT, INSERT, DELETE"},
    "trainings": {GATEWAY: APPEND, BOT: READ, TRAINER: "SELECT, UPDATE"},
    "turns": {GATEWAY: "SELECT, UPDATE", WORKER: APPEND},
    "wait_backtests": {GATEWAY: READ, WORKER: WRITE},
    "wait_calibrations": {GATEWAY: READ, WORKER: WRITE},
    "unanswered_groups": {GATEWAY: "SELECT, UPDATE", WORKER: "SELECT, INSERT, DELETE"},
    "unanswered_progress": {WORKER: WRITE},
    "unanswered_questions": {GATEWAY: READ, WORKER: ALL},
    "upload_parts": {GATEWAY: "SELECT, INSERT, DELETE"},
    "uploads": {GATEWAY: ALL, WORKER: "SELECT, DELETE"},
    "wait_statements": {GATEWAY: APPEND, WORKER: ALL},
    "web_sessions": {GATEWAY: ALL, WORKER: "SELECT, DELETE"},
    "whispers": {GATEWAY: WRITE},
    "write_checks": {GATEWAY: WRITE},
}
"""Table -> role -> verbs. Only the owner may use a table that is not listed here."""

HIDDEN: Mapping[tuple[str, str], frozenset[str]] = {
    ("agents", WORKER): frozenset({"password_hash"}),
    ("conversation_notes", WORKER): frozenset({"text"}),
    ("trained_models", GATEWAY): frozenset({"model"}),
}
"""Columns of a table that a role may not read."""


async def missing_roles(executor: Executor) -> list[str]:
    """Those of ROLES that this server does not have."""
    there = await executor.fetch("SELECT rolname FROM pg_roles WHERE rolname = ANY($1)", list(ROLES))
    return sorted(set(ROLES) - {row["rolname"] for row in there})


async def grant(executor: Executor) -> None:
    """Give the roles that exist exactly these rights, inside the caller's transaction; repeating it changes nothing."""
    roles = set(ROLES) - set(await missing_roles(executor))
    if not roles:
        return
    rows = await executor.fetch(
        """SELECT c.relname AS name, array_agg(a.attname::text) AS columns
           FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY c.relname"""
    )
    columns = {row["name"]: row["columns"] for row in rows}
    lines = [f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {', '.join(sorted(roles))}"]
    lines += [
        f"GRANT {_verbs(table, role, verbs, columns[table])} ON {table} TO {role}"
        for table, given in GRANTS.items()
        for role, verbs in given.items()
        if table in columns and role in roles
    ]
    await executor.execute(";\n".join(lines))


def _verbs(table: str, role: str, verbs: str, columns: Sequence[str]) -> str:
    hidden = HIDDEN.get((table, role))
    if not hidden:
        return verbs
    shown = ", ".join(f'"{name}"' for name in sorted(set(columns) - hidden))
    return ", ".join(f"{verb} ({shown})" if verb == "SELECT" else verb for verb in verbs.split(", "))
