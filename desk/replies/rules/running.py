"""Runs rules on events. Runs in every worker; one row per event ensures that each is handled once.

No rule triggers another: a rule's action is not an event. Rules perform at most MOST actions per conversation and day.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid5

import structlog

from city import City
from desk.conversations.announcing import Announcer
from desk.model import By, Clock, Conversation
from desk.replies.rules.matching import fits
from desk.runtime.error_place import where
from desk.store.dialogue import conversations
from desk.store.people import audit, contacts
from desk.store.pool import UNREACHABLE, Executor, Store, is_away
from desk.store.replies import canned, reminders, rules
from desk.store.replies.rules import Happened, Rule
from desk.store.routing import queue, teams

log = structlog.get_logger("rules")

EVERY = 2.0
"""Seconds between two looks."""
MOST = 20
DAY = timedelta(days=1)
KEPT = timedelta(days=2)
"""How long events are remembered; longer than a worker looks back."""


class Rules:
    """Built once by the worker's composition root."""

    def __init__(
        self, store: Store, city: City, announcer: Announcer, clock: Clock, *, every: float = EVERY
    ) -> None:
        self._store = store
        self._channels = {inbox.name: inbox.channel for inbox in city.inboxes}
        self._announcer = announcer
        self._clock = clock
        self._every = every
        self._looks = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Try rules on what happens until `stop` is set."""
        while not stop.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await stop.wait()
            if stop.is_set():
                return
            try:
                await self.step()
            except UNREACHABLE as error:
                log.warning("database_away", error=type(error).__name__)
            except Exception as error:
                log.error("rules_broke", error=type(error).__name__, where=where(error))

    async def step(self) -> int:
        """Try the rules on what has happened by now; returns how many events there were."""
        known = await rules.list_active(self._store.pool)
        self._looks += 1
        if self._looks % 1_000 == 1:
            await rules.delete_old_events(self._store.pool, self._clock() - KEPT)
        if not known:
            return 0
        happened = await rules.list_happened(self._store.pool, known, self._clock())
        for one in happened:
            try:
                await self._try(one, known)
            except Exception as error:
                if is_away(error):
                    raise
                # One event that fails must not stop the rules from running for the others.
                log.error(
                    "rule_broke",
                    conversation=str(one.conversation_id),
                    error=type(error).__name__,
                    where=where(error),
                )
                await rules.add_event(self._store.pool, one.key, self._clock())
        return len(happened)

    async def _try(self, one: Happened, known: list[Rule]) -> None:
        async with self._store.transaction() as transaction:
            contact_id = await conversations.get_contact_id(transaction, one.conversation_id)
            if contact_id is None or await contacts.lock(transaction, contact_id) is None:
                return
            if not await rules.add_event(transaction, one.key, self._clock()):
                return
            subject = await rules.get_subject(transaction, one.conversation_id)
            if subject is None:
                return
            text = one.text if one.text is not None else subject.text
            fitting = [
                rule
                for rule in known
                if rule.event == one.event
                and (one.rule_id is None or rule.id == one.rule_id)
                and (one.event == "waits" or rule.since is None or one.at > rule.since)
                and fits(rule, subject, self._channels, text, one.tag)
            ]
            for rule in fitting:
                await self._act(transaction, rule, one)

    async def _act(self, transaction: Executor, rule: Rule, one: Happened) -> None:
        now = self._clock()
        conversation = await conversations.get_by_id(transaction, one.conversation_id)
        if conversation is None or conversation.state == "resolved":
            return
        if await rules.count_runs(transaction, conversation.id, now - DAY) >= MOST:
            log.warning("rules_stopped", conversation=str(conversation.id), rule=str(rule.id))
            return
        acts = rule.acts
        if acts.tag:
            await rules.add_tag(transaction, conversation.id, acts.tag)
        if acts.priority is not None:
            await queue.set_priority(transaction, conversation.id, acts.priority)
        if acts.team:
            await self._move(transaction, conversation, acts.team)
        if acts.canned and await canned.get_text(transaction, acts.canned):
            await rules.set_draft(transaction, conversation.id, rule.id, acts.canned)
        if acts.notify:
            await self._notify(transaction, rule, one, conversation)
        await rules.add_run(transaction, rule.id, conversation.id, now)
        await audit.add_line(transaction, None, "rule", conversation.id, {"rule": str(rule.id)}, now)
        self._announcer.moved(conversation)
        log.info("rule_ran", rule=str(rule.id), conversation=str(conversation.id), rule_event=one.event)

    async def _move(self, transaction: Executor, conversation: Conversation, team: str) -> None:
        """To another team's queue, while nobody has it: an agent's conversation stays with the agent."""
        known: Mapping[str, object] = {one.name: one for one in await teams.list_teams(transaction)}
        if conversation.state == "queued" and conversation.team != team and team in known:
            await conversations.transfer_to_team(
                transaction, conversation.id, team, By("system", "transferred")
            )

    async def _notify(
        self, transaction: Executor, rule: Rule, one: Happened, conversation: Conversation
    ) -> None:
        agent_id = UUID(rule.acts.notify)
        await reminders.add_reminder(
            transaction,
            uuid5(agent_id, f"{rule.id} {one.key}"),
            agent_id,
            conversation.id,
            f"Rule: {rule.title}",
            self._clock(),
        )
