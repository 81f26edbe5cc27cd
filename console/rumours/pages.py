"""The rumours: the list, those that most people asked about first; one rumour with its claims, the verdict and its versions; and each act."""

from uuid import UUID

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import PageError, Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.model import DeskError, NotFound, Refused, WrongState
from desk.people.permissions import Permission, may
from desk.rumours.deciding import (
    LONGEST_CLAIM,
    LONGEST_SOURCE,
    LONGEST_TEXT,
    MOST_SOURCES,
    VERDICTS,
    RumourDesk,
    VerdictRefused,
)
from desk.store.rumours.rumours import VerdictVersion

PATH = "/console/rumours"
KINDS = {"open": "Waiting for a verdict", "decided": "With a verdict", "set_aside": "Set aside"}


class RumourPages:
    """GET and POST /console/rumours (`kind`); GET and POST …/<rumour>; POST …/<rumour>/set-aside, /reopen, /join and /claims/<message>."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._desk = RumourDesk(deps.store, deps.city, deps.clock)

    async def list(self, visit: Visit) -> HTTPResponse:
        """The rumours of one kind."""
        kind = str(visit.request.args.get("kind", "open"))
        kind = kind if kind in KINDS else "open"
        return self._pages.page(
            "rumours.html",
            session=visit.session,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            kind=kind,
            kinds=KINDS,
            rumours=await self._desk.list(visit.actor, kind),
            verdicts=VERDICTS,
            judges=may(visit.actor, Permission.JUDGE_RUMOURS),
            **await counts_of(self._deps.store.pool, visit),
        )

    async def begin(self, visit: Visit) -> HTTPResponse:
        """A rumour that nobody has asked about yet."""
        return go_to(f"{PATH}/{await self._desk.begin(visit.actor)}")

    async def show(self, visit: Visit, rumour_id: int) -> HTTPResponse:
        """The page of a rumour."""
        return await self._render(visit, rumour_id)

    async def judge(self, visit: Visit, rumour_id: int) -> HTTPResponse:
        """Publish a verdict."""
        languages = self._deps.city.languages
        newest = visit.field("newest")
        try:
            await self._desk.judge(
                visit.actor,
                rumour_id,
                visit.field("verdict"),
                {one: visit.field(f"claim-{one}") for one in languages},
                {one: visit.field(f"text-{one}") for one in languages},
                visit.field("sources").splitlines(),
                int(newest) if newest.isdecimal() and len(newest) < 6 else 0,
            )
        except (VerdictRefused, WrongState) as error:
            return await self._render(visit, rumour_id, error)
        return go_to(f"{PATH}/{rumour_id}?notice=rumour-judged")

    async def set_aside(self, visit: Visit, rumour_id: int) -> HTTPResponse:
        """It is no rumour."""
        await self._desk.set_aside(visit.actor, rumour_id, aside=True)
        return go_to(f"{PATH}?notice=rumour-set-aside")

    async def reopen(self, visit: Visit, rumour_id: int) -> HTTPResponse:
        """It is a rumour again."""
        await self._desk.set_aside(visit.actor, rumour_id, aside=False)
        return go_to(f"{PATH}/{rumour_id}?notice=rumour-reopened")

    async def join(self, visit: Visit, rumour_id: int) -> HTTPResponse:
        """It is the same as another one."""
        try:
            into = visit.field("into")
            if not into.isdecimal() or len(into) > 15:
                raise Refused("no_rumour", "Write the number of the other rumour. Nothing was changed.")
            await self._desk.join(visit.actor, rumour_id, int(into))
        except Refused as error:
            return await self._render(visit, rumour_id, error)
        return go_to(f"{PATH}/{into}?notice=rumour-joined")

    async def take_out(self, visit: Visit, rumour_id: int, message_id: UUID) -> HTTPResponse:
        """A claim is another one."""
        try:
            other = await self._desk.take_out(visit.actor, rumour_id, message_id)
        except Refused as error:
            return await self._render(visit, rumour_id, error)
        return go_to(f"{PATH}/{other}?notice=rumour-taken-out")

    async def _render(self, visit: Visit, rumour_id: int, error: DeskError | None = None) -> HTTPResponse:
        try:
            found = await self._desk.get(visit.actor, rumour_id)
        except NotFound as missing:
            raise PageError(404, "not_found", "Not found", str(missing)) from None
        refused = isinstance(error, VerdictRefused)
        values = (
            self._values(visit)
            if error is not None and visit.field("verdict") + visit.field("sources")
            else {}
        )
        if not values and found.versions:
            values = _fields_of(found.versions[0])
        return self._pages.page(
            "rumour.html",
            session=visit.session,
            status=200 if error is None else 422 if isinstance(error, Refused | VerdictRefused) else 409,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            alert=None if error is None or refused else str(error),
            refused=error.problems if isinstance(error, VerdictRefused) else [],
            shown=found,
            values=values,
            verdicts=VERDICTS,
            judges=may(visit.actor, Permission.JUDGE_RUMOURS),
            limits={
                "claim": LONGEST_CLAIM,
                "text": LONGEST_TEXT,
                "sources": MOST_SOURCES * (LONGEST_SOURCE + 2),
            },
            **await counts_of(self._deps.store.pool, visit),
        )

    def _values(self, visit: Visit) -> dict[str, str]:
        return {name: visit.field(name) for name in visit.form.fields if name not in ("csrf", "newest")}


def _fields_of(version: VerdictVersion) -> dict[str, str]:
    """What the form shows for a verdict that was given."""
    return {
        "verdict": version.verdict,
        "sources": "\n".join(version.sources),
        **{f"claim-{language}": text for language, text in version.claims.items()},
        **{f"text-{language}": text for language, text in version.texts.items()},
    }
