"""Who got which version of an answer, and corrections for them: written, approved, and counted while they are sent."""

from collections import Counter
from uuid import UUID

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.knowledge.publishing.checking import AnswerRefused
from desk.knowledge.publishing.drafts import get_answer
from desk.knowledge.publishing.published import answer_of
from desk.knowledge.publishing.recall import LONGEST, Recalling
from desk.knowledge.publishing.review import MovedOn
from desk.model import DeskError
from desk.people.permissions import Permission, may

SHOWN = 200
"""Rows of a list of people; the counts are of all."""
OUTCOMES = {
    "read": "Read",
    "sent": "Sent",
    "waiting": "Not sent yet",
    "kept_back": "Waits until the citizen writes",
    "refused": "Refused",
}


class RecallPages:
    """GET and POST /console/answers/<id>/recall; POST …/<recall>/approve and …/<recall>/drop."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._recalling = Recalling(deps.store, deps.catalog, deps.city.languages, deps.clock, deps.city.zone)
        self._channels = {inbox.name: inbox.channel for inbox in deps.city.inboxes}

    async def show(self, visit: Visit, answer_id: str) -> HTTPResponse:
        """The page."""
        return await self._render(visit, answer_id)

    async def write(self, visit: Visit, answer_id: str) -> HTTPResponse:
        """`version-<n>` are the versions, `text-<language>` the correction, `why` the reason."""
        versions = [
            int(name.removeprefix("version-"))
            for name in visit.form.fields
            if name.startswith("version-") and name.removeprefix("version-").isdecimal() and len(name) < 18
        ]
        texts = {one: visit.field(f"text-{one}") for one in self._deps.city.languages}
        try:
            await self._recalling.write(
                visit.actor, answer_id, versions, texts, visit.field("why"), visit.field("window")
            )
        except AnswerRefused as error:
            return await self._render(visit, answer_id, error)
        return go_to(f"/console/answers/{answer_id}/recall?notice=recall-written")

    async def approve(self, visit: Visit, answer_id: str, recall_id: UUID) -> HTTPResponse:
        """Send it."""
        try:
            await self._recalling.approve(visit.actor, answer_id, recall_id)
        except MovedOn as error:
            return await self._render(visit, answer_id, error)
        return go_to(f"/console/answers/{answer_id}/recall?notice=recall-approved")

    async def drop(self, visit: Visit, answer_id: str, recall_id: UUID) -> HTTPResponse:
        """Send it to nobody."""
        try:
            await self._recalling.drop(visit.actor, answer_id, recall_id)
        except MovedOn as error:
            return await self._render(visit, answer_id, error)
        return go_to(f"/console/answers/{answer_id}/recall?notice=recall-dropped")

    async def _render(self, visit: Visit, id: str, error: DeskError | None = None) -> HTTPResponse:
        given = await self._recalling.given(visit.actor, id)
        kept = await get_answer(self._deps.store.pool, id)
        listed = await self._recalling.list(visit.actor, id)
        return self._pages.page(
            "answer_recall.html",
            session=visit.session,
            status=200 if error is None else 422 if isinstance(error, AnswerRefused) else 409,
            alert=str(error) if error else None,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            refused=error.problems if isinstance(error, AnswerRefused) else [],
            answer=answer_of(id, kept.body),
            given=sorted(given.items(), reverse=True),
            windows=await self._recalling.windows(visit.actor, id),
            values={name: visit.field(name) for name in visit.form.fields if name != "csrf"},
            recalls=[
                (one, Counter(person.outcome for person in people), people[:SHOWN], len(people))
                for one, people in listed
            ],
            channels=self._channels,
            outcomes=OUTCOMES,
            longest=LONGEST,
            publishes=may(visit.actor, Permission.PUBLISH_ANSWERS),
            **await counts_of(self._deps.store.pool, visit),
        )
