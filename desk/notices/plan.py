"""Prepared messages (the plan): content/notices/*.yml is their seed and export format; the console changes them."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import msgspec
import yaml

from city.notices.rules import Level, Scenario
from desk.knowledge.content import ContentError
from desk.model import Actor, Clock, NotFound
from desk.notices.checking import NoticeRefused, NoticeText, problems_of
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.store.notices import plans
from desk.store.notices.notices import Content
from desk.store.pool import Store

_LINE = Annotated[str, msgspec.Meta(max_length=200)]


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One prepared message. `topics` and `overrides` are ids of answers; `hours` is how long it holds unless an editor
    chooses otherwise; `roles`, `checklist` and `contacts` are for those who release it."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    scenario: Scenario
    level: Level
    texts: dict[str, NoticeText]
    all_clear: dict[str, NoticeText]
    hours: Annotated[int, msgspec.Meta(ge=1, le=720)] = 12
    topics: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    roles: tuple[_LINE, ...] = ()
    checklist: tuple[_LINE, ...] = ()
    contacts: tuple[_LINE, ...] = ()


def load_plans(folder: Path) -> dict[str, Plan]:
    """All prepared messages by id; none where there is no such folder. Raises ContentError with a sentence."""
    found = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            plan = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Plan)
        except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
            raise ContentError(f"{path}: {' '.join(str(error).split())}.") from None
        if plan.id != path.stem:
            raise ContentError(f"{path}: the id is {plan.id!r}; it must be the file's name.")
        found[plan.id] = plan
    return found


def lint_plan(plan: Plan, languages: Sequence[str], answers: frozenset[str]) -> list[str]:
    """What is wrong with it, a sentence each."""
    found = [
        f"{plan.id}: {where}{one}"
        for where, texts in (("", plan.texts), ("all clear, ", plan.all_clear))
        for one in problems_of(texts_as_kept(texts), languages)
    ]
    unknown = sorted({*plan.topics, *plan.overrides} - answers)
    return found + [f"{plan.id}: there is no answer '{name}'." for name in unknown]


def texts_as_kept(texts: Mapping[str, NoticeText]) -> dict[str, dict[str, str]]:
    """Texts as a version of a notice keeps them."""
    kept: dict[str, dict[str, str]] = msgspec.to_builtins(texts)
    return kept


def body_of(plan: Plan) -> dict[str, Any]:
    """A prepared message as the database keeps it."""
    body: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(plan))
    return body


def plan_as_yaml(plan: Plan) -> str:
    """A prepared message as content/notices has it."""
    body = body_of(plan)
    return yaml.safe_dump(
        {name: value for name, value in body.items() if value not in ([], None)},
        allow_unicode=True, sort_keys=False, width=1_000,
    )  # fmt: skip


async def seed_plans(store: Store, content: Path, now: datetime) -> list[str]:
    """Take the files into the database; returns the ids that were changed in both places, which stay as the console has them."""
    files = await asyncio.to_thread(load_plans, content / "notices")
    async with store.transaction() as transaction:
        return [
            id for id, plan in files.items() if not await plans.add_seed(transaction, id, body_of(plan), now)
        ]


class Plans:
    """The prepared messages in the console. Built once."""

    def __init__(self, store: Store, languages: Sequence[str], answers: frozenset[str], clock: Clock) -> None:
        self._store = store
        self._languages = languages
        self._answers = answers
        self._clock = clock

    async def list(self, actor: Actor) -> list[Plan]:
        """All of them, by scenario. Raises NotAllowed."""
        require(actor, Permission.READ_NOTICES)
        kept = [msgspec.convert(dict(one.body), Plan) for one in await plans.list_plans(self._store.pool)]
        return sorted(kept, key=lambda one: (one.scenario, one.id))

    async def get(self, actor: Actor, id: str) -> Plan:
        """One of them. Raises NotAllowed or NotFound."""
        for plan in await self.list(actor):
            if plan.id == id:
                return plan
        raise NotFound("There is no such prepared message.")

    async def change(
        self, actor: Actor, id: str, texts: Mapping[str, Any], all_clear: Mapping[str, Any], hours: int
    ) -> None:
        """Change what it says. Raises NotAllowed, NotFound or NoticeRefused."""
        require(actor, Permission.DRAFT_NOTICES)
        before = await self.get(actor, id)
        found = problems_of(texts, self._languages) + [
            f"All clear, {one}" for one in problems_of(all_clear, self._languages)
        ]
        if not 1 <= hours <= 720:
            found.append("Write from 1 to 720 hours.")
        if found:
            raise NoticeRefused(found)
        plan = msgspec.convert(
            {**body_of(before), "texts": texts, "all_clear": all_clear, "hours": hours}, Plan
        )
        now = self._clock()
        async with self._store.transaction() as transaction:
            await plans.set_body(transaction, id, body_of(plan), now, actor.agent_id)
            await audit.record(transaction, actor.agent_id, "notice_plan_changed", None, now, plan=id)


def content_of(plan: Plan, area: Mapping[str, Any], starts_at: datetime) -> Content:
    """The content of a notice that is drafted from this prepared message."""
    return Content(
        plan.level, area, plan.topics, plan.overrides, texts_as_kept(plan.texts),
        starts_at, starts_at + timedelta(hours=plan.hours),
    )  # fmt: skip
