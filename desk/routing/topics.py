"""What a conversation is about, for the team and the list: the subject of the request for a person, or the last one that
the bot answered."""

from collections.abc import Iterable, Mapping

from desk.model import Conversation, TurnAnswer
from desk.store.dialogue import turns
from desk.store.pool import Executor

REPORT = "report_problem"

NAMED = 0.6
"""Confidence from which a subject beside a wish for a person counts ("talk to somebody about my parking fine")."""


class Topics:
    """`answers` are the intents of the approved answers. Built once."""

    def __init__(self, answers: Iterable[str]) -> None:
        self.subjects = frozenset(answers) | {REPORT}

    async def of(
        self, executor: Executor, conversation: Conversation, answer: TurnAnswer | None = None
    ) -> str | None:
        """The subject that `answer` names, else the last one of the conversation; None without any."""
        named = self.named(answer) if answer else None
        return named or await turns.get_last_subject(executor, conversation.id, sorted(self.subjects))

    def named(self, answer: TurnAnswer) -> str | None:
        """The subject of this message: its intent, or the likeliest subject beside a wish for a person."""
        if answer.intent in self.subjects:
            return answer.intent
        ranking = answer.parse.get("ranking")
        for one in ranking if isinstance(ranking, list) else []:
            if isinstance(one, Mapping) and one.get("intent") in self.subjects:
                sure = one.get("confidence")
                return str(one["intent"]) if isinstance(sure, int | float) and sure >= NAMED else None
        return None
