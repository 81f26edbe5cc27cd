"""Named facts in the console: the list, one fact with its values, and every sentence that a change affects, before it is published."""

from collections.abc import Mapping

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.knowledge import fact_form
from console.knowledge.fact_form import KINDS, Values
from console.notices import NOTICES
from console.rendering import Pages
from desk.knowledge.named_facts import Fact, in_words
from desk.knowledge.publishing.checking import AnswerRefused
from desk.knowledge.publishing.fact_changes import FactChanges, FactSavedMeanwhile, hints
from desk.knowledge.publishing.fact_uses import city_values
from desk.knowledge.publishing.published import PublishedAnswers, fact_of
from desk.knowledge.publishing.review import MovedOn
from desk.model import DeskError
from desk.people.permissions import Permission, require

PATH = "/console/facts"
NOT_YOURS = "Only editors change facts."
LONGEST = 2_000
"""Characters of one field."""


class FactPages:
    """GET and POST /console/facts, GET …/new; GET and POST …/<name>, POST …/<name>/publish and …/<name>/settle."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, published: PublishedAnswers) -> None:
        self._deps = deps
        self._pages = pages
        self._changes = FactChanges(deps.store, deps.city, deps.catalog, deps.clock, published)

    async def list(self, visit: Visit) -> HTTPResponse:
        """All facts, with what they are today and where they are used."""
        kept = await self._changes.all(visit.actor)
        today, language = visit.now.astimezone(self._deps.city.zone).date(), self._deps.city.language
        rows = []
        for one in kept:
            fact = fact_of(one.body)
            given = fact_of(one.published_body) if one.published_body else None
            said = given.said(language, today) if given else None
            rows.append((one, fact, said, len(self._changes.users(one.name))))
        return self._pages.page(
            "facts.html",
            session=visit.session,
            rows=rows,
            kinds=KINDS,
            of_city=city_values(self._deps.catalog, self._deps.city.languages),
            **await counts_of(self._deps.store.pool, visit),
        )

    async def new(self, visit: Visit) -> HTTPResponse:
        """An empty form for a `kind`."""
        require(visit.actor, Permission.WRITE_ANSWERS, NOT_YOURS)
        return await self._render_new(visit, visit.request.args.get("kind", ""), {})

    async def add(self, visit: Visit) -> HTTPResponse:
        """A new fact, as a draft."""
        require(visit.actor, Permission.WRITE_ANSWERS, NOT_YOURS)
        values, kind, name = self._values(visit), visit.field("kind"), visit.field("name").strip()
        body, problems = fact_form.body_from(values, kind, name, self._deps.city.languages)
        if problems:
            return await self._render_new(visit, kind, values, AnswerRefused([]), problems)
        try:
            await self._changes.add(visit.actor, body)
        except AnswerRefused as refused:
            return await self._render_new(visit, kind, values, refused)
        return go_to(f"{PATH}/{name}?notice=fact-saved")

    async def show(self, visit: Visit, fact_name: str) -> HTTPResponse:
        """The page."""
        return await self._render(visit, fact_name)

    async def save(self, visit: Visit, fact_name: str) -> HTTPResponse:
        """A new draft. What was written stands in the form again if it cannot be saved."""
        require(visit.actor, Permission.WRITE_ANSWERS, NOT_YOURS)
        kept, _ = await self._changes.get(visit.actor, fact_name)
        values = self._values(visit)
        body, problems = fact_form.body_from(
            values, str(kept.body["kind"]), fact_name, self._deps.city.languages, fact_of(kept.body)
        )
        if problems:
            return await self._render(visit, fact_name, values, AnswerRefused([]), problems)
        try:
            await self._changes.save(visit.actor, fact_name, body, _version(visit))
        except (AnswerRefused, FactSavedMeanwhile) as error:
            return await self._render(visit, fact_name, values, error)
        return go_to(f"{PATH}/{fact_name}?notice=fact-saved")

    async def publish(self, visit: Visit, fact_name: str) -> HTTPResponse:
        """Every answer that uses it says this from now on."""
        try:
            await self._changes.publish(visit.actor, fact_name, _version(visit))
        except MovedOn as error:
            return await self._render(visit, fact_name, None, error)
        return go_to(f"{PATH}/{fact_name}?notice=fact-published")

    async def settle(self, visit: Visit, fact_name: str) -> HTTPResponse:
        """The file says something else: take that, or keep what is here."""
        take = visit.field("take") == "file"
        try:
            await self._changes.settle(visit.actor, fact_name, _version(visit), take_file=take)
        except FactSavedMeanwhile as error:
            return await self._render(visit, fact_name, None, error)
        return go_to(f"{PATH}/{fact_name}?notice=fact-saved")

    async def _render_new(
        self,
        visit: Visit,
        kind: str,
        values: Values,
        refused: AnswerRefused | None = None,
        problems: Mapping[str, str] | None = None,
    ) -> HTTPResponse:
        return self._pages.page(
            "fact.html",
            session=visit.session,
            status=200 if refused is None else 422,
            alert=str(refused) if refused else None,
            kept=None,
            written_out=[],
            hints=[],
            meanwhile=None,
            conflict=None,
            kind=kind if kind in KINDS else "",
            kinds=KINDS,
            values=values,
            rows=fact_form.rows_of(values),
            refused=refused.problems if refused else [],
            problems=problems or {},
            fields=fact_form,
            **await counts_of(self._deps.store.pool, visit),
        )

    async def _render(
        self,
        visit: Visit,
        name: str,
        values: Values | None = None,
        error: DeskError | None = None,
        problems: Mapping[str, str] | None = None,
    ) -> HTTPResponse:
        kept, states = await self._changes.get(visit.actor, name)
        languages = self._deps.city.languages
        fact = fact_of(kept.body)
        now = fact_form.values_of(fact, languages)
        day, touched = self._changes.touched(kept)
        two = await self._changes.needs_two(name)
        refused = isinstance(error, AnswerRefused)
        return self._pages.page(
            "fact.html",
            session=visit.session,
            status=200 if error is None else 422 if refused else 409,
            alert=str(error) if error else None,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            kept=kept,
            fact=fact,
            kind=fact.kind,
            kinds=KINDS,
            version=visit.field("version") if refused and values else kept.newest,
            values=now if values is None else values,
            rows=fact_form.rows_of(now if values is None else values),
            refused=error.problems if isinstance(error, AnswerRefused) else [],
            meanwhile=isinstance(error, FactSavedMeanwhile) and now,
            conflict=fact_form.values_of(fact_of(kept.file), languages)
            if kept.in_conflict and kept.file
            else None,
            problems=problems or {},
            day=day,
            touched=touched,
            users=self._changes.users(name),
            written_out=self._changes.written_out(kept),
            hints=hints(fact),
            two=two,
            may_publish=kept.newest != kept.published
            and not (two and kept.author_id == visit.actor.agent_id),
            today=visit.now.astimezone(self._deps.city.zone).date(),
            states=states,
            said={one.version: _in_short(fact_of(one.body), self._deps.city.language) for one in states},
            fields=fact_form,
            **await counts_of(self._deps.store.pool, visit),
        )

    def _values(self, visit: Visit) -> Values:
        kept_out = ("csrf", "version", "kind", "name")
        values = {name: visit.field(name)[:LONGEST] for name in visit.form.fields if name not in kept_out}
        return values | ({"name": visit.field("name")[:LONGEST]} if visit.field("name") else {})


def _in_short(fact: Fact, language: str) -> str:
    return "; ".join(
        f"from {one.since.isoformat()}{f' until {one.until.isoformat()}' if one.until else ''}: "
        f"{in_words(fact, one, language) or ''}"
        for one in fact.values
    )


def _version(visit: Visit) -> int:
    text = visit.field("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
