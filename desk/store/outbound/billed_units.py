"""What messages cost at a provider, reserved before sending, so that spending per hour is limited."""

from typing import Literal
from uuid import UUID

from desk.store.pool import Executor

Exceeded = Literal["contact_cap", "inbox_cap"]

FOR_NEW = 0.75
"""The share of an inbox's limit that contacts less than a day old may use. The rest is reserved for older
contacts."""


async def reserve(
    transaction: Executor,
    *,
    item_id: int,
    inbox: str,
    contact_id: UUID,
    units: int,
    inbox_per_hour: int,
    contact_per_hour: int,
    by_agent: bool,
    in_queue: bool,
) -> Exceeded | None:
    """Reserve a message's units, or return the limit they would exceed. A retried message is counted once.
    An agent's messages (`by_agent`) are counted but never refused. `in_queue`: the citizen is waiting for a
    person and is told so, whatever has been used."""
    await transaction.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"billed {inbox}")
    row = await transaction.fetchrow(
        """SELECT EXISTS (SELECT 1 FROM billed_units WHERE item_id = $1) AS counted,
                  coalesce(sum(units), 0) AS used, coalesce(sum(units) FILTER (WHERE new_contact), 0) AS used_by_new,
                  coalesce(sum(units) FILTER (WHERE contact_id = $3), 0) AS used_by_contact,
                  (SELECT created_at > clock_timestamp() - interval '1 day' FROM contacts WHERE id = $3) AS is_new
           FROM billed_units WHERE inbox = $2 AND at > clock_timestamp() - interval '1 hour'""",
        item_id,
        inbox,
        contact_id,
    )
    if row["counted"]:
        return None
    if not by_agent:
        if not in_queue and row["used_by_contact"] + units > contact_per_hour:
            return "contact_cap"
        if row["used"] + units > inbox_per_hour:
            return "inbox_cap"
        if row["is_new"] and row["used_by_new"] + units > inbox_per_hour * FOR_NEW:
            return "inbox_cap"
    await transaction.execute(
        "INSERT INTO billed_units (item_id, inbox, contact_id, units, new_contact) VALUES ($1, $2, $3, $4, $5)",
        item_id,
        inbox,
        contact_id,
        units,
        bool(row["is_new"]),
    )
    return None


async def delete_old(executor: Executor) -> None:
    """Nothing counts for longer than an hour; a day is kept for investigation."""
    await executor.execute("DELETE FROM billed_units WHERE at < now() - interval '1 day'")
