"""What people see of the alerts of other services, and the draft that they make of one by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from city import City
from city.notices.alerts import AlertSource
from desk.alerts.matching import HOURS, SETTING, empty_texts
from desk.model import Actor, Clock, NotFound
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.store import city_settings
from desk.store.notices import alerts, notices
from desk.store.notices.alerts import KeptAlert, Poll
from desk.store.notices.notices import Content
from desk.store.pool import Store

SHOWN = 100
"""Alerts in the list."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The sources of the settings with where each is at, the newest alerts, and whether an administrator saved the rules."""

    sources: Sequence[tuple[AlertSource, Poll | None]]
    alerts: Sequence[KeptAlert]
    titles: Mapping[str, str]
    rules: int
    banners: int
    authored: bool


class AlertReading:
    """Built once by the console's composition root. Every method raises NotAllowed."""

    def __init__(self, store: Store, city: City, clock: Clock) -> None:
        self._store = store
        self._city = city
        self._clock = clock

    async def overview(self, actor: Actor) -> Overview:
        """Everything that the page shows."""
        require(actor, Permission.READ_NOTICES)
        pool = self._store.pool
        polls = await alerts.list_polls(pool)
        sources, rules = self._city.alert_sources, self._city.alert_rules
        return Overview(
            [(one, polls.get(one.name)) for one in sources], await alerts.list_newest(pool, SHOWN),
            {one.name: one.title for one in sources}, len(rules), sum(one.then == "banner" for one in rules),
            await city_settings.get_author(pool, SETTING) is not None,
        )  # fmt: skip

    async def count_waiting(self, actor: Actor) -> int:
        """How many need a person."""
        require(actor, Permission.READ_NOTICES)
        return await alerts.count_waiting(self._store.pool)

    async def of_notice(self, actor: Actor, notice_id: UUID) -> Sequence[KeptAlert]:
        """The alerts from which a notice came."""
        require(actor, Permission.READ_NOTICES)
        return await alerts.list_of_notice(self._store.pool, notice_id)

    async def read_now(self, actor: Actor, source: str) -> None:
        """Read a source as soon as possible. Raises NotFound."""
        require(actor, Permission.DRAFT_NOTICES)
        if not await alerts.mark_due(self._store.pool, source):
            raise NotFound("There is no such source.")

    async def draft(self, actor: Actor, alert_id: UUID) -> UUID:
        """An empty draft beside the alert's own words; the notice that there is, where the alert has one. Raises NotFound."""
        require(actor, Permission.DRAFT_NOTICES)
        now = self._clock()
        async with self._store.transaction() as transaction:
            found = await alerts.get(transaction, alert_id)
            if found is None or found.state == "unreadable":
                raise NotFound("There is no such alert.")
            if found.notice_id is not None:
                return found.notice_id
            source = next((one for one in self._city.alert_sources if one.name == found.source), None)
            scenario = source.scenario if source else "storm"
            content = Content(
                "alert", {"districts": []}, (), (), empty_texts(scenario, self._city.languages), now,
                now + timedelta(hours=HOURS),
            )  # fmt: skip
            id = await notices.add_notice(transaction, scenario, None, now, actor.agent_id)
            await notices.add_version(transaction, id, "first", content, now, actor.agent_id, alert=alert_id)
            await notices.add_event(transaction, id, 1, "written", now, actor.agent_id)
            await alerts.set_outcome(transaction, alert_id, "draft", "Drafted by hand.", id)
            await audit.record(
                transaction, actor.agent_id, "notice_written", None, now, notice=str(id), version="1", alert=str(alert_id)
            )  # fmt: skip
        return id

    async def decide(self, actor: Actor, alert_id: UUID) -> None:
        """Somebody has looked at an alert that needed a person. Raises NotFound."""
        require(actor, Permission.DRAFT_NOTICES)
        async with self._store.transaction() as transaction:
            found = await alerts.get(transaction, alert_id)
            if found is None or found.state != "needs_person":
                raise NotFound("There is no such alert.")
            await alerts.set_outcome(
                transaction, alert_id, "ended", f"{found.why} Somebody decided.", found.notice_id
            )
            await audit.record(
                transaction, actor.agent_id, "alert_decided", None, self._clock(), alert=str(alert_id)
            )
