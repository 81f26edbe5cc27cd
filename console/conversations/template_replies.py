"""Template replies: an approved message with its blanks filled in, for when an agent's own text can no
longer be sent."""

from uuid import UUID

from sanic.response import HTTPResponse

from city import TemplateConfig
from console.conversations.page import ConversationPages
from console.deps import ConsoleDeps
from console.guard import PageError, Visit, as_page_error, go_to
from desk.conversations.reply_extras import ReplyExtras
from desk.model import Refused, WrongState
from desk.outbound.templates import fill, offered
from desk.people.access import access_contact, access_conversation

LONGEST_VALUE = 800


class TemplateReplies:
    """POST /console/conversations/<id>/template: an approved message with its blanks filled in."""

    def __init__(self, deps: ConsoleDeps, pages: ConversationPages) -> None:
        self._deps = deps
        self._pages = pages

    async def send(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Fields: `template` ("name/language"), one per blank, `client_id` (repeating it gives the same
        message)."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        contact = await access_contact(self._deps.store.pool, visit.actor, conversation_id)
        try:
            config = self._picked(contact.inbox, visit.field("template"))
            known = {"name": contact.name or "", "city": self._deps.city.name}
            values = {
                blank: visit.field(f"{config.name}-{blank}").strip()[:LONGEST_VALUE] or known.get(blank, "")
                for blank in config.blanks
            }
            for blank, value in values.items():
                if not value:
                    raise PageError(
                        422, "blank", "Something is missing", f"Fill in '{blank}' and send again."
                    )
            text, template = fill(config, values)
            await self._deps.ownership.reply(
                visit.actor,
                conversation_id,
                text,
                visit.field("client_id")[:64],
                ReplyExtras(
                    template={
                        "name": template.name,
                        "language": template.language,
                        "values": list(template.values),
                    }
                ),
            )
        except (PageError, Refused, WrongState) as error:
            problem = as_page_error(error)
            return await self._pages.render(
                visit, conversation, status=problem.status, alert=problem.sentence
            )
        return go_to(f"/console/conversations/{conversation_id}#latest")

    def _picked(self, inbox: str, given: str) -> TemplateConfig:
        for config in offered(self._deps.city, inbox):
            if f"{config.name}/{config.language}" == given:
                return config
        raise PageError(422, "no_template", "No such template", "Choose one of the templates and send again.")
