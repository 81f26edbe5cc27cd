"""Agents' replies: text, and optionally a photo, choices to tap or a request for the location. They are sent at once or at
a later time; one click can also resolve the conversation."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sanic.response import HTTPResponse

from console.conversations.actions import Actions
from console.conversations.page import ConversationPages
from console.conversations.upload import chosen, taken_photo
from console.deps import ConsoleDeps
from console.guard import PageError, Visit, as_page_error, failure, go_to, success
from console.replies.box import Draft, looked_at, texts_of
from console.replies.canned import PREFIX
from desk.conversations.reply_extras import AgentPhoto, ReplyExtras
from desk.media.photos import SENTENCES, BadPhoto
from desk.model import Conversation, DeskError, Message, Refused, WrongState
from desk.people.access import access_conversation
from desk.replies.scheduling import Scheduling
from desk.replies.used_answers import provenance
from desk.store import media as media_rows

LONGEST_REPLY = 4_000
"""Characters; channels do not truncate an agent's text, so the reply box refuses a longer one first."""

ABOUT_THE_PHOTO = ("photo_too_large", *SENTENCES)
_STATUS = {"photo_busy": 503, "photo_quota": 429}


class Replies:
    """POST /console/conversations/<id>/reply: `text`, `client_id`, and `photo`, `alt`, `choices`,
    `location`, `take`, `pass`, `answers` and `suggested` (ids of approved answers). `then` is empty, `resolve`, or
    `later` with `later_at` (local time of the city)."""

    def __init__(self, deps: ConsoleDeps, pages: ConversationPages, actions: Actions) -> None:
        self._deps = deps
        self._pages = pages
        self._actions = actions
        self._scheduling = Scheduling(deps.ownership, deps.clock)

    async def send(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Repeating a client id gives the same message; if it is refused, the text stays in the box."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        draft = Draft(
            _client_id(visit.field("client_id")),
            visit.field("text"),
            visit.field("alt"),
            visit.field("choices"),
            bool(visit.field("location")),
            bool(visit.field("take")),
            bool(visit.field("pass")),
            visit.field("later_at"),
            looked_at(visit.field("answers")),
            looked_at(visit.field("suggested")),
        )
        then = visit.field("then")
        try:
            if len(draft.text.strip()) > LONGEST_REPLY:
                raise PageError(
                    422,
                    "too_long",
                    "Too long",
                    f"The reply has {len(draft.text.strip()):,} characters; {LONGEST_REPLY:,} is the most. "
                    "Nothing was sent.",
                )
            if then == "later":
                await self._later(visit, conversation_id, draft)
                if visit.scripted:
                    return success(scheduled=True)
                return go_to(f"/console/conversations/{conversation_id}?notice=scheduled#latest")
            photo = await self._photo(visit)
            message = await self._reply(visit, conversation, draft, photo)
        except (PageError, Refused, WrongState) as error:
            problem = as_page_error(error)
            if visit.scripted:
                return failure(problem)
            now = await self._pages.again(visit, conversation)
            alert = problem.sentence
            if chosen(visit.form) and problem.code not in ABOUT_THE_PHOTO:
                alert += " Choose the photo again before you send: a browser forgets it."
            return await self._pages.render(visit, now, status=problem.status, alert=alert, draft=draft)
        if then == "resolve":
            return await self._actions.resolve(visit, conversation_id)
        if visit.scripted:
            return success(seq=message.seq, message=str(message.id))
        return go_to(f"/console/conversations/{conversation_id}#latest")

    async def _later(self, visit: Visit, conversation_id: UUID, draft: Draft) -> None:
        if chosen(visit.form):
            raise Refused(
                "not_later", "A photo cannot go later. Nothing was kept: send it now, or leave it out."
            )
        try:
            due = datetime.fromisoformat(draft.later_at).replace(tzinfo=self._deps.city.zone)
        except ValueError:
            raise PageError(
                422, "bad_time", "When?", "Choose a day and a time for the message. Nothing was sent."
            ) from None
        extras = ReplyExtras(
            choices=tuple(draft.choices.split("\n")),
            asks_location=draft.asks_location,
            takes_thread=draft.takes_thread,
            passes_thread=draft.passes_thread,
        )
        await self._scheduling.reply_later(
            visit.actor, conversation_id, draft.text, draft.client_id, due, extras
        )

    async def _photo(self, visit: Visit) -> AgentPhoto | None:
        try:
            return await taken_photo(
                visit.form, self._deps.media, self._deps.photo_quotas, visit.actor.agent_id
            )
        except BadPhoto as error:
            status = _STATUS.get(error.code, 422)
            raise PageError(status, error.code, "This photo cannot be sent", str(error)) from None

    async def _reply(
        self, visit: Visit, conversation: Conversation, draft: Draft, photo: AgentPhoto | None
    ) -> Message:
        texts = texts_of(self._deps, (*draft.answers, *draft.suggested), conversation.language, visit.now)
        made_from = provenance(draft.text, draft.answers, draft.suggested, texts)
        extras = ReplyExtras(
            photos=(photo,) if photo else (),
            choices=tuple(draft.choices.split("\n")),
            asks_location=draft.asks_location,
            takes_thread=draft.takes_thread,
            passes_thread=draft.passes_thread,
            answers=tuple(
                replace(one, published=self._deps.catalog.versions.get(one.id)) for one in made_from.used
            ),
            # Using a canned text is no sign of a missing answer.
            suggested=() if any(one.startswith(PREFIX) for one in draft.answers) else made_from.suggested,
        )
        try:
            message = await self._deps.ownership.reply(
                visit.actor, conversation.id, draft.text, draft.client_id, extras
            )
        except DeskError:
            # Definitely refused. After a lost connection the outcome is unknown, and the file stays.
            if photo:
                await self._deps.media.remove(photo.stored.file_name)
            raise
        if photo and not await self._sent_with(message, photo):
            # The same form was sent again: the message already has the photo from the first time.
            await self._deps.media.remove(photo.stored.file_name)
        return message

    async def _sent_with(self, message: Message, photo: AgentPhoto) -> bool:
        rows = [await media_rows.get_file(self._deps.store.pool, UUID(one.id)) for one in message.attachments]
        return any(row.file_name == photo.stored.file_name for row in rows if row)


def _client_id(given: str) -> str:
    try:
        return str(UUID(given))
    except ValueError:
        return str(uuid4())
