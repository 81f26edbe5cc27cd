"""What the console calls the subjects of conversations."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from console import words
from console.deps import ConsoleDeps
from desk.model import Conversation, Message
from desk.routing.topics import REPORT
from desk.store.dialogue.understanding import Understood


def topic_titles(deps: ConsoleDeps) -> dict[str, str]:
    """The title of each subject, by its intent, in the city's first language."""
    language = deps.city.language
    answers = deps.catalog.answers.items()
    return {name: one.texts[language].title for name, one in answers if language in one.texts} | {
        REPORT: "Report"
    }


def topic_of(
    titles: Mapping[str, str],
    conversation: Conversation,
    transcript: Sequence[Message],
    understood: Mapping[UUID, Understood],
) -> str | None:
    """The title of what it is about, as its row of the list says it (`desk_rows`): the danger, the subject by which the
    team was chosen, else that of the last question that was answered."""
    if conversation.urgency is not None:
        return words.say(words.URGENCIES, conversation.urgency).capitalize()
    chosen = titles.get(conversation.topic or "") if conversation.state != "bot" else None
    if chosen:
        return chosen
    turns = (understood.get(message.id) for message in reversed(transcript))
    answered = (turn.intent or "" for turn in turns if turn and turn.outcome == "answered")
    return next((titles[intent] for intent in answered if intent in titles), None)


SAID = 2
"""How many of the latest messages stand for a summary."""
PLAIN = ("talk_to_person", "greet", "thanks", "affirm", "deny")
"""What says nothing of the matter, as in `desk_rows`."""


def said_since(
    transcript: Sequence[Message], understood: Mapping[UUID, Understood], queued_at: datetime | None
) -> list[str]:
    """What the citizen wrote of the matter after the handoff: the latest messages, cut at 300 characters."""
    texts = [
        message.text[:300]
        for message in transcript
        if queued_at and message.author == "contact" and message.text and message.created_at > queued_at
        if (turn := understood.get(message.id)) is None or turn.intent not in PLAIN
    ]
    return texts[-SAID:]
