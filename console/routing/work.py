"""Agents' skills, capacity and planned shifts: for supervisors, within their teams."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sanic.response import HTTPResponse

from city.hours import WEEKDAYS, Hours
from console.admin.hours_form import Values, read_special_days, read_week, special_line, week_values
from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.model import DeskError
from desk.setup.changes import ChangedMeanwhile, SettingRefused
from desk.setup.work import AgentWork, GivenWork
from desk.store.people.work import Work

PATH = "/console/people"
ON_CALL = "on_call-"
"""Before the names of the fields of the hours on call."""


class WorkPages:
    """GET /console/people and …/<agent>; POST …/<agent>."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._work = AgentWork(deps.store, deps.clock)

    async def show(self, visit: Visit, agent_id: UUID) -> HTTPResponse:
        """One agent."""
        work = await self._work.get(visit.actor, agent_id)
        return await self._render(visit, work, _values(work))

    async def change(self, visit: Visit, agent_id: UUID) -> HTTPResponse:
        """Save the form. What was written stands in the form again if it cannot be saved."""
        work = await self._work.get(visit.actor, agent_id)
        values = {name: visit.field(name) for name in self._names(work)}
        given, unread = _meaning(values, self._languages(work))
        text = visit.field("version")
        version = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
        try:
            await self._work.change(visit.actor, agent_id, given, version, unread)
        except SettingRefused as refused:
            return await self._render(visit, work, values, error=refused, version=text)
        except ChangedMeanwhile as changed:
            return await self._render(
                visit, await self._work.get(visit.actor, agent_id), values, error=changed
            )
        return go_to(f"{PATH}?notice=work-saved")

    async def _render(
        self, visit: Visit, work: Work, values: Values, error: DeskError | None = None, version: str = ""
    ) -> HTTPResponse:
        now = _values(work)
        changes = error.changes if isinstance(error, ChangedMeanwhile) else ()
        return self._pages.page(
            "person.html",
            session=visit.session,
            status=200 if error is None else 422 if isinstance(error, SettingRefused) else 409,
            alert=str(error) if error else None,
            work=work,
            version=version or work.version,
            values=values,
            problems=error.problems if isinstance(error, SettingRefused) else {},
            changes=[(one, field, now.get(field, "")) for one in changes for field in one.fields],
            languages=self._languages(work),
            weekdays=WEEKDAYS,
            **await counts_of(self._deps.store.pool, visit),
        )

    def _languages(self, work: Work) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self._deps.city.languages, *work.languages]))

    def _names(self, work: Work) -> list[str]:
        return [*_values(work), *(f"language-{one}" for one in self._languages(work))]

    async def list(self, visit: Visit) -> HTTPResponse:
        """Everybody whom this person plans."""
        return self._pages.page(
            "people.html",
            session=visit.session,
            people=await self._work.list(visit.actor),
            weekdays=WEEKDAYS,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            **await counts_of(self._deps.store.pool, visit),
        )


def _values(work: Work) -> Values:
    return {
        "skills": ", ".join(work.skills),
        "capacity": str(work.capacity),
        "planned": "yes" if work.shifts else "",
        **_hours_values(work.shifts, ""),
        "on_call": "yes" if work.on_call else "",
        **_hours_values(work.on_call, ON_CALL),
        **{f"language-{one}": "yes" for one in work.languages},
    }


def _hours_values(hours: Hours | None, prefix: str) -> Values:
    return {
        **week_values(hours.week if hours else {}, prefix),
        f"{prefix}special_days": "\n".join(special_line(day) for day in hours.special_days) if hours else "",
    }


def _read_hours(values: Mapping[str, str], problems: dict[str, str], prefix: str) -> dict[str, Any]:
    field = f"{prefix}special_days"
    return {
        "week": read_week(values, problems, prefix),
        "special_days": read_special_days(values[field], problems, field),
        "keeps_holidays": False,
    }


def _meaning(values: Mapping[str, str], languages: tuple[str, ...]) -> tuple[GivenWork, dict[str, str]]:
    problems: dict[str, str] = {}
    capacity = values["capacity"].strip()
    shifts = _read_hours(values, problems, "") if values["planned"] else None
    on_call = _read_hours(values, problems, ON_CALL) if values["on_call"] else None
    return (
        GivenWork(
            tuple(one for one in languages if values[f"language-{one}"]),
            tuple(one for one in re.split(r"[\s,]+", values["skills"]) if one),
            int(capacity) if capacity.isascii() and capacity.isdigit() and len(capacity) < 9 else None,
            shifts,
            on_call,
        ),
        problems,
    )
