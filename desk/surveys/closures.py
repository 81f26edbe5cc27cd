""" "Was it really fixed?": reads the answer to the question that comes with a closure.

A tap always counts as an answer; a text only if it is the first message after the question and unambiguous. Every other
message goes to the bot, which recognises "the pothole is still there" at any later time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid5

import structlog

from city.services import CityService
from desk.conversations.messages import MessageWriter
from desk.languages import WORDS
from desk.model import ChangeRequest, Clock, Conversation
from desk.requests.change_news import CLOSED_REQUEST, report_in_words
from desk.requests.recording import RequestRecorder
from desk.store import requests
from desk.store.following import closures
from desk.store.following.closures import ClosureCheck
from desk.store.pool import Executor
from desk.turns.choice import plain

log = structlog.get_logger("desk.requests")

FIXED, NOT_FIXED = "request_fixed", "request_not_fixed"
OPEN_FOR = timedelta(days=7)
LONGEST = 300  # characters of a text that may be an answer


@dataclass(frozen=True, slots=True)
class ClosureSaid:
    """The reply to the citizen's answer."""

    said: str
    variables: Mapping[str, object] = field(default_factory=dict)


class ClosureAnswers:
    """Built once by the worker."""

    def __init__(
        self,
        recorder: RequestRecorder,
        writer: MessageWriter,
        services: Mapping[str, CityService],
        clock: Clock,
    ) -> None:
        self._recorder = recorder
        self._writer = writer
        self._services = services
        self._clock = clock

    async def take(
        self,
        transaction: Executor,
        conversation: Conversation,
        intent: str | None,
        entities: Mapping[str, object],
        text: str,
        *,
        tapped: bool,
    ) -> ClosureSaid | None:
        """None if the message answers no such question."""
        check = None
        if intent in (FIXED, NOT_FIXED):
            check = await self._named(transaction, conversation, entities.get(CLOSED_REQUEST))
        elif not tapped and (intent := meaning(text)) is not None:
            since = self._clock() - OPEN_FOR
            check = await closures.get_waiting(transaction, conversation.contact_id, since)
        if check is None:
            return None
        request = await requests.get_request(transaction, check.request_id)
        if request is None:
            return None
        answer: closures.Answer = "fixed" if intent == FIXED else "not_fixed"
        now = self._clock()
        fresh = await closures.set_answer(transaction, request.id, check.contact_id, answer, now)
        language = self._writer.catalog.supported(conversation.language)
        variables = {"report": report_in_words(request, self._services, language)}
        log.info("closure_answered", request=str(request.id), answer=answer, fresh=fresh)
        if answer == "fixed":
            return ClosureSaid("closure_thanks", variables)
        if fresh and request.state == "filed" and request.status == "closed":
            wanted = ChangeRequest(str(request.id), "reopen", "" if tapped else text)
            id = uuid5(request.id, f"reopen:{request.updated_at.isoformat()}")
            await self._recorder.change(transaction, id, conversation, wanted)
        return ClosureSaid("closure_disputed", variables)

    async def _named(
        self, transaction: Executor, conversation: Conversation, named: object
    ) -> ClosureCheck | None:
        try:
            id = UUID(str(named))
        except ValueError:
            return None
        return await closures.get_of_contact(transaction, conversation.contact_id, id)


def meaning(text: str) -> str | None:
    """FIXED or NOT_FIXED, if the text can mean nothing else right after the question; in any language. Pure."""
    if not text or len(text) > LONGEST:
        return None
    said = f" {plain(text)} "
    if any(f" {one} " in said for words in WORDS.values() for one in words.not_fixed):
        return NOT_FIXED
    if any(said == f" {one} " for words in WORDS.values() for one in words.not_fixed_alone):
        return NOT_FIXED
    if any(said == f" {one} " for words in WORDS.values() for one in words.fixed):
        return FIXED
    return None
