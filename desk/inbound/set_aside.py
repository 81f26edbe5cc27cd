"""Records arrivals that a listener did not turn into a message, so that an agent can review them."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from channels.base import Inbound
from desk.inbound.batch import payload
from desk.runtime.sanitize import sanitize_mapping, sanitize_text
from desk.store.inbound import set_aside
from desk.store.pool import Store

log = structlog.get_logger("intake")

BY_HAND = "by hand"
_NOTE = "An agent accepted this mail by hand, so no automatic answer is sent. It was set aside as: {reason}."


async def record(store: Store, inbox: str, inbounds: Sequence[Inbound]) -> None:
    """Record the ignored and the unreadable ones of these. Raises the errors in UNREACHABLE."""
    for one in inbounds:
        unreadable = one.raw is not None and not one.text
        if one.kind != "ignored" and not unreadable:
            continue
        reason = one.reason or "unknown"
        log.info("arrival_not_taken", inbox=inbox, reason=reason, unreadable=unreadable)
        await set_aside.add_not_taken(
            store.pool,
            inbox,
            sanitize_text(one.external_id),
            "unreadable" if unreadable else "ignored",
            sanitize_text(reason),
            sender=sanitize_text(one.contact),
            subject=sanitize_text(one.thread.get("subject") or one.evidence.get("Subject", "")),
            headers={name: str(value) for name, value in sanitize_mapping(dict(one.evidence)).items()},
            raw=sanitize_text(one.raw) if one.raw else None,
            payload=_message(one, reason),
        )


def _message(inbound: Inbound, reason: str) -> dict[str, object] | None:
    """The message that an agent can still take; None if it has no author or no content, or is already in the log."""
    if (
        inbound.kind != "ignored"
        or not inbound.contact
        or not (inbound.text or inbound.media or inbound.unshown)
    ):
        return None
    note = " ".join(filter(None, [_NOTE.format(reason=reason), inbound.note]))
    message = replace(
        inbound,
        kind="message",
        external_id=f"{inbound.external_id}:by-hand",
        thread={**inbound.thread, "quiet": BY_HAND},
        note=note,
        raw=None,
        evidence={},
    )
    return sanitize_mapping(payload(message))
