"""Agents' skills, capacity and planned shifts: edited by supervisors for their teams, and by administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from city import CityError
from city.hours import Hours, read_hours
from desk.model import Actor, Clock, NotFound
from desk.people import audit
from desk.people.permissions import Permission, require, roles_with
from desk.setup.agents import LANGUAGE, MOST, SKILL
from desk.setup.changes import SettingRefused, changed_meanwhile
from desk.store.people import work
from desk.store.people.work import Work
from desk.store.pool import Store

FIELDS = ("languages", "skills", "capacity", "shifts", "on_call")


@dataclass(frozen=True, slots=True)
class GivenWork:
    """What the form says. No languages mean all; no `shifts` mean that none are planned, no
    `on_call` that devices on call are told at all hours."""

    languages: tuple[str, ...]
    skills: tuple[str, ...]
    capacity: int | None
    shifts: Mapping[str, Any] | None
    on_call: Mapping[str, Any] | None


class AgentWork:
    """Built once. Every method raises NotAllowed; a change leaves an audit line."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def list(self, actor: Actor) -> Sequence[Work]:
        """The people who answer citizens, whom this person plans."""
        require(actor, Permission.MANAGE_WORK)
        teams = list(actor.teams) if actor.only_own_teams else None
        return await work.list_work(self._store.pool, roles_with(Permission.ANSWER_CONVERSATIONS), teams)

    async def get(self, actor: Actor, agent_id: UUID) -> Work:
        """One of them. Raises NotFound, also for somebody of other teams."""
        found = [one for one in await self.list(actor) if one.id == agent_id]
        if not found:
            raise NotFound("There is no such agent in your teams.")
        return found[0]

    async def change(
        self,
        actor: Actor,
        agent_id: UUID,
        given: GivenWork,
        version: int,
        unread: Mapping[str, str],
    ) -> None:
        """Save the form. Raises SettingRefused, ChangedMeanwhile or NotFound."""
        before = await self.get(actor, agent_id)
        shifts, on_call = _read(given, unread)
        assert given.capacity is not None
        now = {
            "languages": given.languages,
            "skills": given.skills,
            "capacity": given.capacity,
            "shifts": msgspec.to_builtins(shifts) if shifts else None,
            "on_call": msgspec.to_builtins(on_call) if on_call else None,
        }
        old = {
            "languages": before.languages,
            "skills": before.skills,
            "capacity": before.capacity,
            "shifts": msgspec.to_builtins(before.shifts) if before.shifts else None,
            "on_call": msgspec.to_builtins(before.on_call) if before.on_call else None,
        }
        fields = [name for name in FIELDS if now[name] != old[name]]
        async with self._store.transaction() as transaction:
            if not await work.set_work(
                transaction,
                agent_id,
                list(given.languages),
                list(given.skills),
                given.capacity,
                shifts,
                version,
                on_call,
            ):
                raise await changed_meanwhile(transaction, "account", str(agent_id), version, self._clock())
            await audit.record(
                transaction, actor.agent_id, "account_changed", None, self._clock(), account=str(agent_id),
                version=str(version + 1), fields=" ".join(fields),
                before=_json({name: old[name] for name in fields}), after=_json({name: now[name] for name in fields}),
            )  # fmt: skip


def _read(given: GivenWork, unread: Mapping[str, str]) -> tuple[Hours | None, Hours | None]:
    problems = dict(unread)
    if any(not LANGUAGE.fullmatch(one) for one in given.languages):
        problems["languages"] = "Choose languages from the list."
    if wrong := [one for one in given.skills if not SKILL.fullmatch(one)]:
        problems["skills"] = f"'{wrong[0][:40]}' is no topic, inbox or kind of danger."
    if given.capacity is None or not 0 <= given.capacity <= MOST:
        problems["capacity"] = f"Give a whole number from 0 to {MOST}."
    shifts = on_call = None
    if not unread:
        shifts = _hours(given.shifts, "special_days", problems)
        on_call = _hours(given.on_call, "on_call-special_days", problems)
    if problems:
        raise SettingRefused(problems)
    return shifts, on_call


def _hours(given: Mapping[str, Any] | None, field: str, problems: dict[str, str]) -> Hours | None:
    try:
        return read_hours(given) if given is not None else None
    except CityError as error:
        problems[field] = str(error)
        return None


def _json(values: Mapping[str, object]) -> str:
    return msgspec.json.encode(values).decode()
