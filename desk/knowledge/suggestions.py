"""The approved answers that match a citizen's last message, for an agent to send: first by the bot's understanding, then by
a word search."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from desk.knowledge.catalogue import Catalog
from desk.knowledge.finder import AnswerFinder
from desk.model import Message
from desk.routing.topics import NAMED
from desk.store.dialogue.understanding import Understood

SMALL_TALK = frozenset(
    {
        "talk_to_person",
        "greet",
        "goodbye",
        "thanks",
        "affirm",
        "deny",
        "bot_challenge",
        "insult",
        "back_to_bot",
        "ask_place",
        "still_there",
        "repeat",
    }
)
"""Intents of messages that name no subject, like those of somebody who waits: the message before says what the citizen wants."""
DANGER = frozenset({"distress", "emergencies"})
"""Somebody may be in danger: an answer that merely shares words with theirs is in the way."""
LIKELY = 0.1
"""Confidence from which a subject that the bot thought of is suggested; the agent decides."""


class Suggestions:
    """Built once, with the catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._finder = AnswerFinder(catalog)

    def suggest(
        self,
        transcript: Sequence[Message],
        understood: Mapping[UUID, Understood],
        language: str,
        count: int,
        today: date,
    ) -> list[str]:
        """The names of `count` answers at most, best first; none if the citizen has written nothing that fits. What citizens
        do not get is not suggested either."""
        asked = _asked(transcript, understood)
        if asked is None:
            return []
        known = understood.get(asked.id)
        names = list(known.likely(LIKELY)) if known else []
        if known is None or known.intent not in DANGER:
            found = [one.answer.id for one in self._finder.find(asked.text, language, count)]
            # What the bot did not understand is about what it was about before, sooner than about its words.
            before = _subject(transcript, understood, asked)
            names += [*before, *found] if known else [*found[: count - 1], *before, *found]
        return [name for name in dict.fromkeys(names) if self._catalog.is_given(name, today)][:count]


def _subject(
    transcript: Sequence[Message], understood: Mapping[UUID, Understood], before: Message
) -> list[str]:
    """What the citizen's newest earlier message was about, if the bot understood one."""
    for message in reversed(transcript):
        known = understood.get(message.id)
        if message.seq >= before.seq or message.author != "contact" or message.deleted_at or known is None:
            continue
        if known.intent in DANGER:
            return []
        if subjects := [name for name in known.likely(NAMED) if name not in SMALL_TALK]:
            return subjects[:1]
    return []


def _asked(transcript: Sequence[Message], understood: Mapping[UUID, Understood]) -> Message | None:
    """The citizen's last message that says more than a greeting or a wish for a person, else the last one."""
    said = [one for one in transcript if one.author == "contact" and one.text.strip() and not one.deleted_at]
    for message in reversed(said):
        known = understood.get(message.id)
        if known is None or known.intent not in SMALL_TALK or set(known.likely(NAMED)) - SMALL_TALK:
            return message
    return said[-1] if said else None
