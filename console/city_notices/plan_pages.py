"""The prepared messages in the console: one with its texts, roles, checklist and contacts, and all of them as files."""

import io
import zipfile
from collections.abc import Mapping

from sanic.response import HTTPResponse, raw

from console.city_notices import form
from console.city_notices.pages import PATH
from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import HEADERS, Pages
from desk.notices.checking import PARTS, NoticeRefused
from desk.notices.plan import Plans, plan_as_yaml, texts_as_kept
from desk.people.permissions import Permission, may, require

CLEAR = "clear-"
"""Stands before the fields of the all-clear."""


class PlanPages:
    """GET and POST /console/notices/plan/<plan>; GET /console/notices/plan.zip."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._plans = Plans(deps.store, deps.city.languages, frozenset(deps.catalog.answers), deps.clock)

    async def show(self, visit: Visit, plan_id: str) -> HTTPResponse:
        """The page."""
        plan = await self._plans.get(visit.actor, plan_id)
        values = {"hours": str(plan.hours)}
        for before, texts in (("", plan.texts), (CLEAR, plan.all_clear)):
            for language, text in texts_as_kept(texts).items():
                values |= {f"{before}{language}-{part}": text[part] for part in PARTS}
        return await self._render(visit, plan_id, values)

    async def save(self, visit: Visit, plan_id: str) -> HTTPResponse:
        """Change it. What was written stands in the form again if the linter refuses it."""
        require(visit.actor, Permission.DRAFT_NOTICES)
        values = {name: visit.field(name)[: form.LONGEST_FIELD] for name in visit.form.fields}
        languages, hours = self._deps.city.languages, visit.field("hours").strip()
        try:
            await self._plans.change(
                visit.actor, plan_id, form.texts_from(values, languages), form.texts_from(values, languages, CLEAR),
                int(hours) if hours.isascii() and hours.isdigit() and len(hours) < 5 else 0,
            )  # fmt: skip
        except NoticeRefused as error:
            return await self._render(visit, plan_id, values, error)
        return go_to(f"{PATH}/plan/{plan_id}?notice=notice-plan-saved")

    async def download(self, visit: Visit) -> HTTPResponse:
        """All prepared messages as content/notices has them."""
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
            for plan in await self._plans.list(visit.actor):
                archive.writestr(f"content/notices/{plan.id}.yml", plan_as_yaml(plan))
        named = {**HEADERS, "content-disposition": 'attachment; filename="notices.zip"'}
        return raw(kept.getvalue(), headers=named, content_type="application/zip")

    async def _render(
        self, visit: Visit, plan_id: str, values: Mapping[str, str], error: NoticeRefused | None = None
    ) -> HTTPResponse:
        return self._pages.page(
            "city_notice_plan.html",
            session=visit.session,
            status=422 if error else 200,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            refused=error.problems if error else [],
            plan=await self._plans.get(visit.actor, plan_id),
            values=values,
            parts=PARTS,
            form=form,
            drafts=may(visit.actor, Permission.DRAFT_NOTICES),
            **await counts_of(self._deps.store.pool, visit),
        )
