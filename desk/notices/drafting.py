"""From a draft to a release: what one person writes, another releases.

draft ──> proposed ──> released ──> ended (at its end, or by an all-clear)
  ▲           │
  └ sent back ┘    an update or an all-clear is the notice's next version, on the same way

The database enforces the second person too (constraint `two_people`), and keeps what was released as it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import structlog

from city import City
from city.notices.districts import Area, read_area_of
from desk.model import Actor, Clock, DeskError, NotFound
from desk.notices.addressing import address
from desk.notices.checking import ALL_CLEAR, LONGEST_HOLD, NoticeRefused, problems_of
from desk.people import audit
from desk.people.permissions import Permission, has_role, may, require
from desk.routing.hours import is_open
from desk.store.notices import notices
from desk.store.notices.notices import Content, NoticeVersion
from desk.store.pool import Executor, Store

log = structlog.get_logger("notices")

WHY = 500
_OPEN = ("draft", "proposed")


class NoticeMovedOn(DeskError):
    """The notice, as it is now, does not take this act. Nothing was changed."""


class Notices:
    """Built once. Every method raises NotAllowed, and NotFound or NoticeMovedOn if the notice is not in that state any more; each
    act leaves an event and an audit line."""

    def __init__(self, store: Store, city: City, answers: frozenset[str], clock: Clock) -> None:
        self._store = store
        self._city = city
        self._answers = answers
        self._clock = clock

    async def get(self, actor: Actor, notice_id: UUID) -> list[NoticeVersion]:
        """All versions, the first one first."""
        require(actor, Permission.READ_NOTICES)
        found = await notices.list_versions(self._store.pool, notice_id)
        if not found:
            raise NotFound("There is no such notice.")
        return found

    async def write(self, actor: Actor, scenario: str, content: Content, plan: str | None = None) -> UUID:
        """A new notice, as a draft. Raises NoticeRefused."""
        require(actor, Permission.DRAFT_NOTICES)
        clean = self._clean(content)
        now = self._clock()
        async with self._store.transaction() as transaction:
            id = await notices.add_notice(transaction, scenario, plan, now, actor.agent_id)
            version = await notices.add_version(transaction, id, "first", clean, now, actor.agent_id)
            await self._record(transaction, actor, id, version, "written")
        return id

    async def update(self, actor: Actor, notice_id: UUID) -> int:
        """A draft that begins as a copy of what is said now; returns its version."""
        require(actor, Permission.DRAFT_NOTICES)
        return await self._next(actor, notice_id, "update", lambda last: last.content)

    async def all_clear(self, actor: Actor, notice_id: UUID, texts: Mapping[str, Mapping[str, str]]) -> int:
        """A draft that ends the notice; returns its version."""
        require(actor, Permission.DRAFT_NOTICES)
        now = self._clock()

        def content(last: NoticeVersion) -> Content:
            return replace(
                last.content, level="recovery", overrides=(), texts=texts or last.content.texts,
                starts_at=now, ends_at=now + ALL_CLEAR,
            )  # fmt: skip

        return await self._next(actor, notice_id, "all_clear", content)

    async def change(self, actor: Actor, notice_id: UUID, version: int, content: Content) -> None:
        """Change a draft. Raises NoticeRefused."""
        require(actor, Permission.DRAFT_NOTICES)
        clean = self._clean(content)
        async with self._store.transaction() as transaction:
            found = await self._open(transaction, notice_id, version, ("draft",))
            if found.kind == "all_clear":
                clean = replace(clean, level="recovery", overrides=())
            await notices.set_content(transaction, notice_id, version, clean, self._clock(), actor.agent_id)
            await self._record(transaction, actor, notice_id, version, "changed")

    async def propose(self, actor: Actor, notice_id: UUID, version: int) -> None:
        """Ask a second person to release it. Raises NoticeRefused if the text is not complete."""
        require(actor, Permission.DRAFT_NOTICES)
        async with self._store.transaction() as transaction:
            found = await self._open(transaction, notice_id, version, ("draft",))
            self._complete(found)
            await notices.mark_proposed(transaction, notice_id, version, self._clock(), actor.agent_id)
            await self._record(transaction, actor, notice_id, version, "proposed")

    async def send_back(self, actor: Actor, notice_id: UUID, version: int, why: str) -> None:
        """It becomes a draft again."""
        self._require_any(actor)
        async with self._store.transaction() as transaction:
            await self._open(transaction, notice_id, version, ("proposed",))
            await notices.mark_sent_back(transaction, notice_id, version)
            await self._record(transaction, actor, notice_id, version, "sent_back", why)

    async def drop(self, actor: Actor, notice_id: UUID, version: int, why: str) -> None:
        """It is never released."""
        self._require_any(actor)
        async with self._store.transaction() as transaction:
            await self._open(transaction, notice_id, version, _OPEN)
            await notices.mark_dropped(transaction, notice_id, version)
            await self._record(transaction, actor, notice_id, version, "dropped", why)

    async def release(self, actor: Actor, notice_id: UUID, version: int, alone_why: str = "") -> int:
        """Say it everywhere; returns how many people are addressed. Somebody who wrote or proposed it needs `alone_why`, and
        the city's rules must allow it."""
        require(actor, Permission.RELEASE_NOTICES)
        if not has_role(actor, self._city.notice_rules.releasers):
            raise NoticeMovedOn("The city's rules do not let your role release notices.")
        now = self._clock()
        async with self._store.transaction() as transaction:
            found = await self._open(transaction, notice_id, version, ("proposed",))
            alone = self._alone(actor, found, alone_why, now)
            self._complete(found)
            await notices.mark_released(transaction, notice_id, version, now, actor.agent_id, alone)
            await self._record(transaction, actor, notice_id, version, "released", alone or "")
            if alone:
                await audit.record(
                    transaction, actor.agent_id, "notice_released_alone", None, now,
                    notice=str(notice_id), version=str(version),
                )  # fmt: skip
            people = await address(transaction, found, self._city, now)
        log.info("notice_released", notice=str(notice_id), version=version, people=people)
        return people

    def may_release(self, actor: Actor, found: NoticeVersion) -> bool:
        """Whether this person may release this proposal without acting alone."""
        return (
            found.state == "proposed"
            and may(actor, Permission.RELEASE_NOTICES)
            and has_role(actor, self._city.notice_rules.releasers)
            and actor.agent_id not in (found.written_by, found.proposed_by)
        )

    def may_act_alone(self, actor: Actor, found: NoticeVersion) -> bool:
        """Whether the city's rules let this person release their own proposal now."""
        rules = self._city.notice_rules
        return (
            found.state == "proposed"
            and may(actor, Permission.RELEASE_NOTICES)
            and has_role(actor, rules.releasers)
            and found.content.level in rules.alone
            and (
                rules.alone_when == "always"
                or (rules.alone_when == "closed" and not is_open(self._city, self._clock()))
            )
        )

    def _alone(self, actor: Actor, found: NoticeVersion, why: str, now: datetime) -> str | None:
        """The reason why one person acts alone, None if two did. Raises NoticeMovedOn."""
        if actor.agent_id not in (found.written_by, found.proposed_by):
            return None
        if not self.may_act_alone(actor, found):
            raise NoticeMovedOn("You wrote or proposed this, so somebody else has to release it.")
        if not why.strip():
            raise NoticeMovedOn("You wrote or proposed this. To release it alone, say why.")
        return why.strip()[:WHY]

    async def _next(self, actor: Actor, notice_id: UUID, kind: str, content: Any) -> int:
        now = self._clock()
        async with self._store.transaction() as transaction:
            if not await notices.lock(transaction, notice_id):
                raise NotFound("There is no such notice.")
            versions = await notices.list_versions(transaction, notice_id)
            if any(one.state in _OPEN for one in versions):
                raise NoticeMovedOn(
                    "Another version of this notice is being written. Finish or drop it first."
                )
            last = next((one for one in reversed(versions) if one.state == "released"), None)
            if last is None or last.kind == "all_clear" or last.content.ends_at <= now:
                raise NoticeMovedOn("This notice is not in force. Write a new one.")
            version = await notices.add_version(
                transaction, notice_id, kind, content(last), now, actor.agent_id
            )
            await self._record(transaction, actor, notice_id, version, "written")
        return version

    async def _open(
        self, transaction: Executor, notice_id: UUID, version: int, states: Sequence[str]
    ) -> NoticeVersion:
        await notices.lock(transaction, notice_id)
        versions = await notices.list_versions(transaction, notice_id)
        found = next((one for one in versions if one.version == version), None)
        if found is None:
            raise NotFound("There is no such version of a notice.")
        if found.state not in states:
            raise NoticeMovedOn("Somebody decided on this version already. Nothing was changed.")
        return found

    def _clean(self, content: Content) -> Content:
        """The content as it may be kept as a draft: of a right shape, but perhaps not complete. Raises NoticeRefused."""
        found = []
        try:
            area = read_area_of(content.area)
            if unknown := set(area.districts) - {one.name for one in self._city.districts}:
                found.append(f"There is no district '{sorted(unknown)[0]}'.")
        except msgspec.ValidationError:
            found.append("The area cannot be read. Use districts, one GeoJSON polygon, or a circle.")
            area = Area()
        if unknown_answers := sorted({*content.topics, *content.overrides} - self._answers):
            found.append(f"There is no answer '{unknown_answers[0]}'.")
        if content.ends_at <= content.starts_at:
            found.append("The end must come after the start.")
        elif content.ends_at - content.starts_at > LONGEST_HOLD:
            found.append("A notice holds for at most 30 days. Update it if it has to hold longer.")
        if found:
            raise NoticeRefused(found)
        texts = {
            language: {name: part.strip() for name, part in text.items()}
            for language, text in content.texts.items()
            if language in self._city.languages
        }
        return replace(content, area=msgspec.to_builtins(area), texts=texts)

    def _complete(self, found: NoticeVersion) -> None:
        problems = problems_of(found.content.texts, self._city.languages)
        if found.content.ends_at <= self._clock():
            problems.append("Its end is over. Choose a later one.")
        if problems:
            raise NoticeRefused(problems)

    def _require_any(self, actor: Actor) -> None:
        if not may(actor, Permission.RELEASE_NOTICES):
            require(actor, Permission.DRAFT_NOTICES)

    async def _record(
        self, transaction: Executor, actor: Actor, notice_id: UUID, version: int, what: str, why: str = ""
    ) -> None:
        now = self._clock()
        await notices.add_event(transaction, notice_id, version, what, now, actor.agent_id, why.strip()[:WHY])
        await audit.record(
            transaction,
            actor.agent_id,
            f"notice_{what}",
            None,
            now,
            notice=str(notice_id),
            version=str(version),
        )
