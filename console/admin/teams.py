"""Teams, for administrators: their topics, mode and hours."""

from collections.abc import Mapping, Sequence

from sanic.response import HTTPResponse

from city.hours import WEEKDAYS
from city.model import A_DAY
from console.admin.hours_form import Values
from console.admin.team_form import TeamForm, values_of
from console.deps import ConsoleDeps
from console.guard import Visit, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.model import DeskError
from desk.routing.topics import REPORT
from desk.setup.changes import ChangedMeanwhile, SettingRefused
from desk.setup.teams import TeamInUse, TeamSettings
from desk.store.people.audit import Change
from desk.store.routing.teams import Kept

PATH = "/console/admin/teams"


class TeamPages:
    """GET /console/admin/teams, …/new and …/<team>; POST …, …/<team>, …/<team>/earlier, …/<team>/retire and …/<team>/bring-back."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._settings = TeamSettings(deps.store, deps.teams, deps.clock, deps.city)
        self._form = TeamForm(
            deps.city.languages,
            [REPORT, *sorted(deps.catalog.answers)],
            [inbox.name for inbox in deps.city.inboxes],
        )

    async def list(self, visit: Visit) -> HTTPResponse:
        """Every team."""
        return self._pages.page(
            "teams.html",
            session=visit.session,
            teams=await self._settings.list(visit.actor),
            notice=NOTICES.get(visit.request.args.get("notice", "")),
        )

    async def new(self, visit: Visit) -> HTTPResponse:
        """An empty form."""
        await self._settings.list(visit.actor)  # raises NotAllowed
        example = self._form.read(lambda _: "", None)
        return self._render(visit, None, example | {"keeps_holidays": "yes", "mode": "pull",
                            "return_minutes": str(A_DAY), "offer_seconds": "60", "urgent_seconds": "60"})  # fmt: skip

    async def show(self, visit: Visit, team_name: str) -> HTTPResponse:
        """One team."""
        kept = await self._settings.get(visit.actor, team_name)
        return self._render(visit, kept, values_of(kept.team))

    async def add(self, visit: Visit) -> HTTPResponse:
        """Add a team."""
        values = self._form.read(visit.field, None)
        given, problems = self._form.meaning(values, None)
        try:
            await self._settings.add(visit.actor, given, problems)
        except SettingRefused as refused:
            return self._render(visit, None, values, error=refused)
        return go_to(f"{PATH}?notice=team-saved")

    async def change(self, visit: Visit, team_name: str) -> HTTPResponse:
        """Save the form. What was written stands in the form again if it cannot be saved."""
        kept = await self._settings.get(visit.actor, team_name)
        values = self._form.read(visit.field, kept.team) | {"name": team_name}
        given, problems = self._form.meaning(values, kept.team)
        version = visit.field("version")
        try:
            base = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
            await self._settings.change(visit.actor, team_name, given, base, problems)
        except SettingRefused as refused:
            return self._render(visit, kept, values, error=refused, version=version)
        except ChangedMeanwhile as changed:
            now = await self._settings.get(visit.actor, team_name)
            return self._render(visit, now, values, error=changed)
        return go_to(f"{PATH}?notice=team-saved")

    async def earlier(self, visit: Visit, team_name: str) -> HTTPResponse:
        """One place further to the front."""
        await self._settings.move_earlier(visit.actor, team_name)
        return go_to(f"{PATH}?notice=team-saved")

    async def retire(self, visit: Visit, team_name: str) -> HTTPResponse:
        """No more conversations for it."""
        try:
            await self._settings.retire(visit.actor, team_name)
        except TeamInUse as in_use:
            kept = await self._settings.get(visit.actor, team_name)
            return self._render(visit, kept, values_of(kept.team), error=in_use)
        return go_to(f"{PATH}?notice=team-saved")

    async def bring_back(self, visit: Visit, team_name: str) -> HTTPResponse:
        """It gets conversations again."""
        await self._settings.bring_back(visit.actor, team_name)
        return go_to(f"{PATH}?notice=team-saved")

    def _render(
        self,
        visit: Visit,
        kept: Kept | None,
        values: Values,
        *,
        error: DeskError | None = None,
        version: str | None = None,
    ) -> HTTPResponse:
        team = kept.team if kept else None
        languages = self._form.boxes("language", team)
        texts = [name.removeprefix("text-") for name in values if name.startswith("text-")]
        return self._pages.page(
            "team.html",
            session=visit.session,
            status=200 if error is None else 422 if isinstance(error, SettingRefused) else 409,
            alert=str(error) if error else None,
            kept=kept,
            version=version or (kept.version if kept else ""),
            values=values,
            problems=_beside(error.problems) if isinstance(error, SettingRefused) else {},
            changes=_lines(error.changes, kept) if isinstance(error, ChangedMeanwhile) and kept else [],
            weekdays=WEEKDAYS,
            boxes={kind: self._form.boxes(kind, team) for kind in ("language", "topic", "inbox")},
            texts=[*languages, *(one for one in texts if one not in languages)],
        )


def _beside(problems: Mapping[str, str]) -> dict[str, str]:
    """By field of the form: "hours.zone" stands beside the zone."""
    return {name.removeprefix("hours."): text for name, text in problems.items()}


def _lines(changes: Sequence[Change], kept: Kept) -> list[tuple[Change, str, str]]:
    """(who and when, the field, its value now) of changes made in the meantime."""
    now = {
        field: ", ".join(value) if isinstance(value, tuple) else str(value)
        for field, value in ((field, getattr(kept.team, field)) for field in kept.team.__struct_fields__)
        if field != "hours"
    }
    hours = values_of(kept.team)
    now["hours"] = "; ".join(f"{day} {hours[f'hours-{day}']}" for day in WEEKDAYS if hours[f"hours-{day}"])
    now["retired"] = "yes" if kept.retired else "no"
    return [(change, field, now.get(field, "")) for change in changes for field in change.fields]
