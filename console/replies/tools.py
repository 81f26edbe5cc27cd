"""Tags and macros of one conversation. Plain forms: POST, then a redirect."""

from uuid import UUID, uuid4

from sanic.response import HTTPResponse

from console.conversations.actions import Actions
from console.conversations.page import ConversationPages
from console.deps import ConsoleDeps
from console.guard import Visit, as_page_error, go_to
from console.replies.canned import CannedOffers
from desk.conversations.transfers import Transfers
from desk.model import NotFound, Refused, WrongState
from desk.people.access import access_conversation
from desk.replies.macros import Macros
from desk.replies.tagging import Tagging
from desk.store.replies import macros


class Tools:
    """POST /console/conversations/<id>/tag, untag (`tag`) and macro (`macro`, `client_id`)."""

    def __init__(
        self, deps: ConsoleDeps, pages: ConversationPages, actions: Actions, offers: CannedOffers
    ) -> None:
        self._deps = deps
        self._pages = pages
        self._actions = actions
        self._offers = offers
        self._tagging = Tagging(deps.ownership)
        self._macros = Macros(deps.ownership, Transfers(deps.ownership), self._tagging)

    async def tag(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Give a tag of the list."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        try:
            await self._tagging.add(visit.actor, conversation_id, visit.field("tag"))
        except NotFound as error:
            return await self._pages.render(visit, conversation, status=422, alert=str(error))
        return go_to(f"/console/conversations/{conversation_id}?notice=tagged")

    async def untag(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Take a tag away."""
        await self._tagging.remove(visit.actor, conversation_id, visit.field("tag"))
        return go_to(f"/console/conversations/{conversation_id}?notice=untagged")

    async def macro(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Run a macro; then the page that its last step leads to."""
        pool = self._deps.store.pool
        conversation = await access_conversation(pool, visit.actor, conversation_id)
        macro = await macros.get_macro(pool, visit.field("macro"))
        try:
            if macro is None or not macro.active:
                raise NotFound("There is no such macro.")
            await self._macros.run(
                pool,
                visit.actor,
                conversation,
                macro,
                await self._offers.values(visit, conversation),
                self._deps.catalog.supported(conversation.language),
                visit.field("client_id")[:64] or str(uuid4()),
            )
        except (NotFound, Refused, WrongState) as error:
            problem = as_page_error(error)
            alert = str(error) if isinstance(error, NotFound) else problem.sentence
            now = await self._pages.again(visit, conversation)
            return await self._pages.render(visit, now, status=problem.status, alert=alert)
        notice = {"resolve": "resolved", "transfer": "transferred"}.get(macro.act)
        return go_to(await self._actions.place_after(visit, conversation_id, notice))
