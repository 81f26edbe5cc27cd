"""Training in the console: the current run, each report, and the model in use."""

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from console.topics import topic_titles
from desk.knowledge.comparing.comparisons import SHARES, Comparisons
from desk.knowledge.publishing.review import MovedOn
from desk.knowledge.publishing.training import Trainings
from desk.people.permissions import Permission, may
from desk.store.knowledge.comparisons import OPEN

PATH = "/console/answers/training"


class TrainingPages:
    """GET and POST /console/answers/training, POST …/use."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._comparisons = Comparisons(deps.store, deps.clock)
        self._trainings = Trainings(deps.store, deps.catalog.seed, deps.clock)

    async def show(self, visit: Visit) -> HTTPResponse:
        """The page. While a training runs it is loaded again every few seconds."""
        return await self._render(visit)

    async def ask(self, visit: Visit) -> HTTPResponse:
        """Train; with `forced`, use the model even if it is worse; with `held`, do not use it before somebody says so."""
        try:
            await self._trainings.ask(
                visit.actor, forced=bool(visit.field("forced")), held=bool(visit.field("held"))
            )
        except MovedOn as error:
            return await self._render(visit, error)
        return go_to(f"{PATH}?notice=training-asked")

    async def use(self, visit: Visit) -> HTTPResponse:
        """Answer with the model of `training`; empty: the release's own."""
        said = visit.field("training")
        number = int(said) if said.isascii() and said.isdigit() and len(said) < 12 else None
        try:
            if said and number is None:
                raise MovedOn("There is no such model. Nothing was changed.")
            await self._trainings.use(visit.actor, number)
        except MovedOn as error:
            return await self._render(visit, error)
        return go_to(f"{PATH}?notice=model-chosen")

    async def _render(self, visit: Visit, error: MovedOn | None = None) -> HTTPResponse:
        standing = await self._trainings.standing(visit.actor)
        reads = may(visit.actor, Permission.REVIEW_PROPOSALS)
        compared, marked = await self._comparisons.standing(visit.actor) if reads else ((), ())
        language, answers = self._deps.city.language, self._deps.catalog.answers
        return self._pages.page(
            "training.html",
            session=visit.session,
            status=200 if error is None else 409,
            alert=str(error) if error else None,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            standing=standing,
            compared=compared,
            marked=marked,
            shares=SHARES,
            open_kinds=[one.kind for one in compared if one.state in OPEN],
            titles=topic_titles(self._deps),
            untrained=[
                (id, answers[id].texts[language].title if id in answers else id) for id in standing.untrained
            ],
            **await counts_of(self._deps.store.pool, visit),
        )
