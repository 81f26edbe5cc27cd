"""Bulk actions on the selected rows of the list, and the page for one answer to many."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote
from uuid import UUID, uuid4

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import PageError, Visit, go_to
from console.notices import NOTICES
from console.queue.pane import Pane
from console.rendering import Pages
from console.replies.box import texts_of
from console.replies.canned import PREFIX
from desk.conversations.transfers import Transfers
from desk.model import Actor, NotFound, UsedAnswer
from desk.people.permissions import Permission, require
from desk.replies.bulk import MOST_ACTS, MOST_ANSWERS, Bulk
from desk.replies.canned import fill
from desk.replies.tagging import Tagging
from desk.replies.used_answers import version_of
from desk.store.dialogue import desk_rows
from desk.store.notices import incidents
from desk.store.replies import batches, canned

Act = Callable[[UUID], Awaitable[object]]


class BulkActs:
    """POST /console/bulk (`c` for each chosen row, `all` or `incident`; `act`, and what the act needs); GET /console/bulk/<batch>, POST
    /console/bulk/<batch>/cancel (`message`, or none for all)."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, pane: Pane) -> None:
        self._deps = deps
        self._pages = pages
        self._pane = pane
        self._bulk = Bulk(deps.store, deps.clock)
        self._tagging = Tagging(deps.ownership)
        self._transfers = Transfers(deps.ownership)

    async def act(self, visit: Visit) -> HTTPResponse:
        """Do one act with all that were chosen."""
        require(visit.actor, Permission.ANSWER_CONVERSATIONS)
        act = visit.field("act")
        answering = act in ("answer", "answer_resolve")
        chosen = await self._chosen(visit, MOST_ANSWERS if answering else MOST_ACTS)
        if answering:
            return await self._answer(visit, chosen, resolves=act == "answer_resolve")
        one = self._one(visit.actor, visit, act)
        if one is None:
            raise PageError(422, "no_act", "What is to be done?", "Choose what to do with the conversations.")
        result = await self._bulk.each(chosen, one)
        return go_to(f"/console/?did={result.done}-{result.refused}")

    async def show(self, visit: Visit, batch: UUID) -> HTTPResponse:
        """The messages of one answer to many."""
        rows = await batches.list_of_batch(self._deps.store.pool, batch, visit.actor.agent_id)
        if not rows:
            raise NotFound("There is no such page.")
        return self._pages.page(
            "bulk.html",
            session=visit.session,
            batch=batch,
            rows=rows,
            subjects=await self._pane.subjects(one.conversation_id for one in rows),
            waiting=[one for one in rows if one.state == "waiting"],
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            counts=await desk_rows.count_desk(self._deps.store.pool, visit.scope),
        )

    async def cancel(self, visit: Visit, batch: UUID) -> HTTPResponse:
        """Cancel one message, or all that still wait."""
        require(visit.actor, Permission.ANSWER_CONVERSATIONS)
        given = visit.field("message")
        try:
            one = UUID(given) if given else None
        except ValueError:
            raise NotFound("There is no such message.") from None
        count = await batches.mark_cancelled(self._deps.store.pool, batch, visit.actor.agent_id, one)
        return go_to(f"/console/bulk/{batch}?notice={'unscheduled-many' if count else 'too-late'}")

    async def _chosen(self, visit: Visit, most: int) -> list[UUID]:
        if given := visit.field("incident"):
            return await self._of_incident(visit, given, most)
        if visit.field("all"):
            filters = await self._pane.filters_of(lambda name: visit.form.get(f"{name}_filter"))
            return await desk_rows.list_waiting_ids(self._deps.store.pool, visit.scope, filters, most)
        try:
            return [UUID(one) for one in visit.form.fields.get("c", ())][: most + 1]
        except ValueError:
            raise NotFound("There is no such conversation.") from None

    async def _of_incident(self, visit: Visit, given: str, most: int) -> list[UUID]:
        try:
            id = UUID(given)
        except ValueError:
            raise NotFound("There is no such incident.") from None
        return await incidents.list_open_conversations(self._deps.store.pool, id, visit.scope, most)

    def _one(self, actor: Actor, visit: Visit, act: str) -> Act | None:
        ownership, tag = self._deps.ownership, visit.field("tag")
        kind, _, name = visit.field("to").partition(":")

        async def transfer(id: UUID) -> object:
            if kind == "team":
                return await self._transfers.to_team(actor, id, name, "", str(uuid4()))
            if kind == "assign":
                return await self._transfers.assign(actor, id, UUID(name), "", str(uuid4()))
            return await self._transfers.to_agent(actor, id, UUID(name), "", str(uuid4()))

        if act == "transfer":
            if kind in ("agent", "assign"):
                try:
                    UUID(name)
                except ValueError:
                    return None
            return transfer if kind in ("team", "agent", "assign") else None
        if act == "tag":
            return (lambda id: self._tagging.add(actor, id, tag)) if tag else None
        acts: dict[str, Act] = {
            "claim": lambda id: ownership.claim(actor, id),
            "release": lambda id: ownership.release(actor, id),
            "resolve": lambda id: ownership.resolve(actor, id),
        }
        return acts.get(act)

    async def _answer(self, visit: Visit, chosen: list[UUID], *, resolves: bool) -> HTTPResponse:
        name, city = visit.field("text"), self._deps.city
        texts, used = await self._texts(visit, name)
        if not texts:
            raise PageError(
                422, "no_text", "Which text?", "Choose an answer or a canned text. Nothing was sent."
            )
        batch, count = await self._bulk.answer(
            visit.actor, chosen, texts, used, city.language, resolves=resolves
        )
        if not count:
            raise PageError(
                409, "nobody", "Nothing was sent", "None of these conversations is open and yours to answer."
            )
        return go_to(f"/console/bulk/{quote(str(batch))}?notice=bulk-kept")

    async def _texts(self, visit: Visit, name: str) -> tuple[dict[str, str], dict[str, UsedAnswer]]:
        """By language: the text, and the approved answer that it is."""
        city = self._deps.city
        if not name.startswith(PREFIX):
            texts = {
                language: text
                for language in city.languages
                for text in texts_of(self._deps, [name], language, visit.now).values()
            }
            published = self._deps.catalog.versions.get(name)
            return texts, {
                one: UsedAnswer(name, version_of(text), published=published) for one, text in texts.items()
            }
        found = await canned.get_text(self._deps.store.pool, name.removeprefix(PREFIX))
        if found is None or not found.active:
            return {}, {}
        # A text for many contains nothing about one citizen: only the city's facts and the agent's name.
        filled = {
            language: fill(
                found, language, {**self._deps.catalog.facts(language), "agent_name": visit.actor.name}
            )
            for language in city.languages
        }
        incomplete = [one for one in filled.values() if one and one.missing]
        if incomplete:
            raise PageError(
                422,
                "personal_text",
                "This text is for one person",
                f"It needs: {', '.join(incomplete[0].missing).replace('_', ' ')}. Choose another text. Nothing was sent.",
            )
        return {language: one.text for language, one in filled.items() if one}, {}
