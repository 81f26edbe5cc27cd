"""Decides whether a message may be sent now, and builds what its channel has to send."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from channels.base import Button, Channel, MediaRef, Outbound, Template
from channels.kit.text import numbered
from city import City
from desk.model import Clock, Contact, Failure, Message
from desk.outbound.reply_window import reach_of
from desk.outbound.spending import forbidden_destination
from desk.outbound.templates import choose, fill
from desk.people.identity.codes import MASK, IdentityCodes
from desk.store.dialogue import messages
from desk.store.outbound import reach as reach_store
from desk.store.outbound.outbox import OutboxItem
from desk.store.people import contacts
from desk.store.pool import Executor, Store

MediaUrl = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Ready:
    """It may be sent now, as `outbound`."""

    outbound: Outbound


@dataclass(frozen=True, slots=True)
class Later:
    """It has to wait until the citizen writes, or until we have the thread again."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class NotEligible:
    """It must not be sent."""

    failure: Failure


class Eligibility:
    """Built once by the worker. `media_url` makes a link from which a provider can fetch one of our files."""

    def __init__(
        self,
        store: Store,
        city: City,
        channels: Mapping[str, Channel],
        media_url: MediaUrl,
        clock: Clock,
        codes: IdentityCodes,
    ) -> None:
        self._store = store
        self._city = city
        self._channels = channels
        self._media_url = media_url
        self._clock = clock
        self._codes = codes

    async def of(
        self, item: OutboxItem, message: Message, executor: Executor | None = None
    ) -> Ready | Later | NotEligible:
        """What to do with this message now."""
        pool = executor or self._store.pool
        contact = await contacts.get_by_id(pool, item.contact_id)
        if contact is None:
            return NotEligible("erased")
        human, template = message.author == "agent", _chosen(message)
        reach = reach_of(self._channels[item.inbox].capabilities, contact, self._clock())
        if reach.blocked is not None and not (message.confirms_stop and reach.blocked == "opted_out"):
            return NotEligible(reach.blocked)
        if forbidden_destination(self._channels[item.inbox], contact.external_id):
            return NotEligible("forbidden_number")
        failure = (
            None
            if message.confirms_stop
            else reach.keeps_back(
                human=human, takes_thread=message.takes_thread, template=template is not None
            )
        )
        if failure == "window_over":
            template = await self._news(pool, item, message, contact)
            failure = None if template is not None else failure
        if failure is not None:
            return Later(failure)
        return Ready(await self._outbound(pool, item, message, reach.open, template))

    async def unreachable(self, item: OutboxItem) -> None:
        """Record that the provider reports this contact as unreachable."""
        await reach_store.set_mark(self._store.pool, item.contact_id, "unreachable_at", self._clock())

    async def took_thread(self, item: OutboxItem) -> None:
        """Record that we have the thread, and release the messages that waited for it."""
        await reach_store.set_mark(self._store.pool, item.contact_id, "routed_away_at", None)
        await reach_store.mark_released(self._store.pool, [item.contact_id])

    async def window_shut(self, item: OutboxItem, *, human: bool) -> None:
        """Record that the reply window is over, for agents' messages (`human`) or for all messages."""
        await reach_store.mark_window_closed(self._store.pool, item.contact_id, human=human)

    async def _news(
        self, executor: Executor, item: OutboxItem, message: Message, contact: Contact
    ) -> Template | None:
        if message.news is None or not self._channels[item.inbox].capabilities.templates:
            return None
        config = choose(self._city, item.inbox, "news", message.language)
        if config is None:
            return None
        known = {"name": contact.name or "", "city": self._city.name, **message.news}
        _, template = fill(config, known)
        await messages.mark_sent_as_template(executor, message.id, config.name)
        return template

    async def _outbound(
        self,
        pool: Executor,
        item: OutboxItem,
        message: Message,
        window_open: bool,
        template: Template | None,
    ) -> Outbound:
        text, buttons = message.text, message.buttons
        if message.identity_check:
            text = text.replace(MASK, self._codes.of(message.identity_check))
        if buttons and not self._channels[item.inbox].capabilities.button_keeps and (
            message.reply_to is not None
            and await messages.is_followed(pool, message.contact_id, message.reply_to, message.reply_index or 0)
        ):  # fmt: skip
            # The next message of this answer would remove the buttons; numbers in the text stay.
            text, buttons = numbered(text, [one.title for one in buttons]), ()
        return Outbound(
            message_id=str(message.id),
            contact=item.contact,
            text=text,
            language=message.language,
            buttons=tuple(Button(one.id, one.title) for one in buttons),
            media=tuple(
                MediaRef(one.id, one.content_type, url=self._media_url(one.id)) for one in message.attachments
            ),
            asks_location=message.asks_location,
            human=message.author == "agent",
            window_open=window_open,
            takes_thread=message.takes_thread,
            passes_thread=message.passes_thread,
            template=template,
            thread=await reach_store.get_thread(pool, message.contact_id, message.seq),
        )


def _chosen(message: Message) -> Template | None:
    chosen = message.template
    if chosen is None:
        return None
    values = chosen.get("values")
    return Template(
        str(chosen["name"]),
        str(chosen["language"]),
        tuple(str(one) for one in values) if isinstance(values, list) else (),
    )
