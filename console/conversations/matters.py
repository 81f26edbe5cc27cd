"""Merging and splitting conversations: a page that says what will happen, then a plain form."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sanic.response import HTTPResponse

from city.model import SOLVED
from console.deps import ConsoleDeps
from console.guard import PageError, Visit, as_page_error, counts_of, go_to
from console.rendering import Pages
from desk.conversations.matters.merging import UNDO, Merging, Preview
from desk.conversations.matters.splitting import Splitting, first_of
from desk.model import Conversation, Message, NotFound, Refused, WrongState
from desk.people.access import access_conversation
from desk.store.dialogue import listing, messages
from desk.store.people import contacts
from desk.store.routing import matters


class MatterPages:
    """GET and POST /console/conversations/<id>/merge (`other`) and split (`message`, `reason`); POST unmerge (`other`)."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._merging = Merging(deps.store, deps.ownership, deps.clock)
        self._splitting = Splitting(deps.ownership, deps.city)

    async def preview_merge(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """What a merge would do."""
        other = _id(visit.request.args.get("other", ""))
        preview = await self._merging.preview(visit.actor, conversation_id, other)
        return await self._merge_page(visit, preview)

    async def merge(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Merge `other` into this conversation."""
        other = _id(visit.field("other"))
        try:
            await self._merging.merge(visit.actor, conversation_id, other)
        except (Refused, WrongState) as error:
            preview = await self._merging.preview(visit.actor, conversation_id, other)
            return await self._merge_page(visit, preview, error)
        return go_to(f"/console/conversations/{conversation_id}?notice=merged#latest")

    async def unmerge(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Take a merge back."""
        try:
            await self._merging.undo(visit.actor, conversation_id, _id(visit.field("other")))
        except (Refused, WrongState) as error:
            problem = as_page_error(error)
            raise PageError(problem.status, problem.code, "The merge stays", problem.sentence) from error
        return go_to(f"/console/conversations/{conversation_id}?notice=unmerged")

    async def preview_split(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """What a split would do."""
        return await self._split_page(visit, conversation_id, _id(visit.request.args.get("message", "")))

    async def split(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Split at `message`; the earlier part is resolved for `reason`."""
        message = _id(visit.field("message"))
        try:
            made = await self._splitting.split(
                visit.actor, conversation_id, message, visit.field("reason") or SOLVED
            )
        except (Refused, WrongState) as error:
            return await self._split_page(visit, conversation_id, message, error)
        return go_to(f"/console/conversations/{made.id}?notice=split#latest")

    async def _merge_page(
        self, visit: Visit, preview: Preview, error: Refused | WrongState | None = None
    ) -> HTTPResponse:
        pool = self._deps.store.pool
        problem = as_page_error(error) if error else None
        parts = []
        for one in (preview.target, preview.source):
            said = await messages.list_of_conversation(pool, one.id)
            parts.append((one, await contacts.get_by_id(pool, one.contact_id), said))
        return self._pages.page(
            "merge.html",
            session=visit.session,
            **await counts_of(self._deps.store.pool, visit),
            status=problem.status if problem else 200,
            alert=problem.sentence if problem else None,
            conversation=preview.target,
            parts=parts,
            problem=preview.problem,
            hours=int(UNDO.total_seconds() // 3600),
        )

    async def _split_page(
        self,
        visit: Visit,
        conversation_id: UUID,
        message_id: UUID,
        error: Refused | WrongState | None = None,
    ) -> HTTPResponse:
        pool = self._deps.store.pool
        conversation = await access_conversation(pool, visit.actor, conversation_id)
        try:
            first = await first_of(pool, conversation_id, message_id)
        except Refused as refused:
            problem = as_page_error(refused)
            raise PageError(problem.status, problem.code, "No second matter", problem.sentence) from refused
        said = await messages.list_of_conversation(pool, conversation_id)
        shown = as_page_error(error) if error else None
        return self._pages.page(
            "split.html",
            session=visit.session,
            **await counts_of(self._deps.store.pool, visit),
            status=shown.status if shown else 200,
            alert=shown.sentence if shown else None,
            conversation=conversation,
            first=first,
            before=[one for one in said if one.seq < first.seq],
            after=[one for one in said if one.seq >= first.seq],
        )


class MattersShown:
    """What the page of a conversation says of merges and splits. Built once."""

    def __init__(self, deps: ConsoleDeps) -> None:
        self._deps = deps

    async def values(
        self, visit: Visit, conversation: Conversation, own: Sequence[Message]
    ) -> dict[str, Any]:
        """`merged_here`: what was merged into it and this agent may see, by id; `merge`: into what it was merged itself."""
        pool = self._deps.store.pool
        found = await matters.list_merged(pool, conversation.id)
        seen = {one.id: one for one in found if await listing.is_visible(pool, visit.scope, one.id)}
        said = [one.id for one in own if one.author == "contact"]
        holds = conversation.agent_id == visit.actor.agent_id and conversation.state in (
            "assigned",
            "waiting_on_contact",
        )
        return {
            "merged_here": seen,
            "merged_ids": {one.id for one in found},
            "merge": await matters.get_merge(pool, conversation.id),
            "unmergeable": {one.id for one in found if visit.now - one.at <= UNDO},
            "split_from": await matters.get_split_from(pool, conversation.id),
            "split_off": await matters.list_split_off(pool, conversation.id),
            "merged_messages": [
                message for id in seen for message in await messages.list_of_conversation(pool, id)
            ],
            "splittable": set(said[1:]) if holds else set(),
        }

    @staticmethod
    def with_merged(own: Sequence[Message], values: Mapping[str, Any]) -> list[Message]:
        """Both transcripts in the order in which things were said. Messages of one contact keep their numbers' order."""
        merged: Sequence[Message] = values["merged_messages"]
        return sorted([*own, *merged], key=lambda one: (one.created_at, one.seq)) if merged else list(own)


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NotFound("There is no such conversation or message.") from None
