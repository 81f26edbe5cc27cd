"""The city's settings, for administrators: current values, history, and the current city.yml."""

from collections.abc import Mapping

import structlog
from sanic.response import HTTPResponse

from console import words
from console.admin.hours_form import Values
from console.admin.setting_form import SettingForm
from console.deps import ConsoleDeps
from console.guard import Visit, go_to
from console.notices import NOTICES
from console.rendering import HEADERS, Pages
from desk.knowledge.publishing.fact_uses import city_values
from desk.model import DeskError
from desk.people import audit
from desk.setup.changes import ChangedMeanwhile, SettingRefused
from desk.setup.city_now import CityNow
from desk.setup.city_settings import CitySettings
from desk.setup.export import get_city_file

PATH = "/console/admin/settings"
log = structlog.get_logger("console")


class SettingPages:
    """GET /console/admin/settings, …/<setting> and /console/admin/city.yml; POST …/<setting>, …/<setting>/restore and
    …/<setting>/settle."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, now: CityNow) -> None:
        self._deps = deps
        self._pages = pages
        self._now = now
        self._settings = CitySettings(deps.store, now, deps.teams, deps.clock)

    async def list(self, visit: Visit) -> HTTPResponse:
        """All of them."""
        return self._pages.page(
            "settings.html",
            session=visit.session,
            settings=await self._settings.list(visit.actor),
            notice=NOTICES.get(visit.request.args.get("notice", "")),
        )

    async def show(self, visit: Visit, setting_name: str) -> HTTPResponse:
        """One of them."""
        return await self._render(visit, setting_name)

    async def change(self, visit: Visit, setting_name: str) -> HTTPResponse:
        """Save the form. What was written stands in the form again if it cannot be saved."""
        values = {name: visit.field(name) for name in visit.form.fields if name not in ("csrf", "version")}
        await self._settings.get(visit.actor, setting_name)
        given, unread = self._form().meaning(setting_name, values)
        try:
            await self._settings.change(visit.actor, setting_name, given, _version(visit), unread)
        except SettingRefused as refused:
            return await self._render(visit, setting_name, values, refused, visit.field("version"))
        except ChangedMeanwhile as changed:
            return await self._render(visit, setting_name, values, changed)
        return go_to(f"{PATH}?notice=setting-saved")

    async def restore(self, visit: Visit, setting_name: str) -> HTTPResponse:
        """What it was in an older version holds again."""
        older = visit.field("older")
        try:
            number = int(older) if older.isascii() and older.isdigit() and len(older) < 9 else 0
            await self._settings.restore(visit.actor, setting_name, number, _version(visit))
        except (SettingRefused, ChangedMeanwhile) as error:
            return await self._render(visit, setting_name, None, error)
        return go_to(f"{PATH}?notice=setting-saved")

    async def settle(self, visit: Visit, setting_name: str) -> HTTPResponse:
        """city.yml says something else: take that, or keep what is here."""
        try:
            take = visit.field("take") == "file"
            await self._settings.settle(visit.actor, setting_name, _version(visit), take_file=take)
        except (SettingRefused, ChangedMeanwhile) as error:
            return await self._render(visit, setting_name, None, error)
        return go_to(f"{PATH}?notice=setting-saved")

    async def download(self, visit: Visit) -> HTTPResponse:
        """city.yml with everything that was changed in the console."""
        await self._settings.list(visit.actor)  # raises NotAllowed
        pool = self._deps.store.pool
        text = await get_city_file(pool, self._deps.city_file, self._now.seed)
        await audit.record(pool, visit.actor.agent_id, "settings_exported", None, visit.now)
        headers = HEADERS | {"content-disposition": 'attachment; filename="city.yml"'}
        return HTTPResponse(text, 200, headers, content_type="text/yaml; charset=utf-8")

    async def _render(
        self,
        visit: Visit,
        name: str,
        values: Values | None = None,
        error: DeskError | None = None,
        version: str | None = None,
    ) -> HTTPResponse:
        setting, kept = await self._settings.get(visit.actor, name)
        form, now = self._form(), self._form().values(name, kept.value)
        values = now if values is None else values
        groups = form.groups(name, values)
        titles = {field.name: field.title for group in groups for field in group.fields}
        problems = error.problems if isinstance(error, SettingRefused) else {}
        versions = await self._settings.versions(visit.actor, name)
        older = {one.version: form.values(name, one.value) for one in versions}
        return self._pages.page(
            "setting.html",
            session=visit.session,
            status=200 if error is None else 422 if isinstance(error, SettingRefused) else 409,
            alert=str(error) if error else None,
            setting=setting,
            kept=kept,
            version=version or kept.version,
            values=values,
            groups=groups,
            said=city_values(self._deps.catalog, self._deps.city.languages, name),
            problems=problems,
            others=[text for field, text in problems.items() if field not in titles],
            meanwhile=[
                (change, _differences(older.get(kept.version - len(error.changes), {}), now, titles))
                for change in error.changes[-1:]
            ]
            if isinstance(error, ChangedMeanwhile)
            else [],
            conflict=_differences(now, form.values(name, kept.file), titles) if kept.in_conflict else [],
            history=[
                (one, _differences(older.get(one.version - 1, {}), older[one.version], titles))
                for one in versions
            ],
        )

    def _form(self) -> SettingForm:
        city = self._deps.city
        return SettingForm(
            {code: words.language_name(code) for code in city.languages},
            {one.channel: words.say(words.CHANNELS, one.channel) for one in city.inboxes},
            [(team.name, team.title) for team in self._deps.teams.known],
            words.URGENCIES,
            {one.name: words.say(words.CHANNELS, one.channel) for one in city.inboxes},
            city.partners,
        )


def _version(visit: Visit) -> int:
    text = visit.field("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _differences(
    old: Mapping[str, str], new: Mapping[str, str], titles: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """(field, before, after) of what differs, as the form shows it."""
    names = [name for name in dict.fromkeys([*new, *old]) if old.get(name, "") != new.get(name, "")]
    return [(_called(name, titles), old.get(name, ""), new.get(name, "")) for name in names]


def _called(name: str, titles: Mapping[str, str]) -> str:
    kind, _, rest = name.partition("-")
    if kind in ("reason", "sla"):
        number, _, _ = rest.partition("-")
        return f"{int(number) + 1}: {titles.get(name, rest)}"
    return titles.get(name, name.replace("-", " ").replace("_", " "))
