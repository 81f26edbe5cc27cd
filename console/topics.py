"""The console's names for the subjects of conversations."""

from collections.abc import Mapping, Sequence
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
        return words.matter(conversation.urgency, None, titles)
    chosen = titles.get(conversation.topic or "") if conversation.state != "bot" else None
    if chosen:
        return chosen
    turns = (understood.get(message.id) for message in reversed(transcript))
    answered = (turn.intent or "" for turn in turns if turn and turn.outcome == "answered")
    return next((titles[intent] for intent in answered if intent in titles), None)
