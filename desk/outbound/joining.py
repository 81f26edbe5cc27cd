"""Joins the messages of one turn into one, for channels that want that (e-mail)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from channels.base import Channel, Outbound
from desk.model import Message
from desk.outbound.eligibility import Eligibility, Ready
from desk.store.dialogue import messages
from desk.store.outbound import outbox
from desk.store.outbound.outbox import OutboxItem
from desk.store.pool import Store


@dataclass(frozen=True, slots=True)
class Joined:
    """The message to send, and the items that it contains beside the first."""

    outbound: Outbound
    others: Sequence[tuple[OutboxItem, Message]] = ()


async def join(
    store: Store, eligibility: Eligibility, channel: Channel, item: OutboxItem, outbound: Outbound
) -> Joined:
    """The item's message with those of the same turn behind it.

    After a crash the same items are found again, so that none is sent twice: they were written in one transaction,
    and all of them wait behind the first. Only the last list of choices is numbered, as only its numbers are understood;
    those of an earlier one stand under their question and are chosen by their words."""
    if not channel.capabilities.joins or outbound.human:
        return Joined(outbound)
    others: list[tuple[OutboxItem, Message]] = []
    for other in await outbox.list_same_turn(store.pool, item):
        message = await messages.get_by_id(store.pool, other.message_id)
        found = message and await eligibility.of(other, message)
        if message is None or not isinstance(found, Ready):
            break
        more = found.outbound
        if outbound.buttons and more.buttons:
            outbound = _unnumbered(outbound)
        outbound = replace(
            outbound,
            text=f"{outbound.text}\n\n{more.text}",
            buttons=outbound.buttons + more.buttons,
            media=outbound.media + more.media,
            asks_location=outbound.asks_location or more.asks_location,
        )
        others.append((other, message))
    return Joined(outbound, others)


def _unnumbered(outbound: Outbound) -> Outbound:
    choices = "\n".join(f"- {button.title}" for button in outbound.buttons)
    return replace(outbound, text=f"{outbound.text}\n\n{choices}", buttons=())
