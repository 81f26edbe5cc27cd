"""One answer in the console: all languages side by side, its state, its problems, and its history."""

from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any, Literal

from sanic.response import HTTPResponse
from sanic.response import json as json_response

from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.knowledge import answer_form
from console.knowledge.preview import previews
from console.notices import NOTICES
from console.rendering import HEADERS, Pages
from desk.knowledge.comparing.comparisons import Comparisons
from desk.knowledge.content import Answer
from desk.knowledge.parts import PARTS
from desk.knowledge.publishing.checking import AnswerRefused, findings, hints, read_body
from desk.knowledge.publishing.drafts import Drafts, SavedMeanwhile
from desk.knowledge.publishing.link_hints import link_hints
from desk.knowledge.publishing.published import PublishedAnswers, answer_of
from desk.knowledge.publishing.review import MovedOn, Review
from desk.model import DeskError
from desk.people.permissions import Permission, may, require
from desk.runtime.masking import mask_personal
from desk.store.knowledge import figures, ratings
from desk.store.knowledge.ratings import Missing

PATH = "/console/answers"
NOT_YOURS = "Only editors change answers."
SETTLED: Mapping[str, Literal["theirs", "merge", "ours"]] = {
    "theirs": "theirs",
    "merge": "merge",
    "mine": "ours",
}
"""What an editor takes where a shared set says something else."""
LONGEST = 8_000
"""Characters of one field."""


class AnswerWriting:
    """GET /console/answers/<id>; POST …/<id> (save), …/check, …/submit, …/approve, …/send-back, …/publish, …/withdraw,
    …/restore and …/settle."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, published: PublishedAnswers) -> None:
        self._deps = deps
        self._pages = pages
        given = (deps.catalog, deps.clock, published)
        self._drafts = Drafts(deps.store, *given)
        self._comparisons = Comparisons(deps.store, deps.clock)
        self._review = Review(deps.store, deps.city, *given)

    async def show(self, visit: Visit, answer_id: str) -> HTTPResponse:
        """The page."""
        return await self._render(visit, answer_id)

    async def save(self, visit: Visit, answer_id: str) -> HTTPResponse:
        """A new draft. What was written stands in the form again if it cannot be saved."""
        require(visit.actor, Permission.WRITE_ANSWERS, NOT_YOURS)
        values = self._values(visit)
        kept = await self._drafts.get(visit.actor, answer_id)
        base = answer_of(answer_id, kept.body)
        body, problems = answer_form.body_from(values, base, self._deps.city.languages)
        if problems:
            return await self._render(visit, answer_id, values, AnswerRefused([]), problems)
        try:
            await self._drafts.save(visit.actor, answer_id, body, _version(visit))
        except (AnswerRefused, SavedMeanwhile) as error:
            return await self._render(visit, answer_id, values, error)
        return go_to(f"{PATH}/{answer_id}?notice=answer-saved")

    async def check(self, visit: Visit, answer_id: str) -> HTTPResponse:
        """JSON while somebody writes: {findings, hints}, sentences. Nothing is saved."""
        kept = await self._drafts.get(visit.actor, answer_id)
        base = answer_of(answer_id, kept.body)
        body, problems = answer_form.body_from(self._values(visit), base, self._deps.city.languages)
        try:
            found, looks = await self._checked(read_body(answer_id, body, self._deps.catalog), body, visit)
        except AnswerRefused as refused:
            found, looks = refused.problems, []
        said = {"findings": [*problems.values(), *found], "hints": looks}
        return json_response(said, headers=HEADERS)

    async def submit(self, visit: Visit, answer_id: str) -> HTTPResponse:
        """Ask somebody else to approve it."""
        return await self._act(visit, answer_id, self._review.submit(visit.actor, answer_id, _version(visit)))

    async def approve(self, visit: Visit, answer_id: str) -> HTTPResponse:
        """Agree with what somebody else wrote."""
        return await self._act(
            visit, answer_id, self._review.approve(visit.actor, answer_id, _version(visit))
        )

    async def send_back(self, visit: Visit, answer_id: str) -> HTTPResponse:
        """It needs more work."""
        work = self._review.send_back(visit.actor, answer_id, _version(visit), visit.field("why"))
        return await self._act(visit, answer_id, work)

    async def publish(self, visit: Visit, answer_id: str) -> HTTPResponse:
        """Citizens get it."""
        work = self._review.publish(visit.actor, answer_id, _version(visit))
        return await self._act(visit, answer_id, work, "answer-published")

    async def withdraw(self, visit: Visit, answer_id: str) -> HTTPResponse:
        """Citizens do not get it any more."""
        work = self._review.withdraw(
            visit.actor, answer_id, _number(visit.field("published")), visit.field("why")
        )
        return await self._act(visit, answer_id, work, "answer-withdrawn")

    async def restore(self, visit: Visit, answer_id: str) -> HTTPResponse:
        """A draft that says what an older version said."""
        older = _number(visit.field("older"))
        work = self._drafts.restore(visit.actor, answer_id, older, _version(visit))
        return await self._act(visit, answer_id, work, "answer-saved")

    async def settle(self, visit: Visit, answer_id: str) -> HTTPResponse:
        """The file or the shared set says something else: take that, merge the two, or keep what is here."""
        take, version = visit.field("take"), _version(visit)
        if of_set := SETTLED.get(take):
            work = self._drafts.settle_shared(visit.actor, answer_id, version, of_set)
        else:
            work = self._drafts.settle(visit.actor, answer_id, version, take_file=take == "file")
        return await self._act(visit, answer_id, work, "answer-saved")

    async def _act(
        self, visit: Visit, id: str, work: Awaitable[None], notice: str = "answer-moved"
    ) -> HTTPResponse:
        try:
            await work
        except (AnswerRefused, SavedMeanwhile, MovedOn) as error:
            return await self._render(visit, id, None, error)
        return go_to(f"{PATH}/{id}?notice={notice}")

    async def _render(
        self,
        visit: Visit,
        id: str,
        values: answer_form.Values | None = None,
        error: DeskError | None = None,
        problems: Mapping[str, str] | None = None,
    ) -> HTTPResponse:
        kept = await self._drafts.get(visit.actor, id)
        versions, states = await self._drafts.history(visit.actor, id)
        languages = self._deps.city.languages
        answer = answer_of(id, kept.body)
        forms = {one.version: answer_form.values_of(answer_of(id, one.body), languages) for one in versions}
        now = answer_form.values_of(answer, languages)
        found, looks = await self._checked(answer, kept.body, visit)
        shared = await self._drafts.shared(visit.actor, id)
        theirs = (
            answer_form.values_of(answer_of(id, shared.body), languages) if shared and shared.body else now
        )
        file = answer_form.values_of(answer_of(id, kept.file), languages) if kept.file else now
        return self._pages.page(
            "answer.html",
            session=visit.session,
            status=200 if error is None else 422 if isinstance(error, AnswerRefused) else 409,
            alert=str(error) if error else None,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            answer=answer,
            kept=kept,
            version=visit.field("version") if isinstance(error, AnswerRefused) and values else kept.newest,
            values=now if values is None else values,
            parts=answer_form.parts_of(answer),
            targets=self._targets(id, answer, visit),
            of_console=kept.file is None,
            other_parts=[name for name in PARTS if name not in answer_form.parts_of(answer)],
            problems=problems or {},
            refused=error.problems if isinstance(error, AnswerRefused) else [],
            meanwhile=answer_form.changes(forms.get(_version(visit), {}), now)
            if isinstance(error, SavedMeanwhile)
            else [],
            conflict=answer_form.changes(now, file) if kept.in_conflict else [],
            shared=shared,
            overridden=shared is not None and kept.body != shared.base,
            shared_differs=shared is not None and shared.differs(kept.body),
            of_shared=answer_form.changes(now, theirs),
            findings=found,
            hints=looks,
            steps=await self._review.steps(visit.actor, kept),
            expired=(published := self._deps.catalog.answers.get(id)) is not None
            and published.expired(self._today(visit)),
            given=self._deps.catalog.is_given(id, self._today(visit)),
            history=[
                (one, answer_form.changes(forms.get(one.version - 1, {}), forms[one.version]))
                for one in versions
            ],
            states=states,
            fields=answer_form,
            facts=self._facts(visit),
            previews=previews(answer, self._deps.catalog, languages, self._today(visit)),
            figures=(
                await figures.list_figures(self._deps.store.pool, figures.shown_since(self._today(visit)))
            ).get(id),
            days=figures.SHOWN,
            missing=await self._missing(visit, id),
            touched=await self._comparisons.touched(visit.actor, id),
            **await counts_of(self._deps.store.pool, visit),
        )

    async def _checked(
        self, answer: Answer, body: Mapping[str, Any], visit: Visit
    ) -> tuple[list[str], list[str]]:
        today = self._today(visit)
        found = findings(answer, self._deps.catalog, self._deps.city.languages, today)
        return found, [*hints(answer), *await link_hints(self._deps.store.pool, body)]

    def _targets(self, id: str, answer: Answer, visit: Visit) -> list[tuple[str, str]]:
        """The answers to which a new button can lead, by title: those that citizens get."""
        catalog, language = self._deps.catalog, self._deps.city.language
        led_to = {one.answer for one in answer.buttons}
        found = [
            (name, one.texts[language].title)
            for name, one in catalog.answers.items()
            if name not in led_to and name != id and catalog.is_given(name, self._today(visit))
        ]
        return sorted(found, key=lambda one: one[1])

    async def _missing(self, visit: Visit, id: str) -> list[Missing]:
        """What was missing, without what could name them; nothing for those who do not read what citizens write."""
        if not may(visit.actor, Permission.REVIEW_PROPOSALS):
            return []
        found = await ratings.list_missing(self._deps.store.pool, id)
        return [replace(one, text=mask_personal(one.text)) for one in found]

    def _facts(self, visit: Visit) -> list[tuple[str, str | None]]:
        """What a text can use, as it is today in the city's first language."""
        catalog, language, today = self._deps.catalog, self._deps.city.language, self._today(visit)
        named = [(name, one.said(language, today)) for name, one in sorted(catalog.named_facts.items())]
        return [*named, *catalog.facts(language).items()]

    def _today(self, visit: Visit) -> Any:
        return visit.now.astimezone(self._deps.city.zone).date()

    def _values(self, visit: Visit) -> answer_form.Values:
        return {
            name: visit.field(name)[:LONGEST] for name in visit.form.fields if name not in ("csrf", "version")
        }


def _version(visit: Visit) -> int:
    return _number(visit.field("version"))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
