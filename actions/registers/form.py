"""validate_case_form: reads the answers to a register's identity questions. Like the report's form it asks its own
questions, and returns no events if a message is about something else.
"""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.registers.cases import (
    ANSWER,
    FORM,
    Asked,
    Cases,
    Given,
    forget_asked,
    keep_asked,
    names_title,
    read_asked,
)
from actions.say import Event, Reply, say, slot
from actions.turn import DialogueTurn, read_turn
from actions.words import is_no
from backends.rest.client import Register
from backends.rest.identity import LONGEST_ANSWER, looks_answered

# What is never an answer.
_ELSEWHERE = frozenset(
    {
        "talk_to_person", "distress", "emergencies", "change_language", "cancel_handoff", "back_to_bot", "ask_status",
        "report_problem", "what_can_you_do", "bot_challenge", "repeat", "greet", "goodbye", "thanks",
    }
)  # fmt: skip


class CaseForm:
    """validate_case_form"""

    def __init__(self, context: Context, cases: Cases) -> None:
        self._context = context
        self._cases = cases

    def name(self) -> str:
        return f"validate_{FORM}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        asked = read_asked(turn.slots)
        register = self._cases.register(asked) if asked else None
        if asked is None or register is None or len(asked.given) >= len(register.config.identity):
            return [*forget_asked(), slot("requested_slot", None)]
        if turn.step is None:  # just opened: the first question is asked already
            return [*keep_asked(asked), slot("requested_slot", ANSWER)]
        if turn.returning:
            say(dispatcher, self._cases.question(register, asked, turn.language))
            return [*keep_asked(asked), slot("requested_slot", ANSWER)]
        if turn.intent in ("stop", "deny", "skip") or is_no(turn.text):
            say(dispatcher, Reply("utter_case_stopped", variables={"number": asked.number}))
            return [*forget_asked(), slot("requested_slot", None)]
        other = self._cases.named(turn) if turn.typed else None
        # "19850304" may be a birth date as well as a fine's number; "my fine 20261234" is no answer.
        meant = other and (turn.intent == "ask_status" or names_title(other[0], turn.text))
        if other and meant and (other[0].config.name, other[1]) != (asked.register, asked.number):
            return await self._other(dispatcher, *other, turn)
        kind = register.config.identity[len(asked.given)].kind
        if not _answers(turn, kind):
            if turn.intent != "nlu_fallback" or not turn.typed:
                return []
            say(dispatcher, Reply("utter_case_why"), self._cases.question(register, asked, turn.language))
            return [*keep_asked(asked), slot("requested_slot", ANSWER)]
        days = tuple(str(day) for day in turn.entities.get("date", ()))
        asked = asked.add(Given(turn.text[: LONGEST_ANSWER + 1], days))
        return await self._go_on(dispatcher, asked, turn)

    async def _other(
        self, dispatcher: CollectingDispatcher, register: Register, number: str, turn: DialogueTurn
    ) -> list[Event]:
        """Another number in place of an answer: it is that one the citizen asks about now."""
        asked = Asked(register.config.name, number)
        if register.config.identity and self._cases.may_ask(asked):
            say(dispatcher, self._cases.question(register, asked, turn.language))
            return [*keep_asked(asked), slot("requested_slot", ANSWER)]
        say(dispatcher, await self._cases.tell(register, asked, turn.language))
        return [*forget_asked(), slot("requested_slot", None)]

    async def _go_on(self, dispatcher: CollectingDispatcher, asked: Asked, turn: DialogueTurn) -> list[Event]:
        register = self._cases.register(asked)
        assert register is not None
        if len(asked.given) < len(register.config.identity):
            say(dispatcher, self._cases.question(register, asked, turn.language))
            return [*keep_asked(asked), slot("requested_slot", ANSWER)]
        say(dispatcher, await self._cases.tell(register, asked, turn.language))
        return [*forget_asked(), slot("requested_slot", None)]


def _answers(turn: DialogueTurn, kind: str) -> bool:
    """Whether a message is an answer to an identity question of this kind."""
    if not turn.typed or turn.asks:
        return False
    days = tuple(str(day) for day in turn.entities.get("date", ()))
    if not looks_answered(kind, turn.text, days):
        return False
    if kind != "text":
        return True
    return turn.intent not in _ELSEWHERE or not turn.believed("sure")
