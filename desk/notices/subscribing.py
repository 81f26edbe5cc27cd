"""Subscriptions to notices: asked for in a conversation, kept with the consent, confirmed where the channel cannot vouch for the sender."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import structlog

from city import City
from desk.model import Clock
from desk.notices.languages import words_of
from desk.notices.wishes import Wish, wish_of
from desk.people.linking import Said
from desk.store.notices import subscriptions
from desk.store.pool import Store

log = structlog.get_logger("notices")

CONFIRMS = frozenset({"mail"})
"""Channels where anybody can write in somebody else's name: a subscription counts once the owner has confirmed it."""
CONFIRM_WITHIN = timedelta(days=2)


class Subscribing:
    """Built once by the worker."""

    def __init__(self, store: Store, city: City, clock: Clock) -> None:
        self._store = store
        self._city = city
        self._clock = clock
        self._channels: Mapping[str, str] = {inbox.name: inbox.channel for inbox in city.inboxes}

    async def handle_text(
        self, contact_id: UUID, inbox: str, text: str, language: str, *, proven: bool = True
    ) -> Said | None:
        """What the desk answers to somebody who wants notices or none; None if the text is about something else."""
        wish = wish_of(text, self._city.districts, language)
        if wish is None:
            return None
        now = self._clock()
        async with self._store.transaction() as transaction:
            if wish.act == "off":
                # Whoever gets notices about everything and wants none about storms gets none: asking again is easy.
                scenarios = (*wish.scenarios, "") if wish.scenarios else ()
                ended = await subscriptions.mark_ended(transaction, contact_id, now, scenarios)
                log.info("notices_unsubscribed", contact=str(contact_id), count=ended)
                return Said("notice_off" if ended else "notice_none")
            if wish.act == "confirm":
                count = 0
                if proven:
                    since = now - CONFIRM_WITHIN
                    count = await subscriptions.mark_confirmed(transaction, contact_id, now, since)
                if not count:
                    return Said("notice_none")
                log.info("notices_confirmed", contact=str(contact_id), count=count)
                everything = Wish("on", wish.language)
                return Said("notice_on", self._variables(everything))
            confirmed = self._channels.get(inbox) not in CONFIRMS
            for scenario in wish.scenarios or ("",):
                for district in wish.districts or ("",):
                    await subscriptions.add_subscription(
                        transaction, contact_id, scenario, district, now, source="chat", confirmed=confirmed
                    )
        log.info("notices_subscribed", contact=str(contact_id), confirmed=confirmed)
        return Said("notice_on" if confirmed else "notice_asked", self._variables(wish))

    def _variables(self, wish: Wish) -> dict[str, object]:
        vocabulary = words_of(wish.language)
        titles = [one.called(wish.language) for one in self._city.districts if one.name in wish.districts]
        return {
            "what": ", ".join(vocabulary.scenarios[one] for one in wish.scenarios) or vocabulary.anything,
            "where": ", ".join(titles) or vocabulary.everywhere,
            "stop": vocabulary.unsubscribe[0].upper(),
            "confirm": vocabulary.confirm[0].upper(),
        }
