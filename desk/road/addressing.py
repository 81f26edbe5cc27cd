"""Addressing: a message of the log as its channel shall send it now, or why it cannot go now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from channels.base import Button, Channel, MediaRef, Outbound, Template
from channels.text import numbered
from city import City
from desk.model import Clock, Contact, Failure, Message
from desk.road.templates import choose, fill
from desk.road.window import reach_of
from desk.store import contacts, messages
from desk.store import reach as reach_store
from desk.store.outbox import Parcel
from desk.store.pool import Executor, Store

MediaUrl = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Ready:
    """Send this."""

    outbound: Outbound


@dataclass(frozen=True, slots=True)
class Waits:
    """It waits for the citizen, or for the thread to come back."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Refused:
    """It must not be sent."""

    failure: Failure


class Addressing:
    """Built once by the worker. `media_url` makes a link from which a provider may fetch a file of ours."""

    def __init__(
        self, store: Store, city: City, channels: Mapping[str, Channel], media_url: MediaUrl, clock: Clock
    ) -> None:
        self._store = store
        self._city = city
        self._channels = channels
        self._media_url = media_url
        self._clock = clock

    async def of(
        self, parcel: Parcel, message: Message, executor: Executor | None = None
    ) -> Ready | Waits | Refused:
        """What to do with this message now."""
        pool = executor or self._store.pool
        contact = await contacts.get(pool, parcel.contact_id)
        if contact is None:
            return Refused("erased")
        human, template = message.author == "agent", _chosen(message)
        reach = reach_of(self._channels[parcel.inbox].capabilities, contact, self._clock())
        if reach.blocked is not None:
            return Refused(reach.blocked)
        failure = reach.keeps_back(
            human=human, takes_thread=message.takes_thread, template=template is not None
        )
        if failure == "window_over":
            template = await self._news(pool, parcel, message, contact)
            failure = None if template is not None else failure
        if failure is not None:
            return Waits(failure)
        return Ready(await self._outbound(pool, parcel, message, reach.open, template))

    async def unreachable(self, parcel: Parcel) -> None:
        """The provider says that this contact cannot be reached."""
        await reach_store.mark(self._store.pool, parcel.contact_id, "unreachable_at", self._clock())

    async def took_thread(self, parcel: Parcel) -> None:
        """The thread is ours: what waited for that may go."""
        await reach_store.mark(self._store.pool, parcel.contact_id, "routed_away_at", None)
        await reach_store.release(self._store.pool, [parcel.contact_id])

    async def window_shut(self, parcel: Parcel, *, human: bool) -> None:
        """The provider says that the window is over, for an agent's words (`human`) or for all."""
        await reach_store.shut(self._store.pool, parcel.contact_id, human=human)

    async def _news(
        self, executor: Executor, parcel: Parcel, message: Message, contact: Contact
    ) -> Template | None:
        if message.news is None or not self._channels[parcel.inbox].capabilities.templates:
            return None
        config = choose(self._city, parcel.inbox, "news", message.language)
        if config is None:
            return None
        known = {"name": contact.name or "", "city": self._city.name, **message.news}
        _, template = fill(config, known)
        await messages.sent_as(executor, message.id, config.name)
        return template

    async def _outbound(
        self,
        pool: Executor,
        parcel: Parcel,
        message: Message,
        window_open: bool,
        template: Template | None,
    ) -> Outbound:
        text, buttons = message.text, message.buttons
        if buttons and not self._channels[parcel.inbox].capabilities.button_keeps and (
            message.reply_to is not None
            and await messages.followed(pool, message.contact_id, message.reply_to, message.reply_index or 0)
        ):  # fmt: skip
            # The next message of this answer would wipe the buttons away: numbers stay.
            text, buttons = numbered(text, [one.title for one in buttons]), ()
        return Outbound(
            message_id=str(message.id),
            contact=parcel.contact,
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
            thread=await reach_store.thread_of(pool, message.contact_id, message.seq),
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
