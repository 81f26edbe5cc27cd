"""The pages on which supervisors and editors maintain canned texts, tags and macros."""

import re

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.model import Refused
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.replies.canned import VARIABLES, checked
from desk.runtime.sanitize import sanitize_text
from desk.store.replies import canned, macros, tags

LONGEST_TAG = 40
_ACTS: dict[str, macros.Act] = {"": "", "resolve": "resolve", "transfer": "transfer"}


class ManageReplies:
    """GET /console/admin/replies; POST /console/admin/canned, /console/admin/tags and /console/admin/macros."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages

    async def show(self, visit: Visit) -> HTTPResponse:
        """Everything on one page."""
        require(visit.actor, Permission.MANAGE_CANNED)
        return await self._render(visit, notice=NOTICES.get(visit.request.args.get("notice", "")))

    async def save_text(self, visit: Visit) -> HTTPResponse:
        """`id`, `title`, `active`, and `text_<language>` for each language."""
        require(visit.actor, Permission.MANAGE_CANNED)
        facts = self._deps.catalog.facts(self._deps.city.language)
        wordings = {
            language: sanitize_text(visit.field(f"text_{language}")).strip()
            for language in self._deps.city.languages
        }
        text = canned.CannedText(
            visit.field("id").strip(),
            " ".join(sanitize_text(visit.field("title")).split()),
            {language: wording for language, wording in wordings.items() if wording},
            bool(visit.field("active")),
        )
        try:
            checked(text, facts, self._deps.city.language)
        except Refused as error:
            return await self._render(visit, status=422, alert=str(error), typed=text)
        async with self._deps.store.transaction() as transaction:
            await canned.set_text(transaction, text, visit.actor.agent_id)
            await audit.record(transaction, visit.actor.agent_id, "canned", None, visit.now, id=text.id)
        return go_to("/console/admin/replies?notice=saved")

    async def save_tag(self, visit: Visit) -> HTTPResponse:
        """`name`, `active`."""
        require(visit.actor, Permission.MANAGE_CANNED)
        name = " ".join(sanitize_text(visit.field("name")).lower().split())
        if not name or len(name) > LONGEST_TAG or re.search(r"[,\n]", name):
            return await self._render(
                visit,
                status=422,
                alert=f"A tag has {LONGEST_TAG} characters at most, and no comma. Nothing was saved.",
            )
        active = bool(visit.field("active"))
        async with self._deps.store.transaction() as transaction:
            await tags.set_tag(transaction, name, active=active)
            await audit.record(
                transaction, visit.actor.agent_id, "tag_list", None, visit.now,
                tag=name, active=str(active),
            )  # fmt: skip
        return go_to("/console/admin/replies?notice=saved#tags")

    async def save_macro(self, visit: Visit) -> HTTPResponse:
        """`id`, `title`, `canned`, `tags` (separated by commas), `act`, `team`, `active`."""
        require(visit.actor, Permission.MANAGE_CANNED)
        given = [" ".join(one.lower().split()) for one in visit.field("tags").split(",")]
        act = _ACTS.get(visit.field("act"), "")
        team = visit.field("team") if act == "transfer" else ""
        macro = macros.Macro(
            visit.field("id").strip(),
            " ".join(sanitize_text(visit.field("title")).split()),
            visit.field("canned") or None,
            tuple(dict.fromkeys(one for one in given if one)),
            act,
            team or None,
            bool(visit.field("active")),
        )
        pool = self._deps.store.pool
        known, offered = {one.id for one in await canned.list_texts(pool)}, set(await tags.list_offered(pool))
        problem = _problem(macro, known, offered, {one.name for one in self._deps.teams.known})
        if problem:
            return await self._render(visit, status=422, alert=f"{problem} Nothing was saved.")
        async with self._deps.store.transaction() as transaction:
            await macros.set_macro(transaction, macro)
            await audit.record(transaction, visit.actor.agent_id, "macro_list", None, visit.now, id=macro.id)
        return go_to("/console/admin/replies?notice=saved#macros")

    async def _render(
        self,
        visit: Visit,
        *,
        status: int = 200,
        notice: str | None = None,
        alert: str | None = None,
        typed: canned.CannedText | None = None,
    ) -> HTTPResponse:
        pool = self._deps.store.pool
        return self._pages.page(
            "manage_replies.html",
            session=visit.session,
            status=status,
            notice=notice,
            alert=alert,
            texts=await canned.list_texts(pool),
            teams=self._deps.teams.known,
            typed=typed or canned.CannedText("", "", {}),
            tags=await tags.list_tags(pool),
            macros=await macros.list_macros(pool),
            variables=sorted({*VARIABLES, *self._deps.catalog.facts(self._deps.city.language)}),
            **await counts_of(pool, visit),
        )


def _problem(macro: macros.Macro, texts: set[str], offered: set[str], teams: set[str]) -> str | None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_]{0,59}", macro.id):
        return "The short name has small letters, digits and _ only."
    if not macro.title or len(macro.title) > 80:
        return "Give it a title of 80 characters at most."
    if macro.canned and macro.canned not in texts:
        return "There is no such canned text."
    if unknown := [tag for tag in macro.tags if tag not in offered]:
        return f"There is no tag '{unknown[0]}'. Add it to the list first."
    if macro.act == "transfer" and macro.team not in teams:
        return "Choose the team that gets the conversation."
    if not (macro.canned or macro.tags or macro.act):
        return "A macro that does nothing helps nobody: choose a text, a tag or an act."
    return None
