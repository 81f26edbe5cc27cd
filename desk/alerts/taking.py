"""Takes an alert in: it becomes a draft for people, by an administrator's rule a banner, or nothing; updates and cancels follow.

The alert and what becomes of it are one transaction, so that a crash neither loses nor repeats one. What a person has begun to
write is never replaced: the alert then waits for them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec
import structlog

from city import City
from city.notices.alerts import AlertRule, AlertSource
from city.settings import with_values
from desk.alerts import matching
from desk.alerts.cap import Alert, Reference
from desk.alerts.matching import SETTING, Placed
from desk.alerts.versions import add_by_alert, change_by_alert, drop_by_alert
from desk.model import Clock
from desk.notices.checking import ALL_CLEAR, problems_of
from desk.notices.plan import Plan, texts_as_kept
from desk.store import city_settings
from desk.store.notices import alerts, notices, plans
from desk.store.notices.alerts import NewAlert
from desk.store.notices.notices import Content, NoticeVersion
from desk.store.pool import Executor, Store

log = structlog.get_logger("alerts")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an alert: a state of the table `alerts`, a sentence for people, and the notice."""

    state: str
    why: str
    notice_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The notice of an earlier message. `open` is its draft or proposal, `last` what was released last; `over`: it ended."""

    id: UUID
    open: NoticeVersion | None
    last: NoticeVersion | None
    over: bool

    @property
    def is_written_by_people(self) -> bool:
        """Whether somebody is at work on it."""
        return self.open is not None and (self.open.written_by is not None or self.open.state == "proposed")


class AlertTaking:
    """Built once by the worker."""

    def __init__(self, store: Store, city: City, clock: Clock) -> None:
        self._store = store
        self._city = city
        self._clock = clock

    async def take(self, source: AlertSource, entry: str, alert: Alert) -> Outcome | None:
        """Keep the alert and act on it; None if this source had it before."""
        now = self._clock()
        new = _kept(source, alert, now)
        async with self._store.transaction() as transaction:
            await alerts.lock(transaction)
            await alerts.add_entry(transaction, source.name, entry)
            id = await alerts.add_alert(transaction, new)
            if id is None:
                return None
            outcome = await self._act(transaction, id, source, alert, new, now)
            await alerts.set_outcome(transaction, id, outcome.state, outcome.why, outcome.notice_id)
        log.info("alert_taken", source=source.name, alert=str(id), kind=alert.kind, state=outcome.state)
        return outcome

    async def keep_unreadable(self, source: AlertSource, entry: str, why: str) -> None:
        """A document that cannot be used, for people to see."""
        async with self._store.transaction() as transaction:
            await alerts.lock(transaction)
            if not await alerts.add_entry(transaction, source.name, entry):
                return
            id = await alerts.add_alert(transaction, NewAlert(source.name, entry, self._clock()))
            assert id is not None
            await alerts.set_outcome(transaction, id, "unreadable", why, None)

    async def _act(
        self, transaction: Executor, id: UUID, source: AlertSource, alert: Alert, new: NewAlert, now: datetime
    ) -> Outcome:
        if why := await self._left_aside(transaction, source, alert, new):
            return Outcome("ignored", why)
        earlier = await self._earlier(transaction, source, alert, now)
        if alert.kind == "Error":
            if earlier is None:
                return Outcome("ignored", "It says that a message was wrong of which there is no notice.")
            return Outcome(
                "needs_person",
                "The source says that its earlier message was wrong. Decide about the notice.",
                earlier.id,
            )
        if alert.kind == "Cancel":
            return await self._end(transaction, id, earlier, now, "The source cancelled it.")
        if alert.ends_at is not None and alert.ends_at <= now:
            return Outcome("ignored", "It had expired when it was read.", earlier.id if earlier else None)
        placed = matching.place(alert, source, self._city, now)
        if placed is None:
            if earlier is not None:
                return await self._end(
                    transaction, id, earlier, now, "It does not concern the city any more."
                )
            return Outcome("ignored", "Its area does not touch the city.")
        return await self._say(transaction, id, source, alert, placed, earlier, now)

    async def _left_aside(
        self, transaction: Executor, source: AlertSource, alert: Alert, new: NewAlert
    ) -> str | None:
        """Why nothing is made of it, as far as its envelope says."""
        if alert.status != "Actual":
            return f"Its status is {alert.status}: it is not for the public."
        if alert.scope != "Public":
            return f"Its scope is {alert.scope}: it is not for the public."
        if alert.kind == "Ack":
            return "It only says that a message arrived."
        if source.senders and alert.sender not in source.senders:
            return "Its sender is none of those that the settings name."
        if other := await alerts.get_same(transaction, new):
            return f"The source {other} had it already."
        if alert.kind in ("Alert", "Update") and await alerts.is_replaced(
            transaction, source.name, _key(alert.reference), alert.sender
        ):
            return "A later message of the source replaces it."
        return None

    async def _say(
        self, transaction: Executor, id: UUID, source: AlertSource, alert: Alert, placed: Placed, earlier: _Earlier | None,
        now: datetime,
    ) -> Outcome:  # fmt: skip
        rules, author = await self._rules(transaction)
        info, rule = matching.decide(alert, source, rules, now)
        if rule is None and earlier is None and source.otherwise == "ignore":
            return Outcome("ignored", "No rule names it.")
        if earlier is not None and earlier.is_written_by_people:
            return Outcome(
                "needs_person", "Somebody is writing about it. Compare it with the draft.", earlier.id
            )
        plan = await self._plan(transaction, rule.plan if rule else None)
        speaker = source if rule and rule.words == "source" and author else None
        scenario = plan.scenario if plan else source.scenario
        content = matching.content_of_alert(
            alert, info, plan, placed, self._city.languages, now, scenario, speaker
        )
        hindered = self._hindered(alert, rule, plan, placed, author)
        if rule is None or rule.then == "draft" or hindered or author is None:
            return await self._draft(transaction, id, scenario, plan, content, earlier, now, hindered)
        assert plan is not None
        return await self._banner(transaction, id, plan, content, earlier, now, author)

    def _hindered(
        self, alert: Alert, rule: AlertRule | None, plan: Plan | None, placed: Placed, author: UUID | None
    ) -> str:
        """Why a rule does not act by itself; empty if it may."""
        if rule is None:
            return ""
        if plan is None:
            return f"The rule's prepared message '{rule.plan}' is missing."
        if rule.then == "draft":
            return ""
        if author is None:
            return "The rules come from city.yml; they act once an administrator has saved them."
        if alert.signed:
            return "It has a signature, which was not checked."
        if not placed.sure:
            return "Its area could not be compared with the districts."
        if problems_of(texts_as_kept(plan.texts), self._city.languages):
            return "The prepared message is not complete."
        return ""

    async def _draft(
        self, transaction: Executor, id: UUID, scenario: str, plan: Plan | None, content: Content, earlier: _Earlier | None,
        now: datetime, why: str,
    ) -> Outcome:  # fmt: skip
        if earlier is None or earlier.over:
            notice_id = await notices.add_notice(transaction, scenario, plan.id if plan else None, now, None)
            await add_by_alert(transaction, notice_id, "first", content, now, id)
            return Outcome("draft", why, notice_id)
        await change_by_alert(transaction, earlier.open, earlier.id, "update", content, now, id)
        return Outcome("draft", why, earlier.id)

    async def _banner(
        self, transaction: Executor, id: UUID, plan: Plan, content: Content, earlier: _Earlier | None, now: datetime, author: UUID
    ) -> Outcome:  # fmt: skip
        if earlier is not None and earlier.open is not None:
            await drop_by_alert(transaction, earlier.open, now, id)
        if earlier is None or earlier.over or earlier.last is None:
            notice_id = await notices.add_notice(transaction, plan.scenario, plan.id, now, None)
            await add_by_alert(transaction, notice_id, "first", content, now, id, author)
            return Outcome("banner", "", notice_id)
        await add_by_alert(transaction, earlier.id, "update", content, now, id, author)
        return Outcome("banner", "", earlier.id)

    async def _end(
        self, transaction: Executor, id: UUID, earlier: _Earlier | None, now: datetime, why: str
    ) -> Outcome:
        """Drop the draft of a message that is no more, or say the all-clear: by itself where a rule said the message."""
        if earlier is None:
            return Outcome("ignored", f"{why} There is no notice to end.")
        if earlier.over:
            return Outcome("ended", f"{why} The notice was over.", earlier.id)
        if earlier.is_written_by_people:
            return Outcome(
                "needs_person", f"{why} Somebody is writing about it: decide what is said now.", earlier.id
            )
        if earlier.last is None:
            if earlier.open is not None:
                await drop_by_alert(transaction, earlier.open, now, id)
            return Outcome("ended", f"{why} The draft was dropped.", earlier.id)
        plan = await self._plan(transaction, await notices.get_plan(transaction, earlier.id))
        content = replace(
            earlier.last.content, level="recovery", overrides=(), starts_at=now, ends_at=now + ALL_CLEAR,
            texts=texts_as_kept(plan.all_clear) if plan else earlier.last.content.texts,
        )  # fmt: skip
        if earlier.last.rule_by is None or plan is None:
            await change_by_alert(transaction, earlier.open, earlier.id, "all_clear", content, now, id)
            return Outcome("draft", f"{why} The all-clear waits for a person.", earlier.id)
        if earlier.open is not None:
            await drop_by_alert(transaction, earlier.open, now, id)
        await add_by_alert(transaction, earlier.id, "all_clear", content, now, id, earlier.last.rule_by)
        return Outcome("ended", f"{why} The all-clear is said.", earlier.id)

    async def _earlier(
        self, transaction: Executor, source: AlertSource, alert: Alert, now: datetime
    ) -> _Earlier | None:
        """The notice of the messages that it refers to: of the same source and the same sender alone."""
        refs = [(one[1], one[2]) for one in alert.references if one[0] == alert.sender]
        notice_id = await alerts.get_notice_of(transaction, source.name, alert.sender, refs) if refs else None
        if notice_id is None:
            return None
        await notices.lock(transaction, notice_id)
        versions = await notices.list_versions(transaction, notice_id)
        last = next((one for one in reversed(versions) if one.state == "released"), None)
        open_one = next((one for one in versions if one.state in ("draft", "proposed")), None)
        ended = last is not None and (last.kind == "all_clear" or last.content.ends_at <= now)
        return _Earlier(notice_id, open_one, last, ended or (last is None and open_one is None))

    async def _rules(self, transaction: Executor) -> tuple[Sequence[AlertRule], UUID | None]:
        """The rules as they are stored now, and the administrator who saved them."""
        kept = (await city_settings.list_kept(transaction)).get(SETTING)
        if kept is None:
            return self._city.alert_rules, None
        stored = with_values(self._city, {SETTING: kept.value})
        return stored.alert_rules, await city_settings.get_author(transaction, SETTING)

    async def _plan(self, transaction: Executor, id: str | None) -> Plan | None:
        for one in await plans.list_plans(transaction) if id else ():
            if one.id == id:
                return msgspec.convert(dict(one.body), Plan)
        return None


def _kept(source: AlertSource, alert: Alert, now: datetime) -> NewAlert:
    return NewAlert(
        source.name, hashlib.sha256(repr(alert).encode("utf-8", "replace")).hexdigest(), now, alert.sender, alert.identifier,
        alert.sent, alert.status, alert.kind, [_key(one) for one in alert.references], alert.signed,
        [matching.body_of(one) for one in alert.infos] if alert.scope == "Public" else [],
    )  # fmt: skip


def _key(reference: Reference) -> str:
    sender, identifier, sent = reference
    return f"{sender},{identifier},{int(sent.timestamp())}"
