"""The sets of answers that others share: when each was read, what could not be taken in, and what differs here."""

from collections.abc import Sequence
from dataclasses import dataclass

from sanic.response import HTTPResponse

from city.model import SharedSetConfig
from console.deps import ConsoleDeps
from console.guard import Visit, counts_of
from console.rendering import Pages
from desk.people.permissions import Permission, require
from desk.store.knowledge import answers, shared
from desk.store.knowledge.shared import SharedSet

Named = Sequence[tuple[str, str]]
"""Ids and titles of answers."""


@dataclass(frozen=True, slots=True)
class ShownSet:
    """A set of city.yml; `read` is None until a worker looked at it."""

    config: SharedSetConfig
    read: SharedSet | None
    differ: Named
    overridden: Named
    followed: Named


class SharedPages:
    """GET /console/answers/shared."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages

    async def show(self, visit: Visit) -> HTTPResponse:
        """The sets."""
        require(visit.actor, Permission.READ_ANSWERS)
        pool, language = self._deps.store.pool, self._deps.city.language
        read, said = await shared.list_sets(pool), await shared.list_shared(pool)
        kept = {one.id: one.body for one in await answers.list_kept(pool)}
        shown = []
        for config in self._deps.city.shared_answers:
            groups: dict[str, list[tuple[str, str]]] = {"differ": [], "overridden": [], "followed": []}
            for id, one in sorted(said.items()):
                if one.set_name == config.name:
                    ours = kept[id]
                    group = (
                        "differ" if one.differs(ours) else "followed" if ours == one.base else "overridden"
                    )
                    groups[group].append((id, ours["texts"].get(language, {}).get("title", id)))
            shown.append(ShownSet(config, read.get(config.name), **groups))
        return self._pages.page(
            "answers_shared.html", session=visit.session, sets=shown, **await counts_of(pool, visit)
        )
