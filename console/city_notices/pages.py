"""The notices: the list, one notice with its versions and whom they reached, the form, and each act."""

from collections.abc import Awaitable, Mapping, Sequence
from uuid import UUID

from sanic.response import HTTPResponse

from channels.web.channel import WebChannel
from city.notices.districts import read_area_of
from console.city_notices import form
from console.city_notices.map import draw
from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.alerts.reading import AlertReading
from desk.model import DeskError, NotFound
from desk.notices.checking import PARTS, NoticeRefused, problems_of, sms_parts
from desk.notices.drafting import NoticeMovedOn, Notices
from desk.notices.plan import Plan, Plans, content_of, texts_as_kept
from desk.notices.reach import InboxReach, reach_of
from desk.notices.saying import Said, say
from desk.people.permissions import Permission, may, require
from desk.store.notices import notices, people
from desk.store.notices.notices import Content, NoticeVersion

PATH = "/console/notices"
SHOWN = 100
"""Notices in the list."""


class NoticePages:
    """GET and POST /console/notices; GET …/new; GET …/<notice>; GET and POST …/<notice>/<version>; and POSTs for each act."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        answers = frozenset(deps.catalog.answers)
        self._service = Notices(deps.store, deps.city, answers, deps.clock)
        self._alerts = AlertReading(deps.store, deps.city, deps.clock)
        self._plans = Plans(deps.store, deps.city.languages, answers, deps.clock)
        web = {inbox.name for inbox in deps.city.inboxes if inbox.channel == WebChannel.name}
        self._sending = {name: one for name, one in deps.capabilities.items() if name not in web}

    async def list(self, visit: Visit) -> HTTPResponse:
        """What holds, what waits for a second person, and the prepared messages."""
        plans = await self._plans.list(visit.actor)
        newest = await notices.list_newest(self._deps.store.pool, SHOWN)
        return self._pages.page(
            "city_notices.html",
            session=visit.session,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            waiting=[one for one in newest if one.state in ("draft", "proposed")],
            holding=[one for one in newest if one.holds(visit.now)],
            others=[one for one in newest if one.state == "released" and not one.holds(visit.now)],
            plans=plans,
            say=lambda one: say(one, self._deps.city.language, self._deps.city),
            form=form,
            need=await self._alerts.count_waiting(visit.actor),
            **await counts_of(self._deps.store.pool, visit),
        )

    async def new(self, visit: Visit) -> HTTPResponse:
        """An empty form, or one with the texts of the prepared message `plan`."""
        require(visit.actor, Permission.DRAFT_NOTICES)
        plan = await self._plan(visit, visit.request.args.get("plan", ""))
        values = {}
        if plan:
            values = form.fields_of(content_of(plan, {}, visit.now), self._deps.city.zone) | {"starts": ""}
        return await self._form(visit, values, plan=plan)

    async def add(self, visit: Visit) -> HTTPResponse:
        """A new draft."""
        require(visit.actor, Permission.DRAFT_NOTICES)
        plan = await self._plan(visit, visit.field("plan"))
        scenario = plan.scenario if plan else visit.field("scenario")
        try:
            if scenario not in form.SCENARIOS:
                raise NoticeRefused(["Choose what happened."])
            content = self._content(visit)
            id = await self._service.write(visit.actor, scenario, content, plan.id if plan else None)
        except NoticeRefused as error:
            return await self._form(visit, self._values(visit), plan=plan, error=error)
        return go_to(f"{PATH}/{id}?notice=notice-saved")

    async def show(self, visit: Visit, notice_id: UUID) -> HTTPResponse:
        """The page of a notice."""
        return await self._render(visit, notice_id)

    async def edit(self, visit: Visit, notice_id: UUID, version: int) -> HTTPResponse:
        """The form of a draft."""
        require(visit.actor, Permission.DRAFT_NOTICES)
        found = await self._draft(visit, notice_id, version)
        values = form.fields_of(found.content, self._deps.city.zone)
        if read_area_of(found.content.area).everywhere:
            values["everywhere"] = "yes"
        return await self._form(visit, values, found)

    async def save(self, visit: Visit, notice_id: UUID, version: int) -> HTTPResponse:
        """Change a draft."""
        require(visit.actor, Permission.DRAFT_NOTICES)
        found = await self._draft(visit, notice_id, version)
        try:
            await self._service.change(visit.actor, notice_id, version, self._content(visit))
        except (NoticeRefused, NoticeMovedOn) as error:
            return await self._form(visit, self._values(visit), found, error=error)
        return go_to(f"{PATH}/{notice_id}?notice=notice-saved")

    async def propose(self, visit: Visit, notice_id: UUID, version: int) -> HTTPResponse:
        """Ask for its release."""
        return await self._done(
            visit, notice_id, "proposed", self._service.propose(visit.actor, notice_id, version)
        )

    async def release(self, visit: Visit, notice_id: UUID, version: int) -> HTTPResponse:
        """Say it everywhere."""
        work = self._service.release(visit.actor, notice_id, version, visit.field("why"))
        return await self._done(visit, notice_id, "released", work)

    async def send_back(self, visit: Visit, notice_id: UUID, version: int) -> HTTPResponse:
        """Make it a draft again."""
        work = self._service.send_back(visit.actor, notice_id, version, visit.field("why"))
        return await self._done(visit, notice_id, "sent-back", work)

    async def drop(self, visit: Visit, notice_id: UUID, version: int) -> HTTPResponse:
        """Never release it."""
        work = self._service.drop(visit.actor, notice_id, version, visit.field("why"))
        return await self._done(visit, notice_id, "dropped", work)

    async def update(self, visit: Visit, notice_id: UUID) -> HTTPResponse:
        """Begin an update."""
        try:
            version = await self._service.update(visit.actor, notice_id)
        except NoticeMovedOn as error:
            return await self._render(visit, notice_id, error)
        return go_to(f"{PATH}/{notice_id}/{version}")

    async def all_clear(self, visit: Visit, notice_id: UUID) -> HTTPResponse:
        """Begin an all-clear."""
        require(visit.actor, Permission.DRAFT_NOTICES)
        texts = await self._all_clear_texts(visit, notice_id)
        try:
            version = await self._service.all_clear(visit.actor, notice_id, texts)
        except NoticeMovedOn as error:
            return await self._render(visit, notice_id, error)
        return go_to(f"{PATH}/{notice_id}/{version}")

    async def _done(self, visit: Visit, notice_id: UUID, what: str, work: Awaitable[object]) -> HTTPResponse:
        try:
            await work
        except (NoticeRefused, NoticeMovedOn) as error:
            return await self._render(visit, notice_id, error)
        return go_to(f"{PATH}/{notice_id}?notice=notice-{what}")

    async def _all_clear_texts(self, visit: Visit, notice_id: UUID) -> Mapping[str, Mapping[str, str]]:
        """Those of the prepared message of this scenario, if there is one."""
        scenario = (await self._service.get(visit.actor, notice_id))[0].scenario
        plans = await self._plans.list(visit.actor)
        found = next((one for one in plans if one.scenario == scenario), None)
        return texts_as_kept(found.all_clear) if found else {}

    async def _render(self, visit: Visit, notice_id: UUID, error: DeskError | None = None) -> HTTPResponse:
        deps, city = self._deps, self._deps.city
        versions = await self._service.get(visit.actor, notice_id)
        newest = next((one for one in reversed(versions) if one.state in ("draft", "proposed")), versions[-1])
        said = {
            language: say(newest, language, city)
            for language in newest.content.texts
            if newest.content.texts[language]
        }
        reach = await self._reach(newest, said)
        return self._pages.page(
            "city_notice.html",
            session=visit.session,
            status=200 if error is None else 422 if isinstance(error, NoticeRefused) else 409,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            alert=None if error is None or isinstance(error, NoticeRefused) else str(error),
            refused=error.problems if isinstance(error, NoticeRefused) else [],
            versions=versions[::-1],
            newest=newest,
            problems=problems_of(newest.content.texts, city.languages) if newest.state == "draft" else [],
            said=said,
            sms=sms_parts,
            drawing=draw(newest.content.area, city.districts, city.language),
            everywhere=read_area_of(newest.content.area).everywhere,
            reach=reach,
            ledger=await people.count_outcomes(deps.store.pool, notice_id),
            times=await people.list_times(deps.store.pool, notice_id),
            events=(await notices.list_events(deps.store.pool, notice_id))[::-1],
            drafts=may(visit.actor, Permission.DRAFT_NOTICES),
            releases=self._service.may_release(visit.actor, newest),
            alone=self._service.may_act_alone(visit.actor, newest),
            quoted=await self._alerts.of_notice(visit.actor, notice_id),
            held=newest.holds(visit.now) and newest.kind != "all_clear",
            form=form,
            **await counts_of(deps.store.pool, visit),
        )

    async def _reach(self, version: NoticeVersion, said: Mapping[str, Said]) -> Sequence[InboxReach]:
        longest = max((sms_parts(one.short) for one in said.values()), default=1)
        return await reach_of(
            self._deps.store.pool, self._deps.city, version.scenario, read_area_of(version.content.area),
            self._sending, self._deps.billing, longest,
        )  # fmt: skip

    async def _form(
        self,
        visit: Visit,
        values: Mapping[str, str],
        version: NoticeVersion | None = None,
        *,
        plan: Plan | None = None,
        error: DeskError | None = None,
    ) -> HTTPResponse:
        return self._pages.page(
            "city_notice_form.html",
            session=visit.session,
            status=200 if error is None else 422 if isinstance(error, NoticeRefused) else 409,
            alert=None if error is None or isinstance(error, NoticeRefused) else str(error),
            refused=error.problems if isinstance(error, NoticeRefused) else [],
            values=values,
            version=version,
            quoted=await self._alerts.of_notice(visit.actor, version.notice_id) if version else [],
            plan=plan,
            parts=PARTS,
            form=form,
            **await counts_of(self._deps.store.pool, visit),
        )

    async def _draft(self, visit: Visit, notice_id: UUID, version: int) -> NoticeVersion:
        for one in await self._service.get(visit.actor, notice_id):
            if one.version == version and one.state == "draft":
                return one
        raise NotFound("There is no such draft.")

    async def _plan(self, visit: Visit, id: str) -> Plan | None:
        return await self._plans.get(visit.actor, id) if id else None

    def _content(self, visit: Visit) -> Content:
        city = self._deps.city
        return form.content_from(self._values(visit), city.languages, city.districts, city.zone, visit.now)

    def _values(self, visit: Visit) -> dict[str, str]:
        return {name: visit.field(name)[: form.LONGEST_FIELD] for name in visit.form.fields if name != "csrf"}
