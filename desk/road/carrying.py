"""Carrying: one parcel, from its message to what the provider said of it, and that recorded."""

import asyncio
from collections.abc import Mapping

import structlog

from channels.base import (
    Channel,
    InboxBroken,
    Outbound,
    Request,
    RetryLater,
    Sent,
    Undeliverable,
    Unreachable,
    WindowClosed,
)
from desk.model import Failure, Message
from desk.road.addressing import Addressing, Ready, Refused, Waits
from desk.road.gate import Gate
from desk.road.leases import LeaseLost
from desk.road.outcomes import Outcomes, insist
from desk.road.parcels import InHand
from desk.road.scrub import scrub_text
from desk.road.trouble import where
from desk.store import contacts, messages, outbox
from desk.store.health import NOT_YET
from desk.store.outbox import Parcel
from desk.store.pool import UNREACHABLE, Store, is_away

log = structlog.get_logger("delivery")


class Carrier:
    """Built once by delivery. `still`: a wait between two parts below this is slept through (seconds)."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        addressing: Addressing,
        gate: Gate,
        in_hand: InHand,
        outcomes: Outcomes,
        still: float,
    ) -> None:
        self._store = store
        self._channels = channels
        self._addressing = addressing
        self._gate = gate
        self._in_hand = in_hand
        self._outcomes = outcomes
        self._still = still

    async def carry(self, parcel: Parcel) -> None:
        """As far as it goes now. Raises what UNREACHABLE lists: then nothing was sent that is not recorded."""
        channel = self._channels.get(parcel.inbox)
        message = await messages.get(self._store.pool, parcel.message_id)
        if channel is None or message is None:
            log.error("no_channel", parcel=parcel.id, inbox=parcel.inbox)
            await self._outcomes.later(parcel, f"there is no inbox '{parcel.inbox}' in the city file", 60.0)
            return
        address = await self._addressing.of(parcel, message)
        if isinstance(address, Refused):
            await self._outcomes.stopped(parcel, message, address.failure, None)
        elif not isinstance(address, Ready):
            await self._wait(parcel, message)
        elif (wait := await self._gate.may_send(parcel.inbox, str(parcel.contact_id), bulk=parcel.bulk)) > 0:
            await outbox.held(self._store.pool, parcel, wait, NOT_YET)
        else:
            await self._hand_in(parcel, message, channel, address.outbound)

    async def _wait(self, parcel: Parcel, message: Message) -> None:
        """For the citizen. Decided under the contact's lock: who writes in this very moment must find it waiting."""
        async with self._store.transaction() as transaction:
            await contacts.lock(transaction, parcel.contact_id)
            address = await self._addressing.of(parcel, message, transaction)
            if isinstance(address, Waits):
                await outbox.wait_for_contact(transaction, parcel, address.failure)
            else:
                await outbox.held(transaction, parcel, 0.0, "something changed meanwhile")

    async def _hand_in(self, parcel: Parcel, message: Message, channel: Channel, outbound: Outbound) -> None:
        try:
            requests = channel.render(outbound)
        except WindowClosed as error:
            await self._refused(parcel, message, outbound, error)
            return
        except Exception as error:
            log.error("render_broke", parcel=parcel.id, error=type(error).__name__, where=where(error))
            await self._outcomes.stopped(
                parcel, message, "unrenderable", f"cannot be rendered: {type(error).__name__}"
            )
            return
        if not requests:
            # Sent would be a lie: nothing went.
            await self._outcomes.stopped(parcel, message, "unrenderable", "there is nothing in it to send")
            return
        try:
            for part, request in enumerate(requests):
                if part < parcel.parts:
                    continue
                if part > parcel.parts and not await self._turn_comes(parcel):
                    return
                await self._send(channel, parcel, part, request)
        except LeaseLost:
            log.warning("lease_lost", parcel=parcel.id)
        except RetryLater as error:
            unknown = error.accepted_unknown and not channel.capabilities.idempotent
            if unknown:
                await self._perhaps_taken(parcel, message, str(error))
            await self._gate.asked_to_wait(parcel.inbox, error)
            if not unknown:
                await self._outcomes.later(parcel, str(error), error.after, error.most)
        except Undeliverable as error:
            await self._gate.went_well(parcel.inbox)
            await self._refused(parcel, message, outbound, error)
        except InboxBroken as error:
            await self._gate.broken(parcel.inbox, error)
            await outbox.held(self._store.pool, parcel, 0.0, scrub_text(str(error)))
        except Exception as error:
            if is_away(error):
                raise
            log.error("send_broke", parcel=parcel.id, error=type(error).__name__, where=where(error))
            await self._perhaps_taken(parcel, message, type(error).__name__)
            await self._gate.failed(parcel.inbox, type(error).__name__)
        else:
            if outbound.takes_thread:
                await insist(lambda: self._addressing.took_thread(parcel))
            await insist(lambda: self._outcomes.sent(parcel, message))
            await self._gate.went_well(parcel.inbox)

    async def _perhaps_taken(self, parcel: Parcel, message: Message, error: str) -> None:
        """Recorded before all else and for as long as it takes: put back by the sweep, it would be sent twice."""
        await insist(lambda: self._outcomes.stopped(parcel, message, "unknown", error))

    async def _turn_comes(self, parcel: Parcel) -> bool:
        """A further part waits for its rate; false when it was put back for that."""
        while (
            wait := await self._gate.next_part(parcel.inbox, str(parcel.contact_id), bulk=parcel.bulk)
        ) > 0:
            if wait > self._still:
                await outbox.held(self._store.pool, parcel, wait, NOT_YET)
                return False
            await asyncio.sleep(wait)
        return True

    async def _refused(
        self, parcel: Parcel, message: Message, outbound: Outbound, error: Undeliverable
    ) -> None:
        failure: Failure = "unreachable" if isinstance(error, Unreachable) else "refused"
        if failure == "unreachable":
            await self._addressing.unreachable(parcel)
        if isinstance(error, WindowClosed) and outbound.template is None:
            # Looked at once more, with what we know now: a template, or it waits for the citizen.
            await self._addressing.window_shut(parcel, human=outbound.human)
            await outbox.held(self._store.pool, parcel, 0.0, scrub_text(str(error)))
            return
        await self._outcomes.stopped(parcel, message, failure, str(error))

    async def _send(self, channel: Channel, parcel: Parcel, part: int, request: Request) -> None:
        """One part to the provider, and recorded with the provider's id."""
        await self._in_hand.check(parcel)
        self._in_hand.ask(parcel)
        try:
            # The same key for the same part: a provider that knows keys takes it once.
            sent = await _sent(channel, request, f"{parcel.message_id}:{part}")
            self._outcomes.taken(parcel, sent.units)
            called = sent.external_id and scrub_text(sent.external_id)
            await insist(lambda: outbox.part_taken(self._store.pool, parcel.id, part + 1, called))
        except Exception:
            self._in_hand.answered(parcel)
            raise
        # After a cancellation it stays: the one who stops us must know that the provider had been asked.
        self._in_hand.answered(parcel)


async def _sent(channel: Channel, request: Request, key: str) -> Sent:
    try:
        return await channel.send(request, key)
    except UNREACHABLE as error:
        # A line that broke, and not the database's, for which whoever calls us would take it and send again.
        raise RetryLater(f"no answer ({type(error).__name__})", accepted_unknown=True) from error
