"""What about my permit 2026-123? Finds the register by the number's format, asks the identity questions, and gives the status.

Before the identity questions are answered nothing is read or disclosed, not even whether the number exists: an
unknown number and a wrong answer get the same response.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.phrases import day_in_words
from actions.say import Button, Event, Reply, say, slot
from actions.status.reference import find_exact, find_reference
from actions.turn import DialogueTurn
from actions.words import fold
from backends.base import BackendError, RequestRefused, UnknownReference
from backends.rest.client import Case, Register
from backends.rest.identity import is_same
from city.services import in_language

ASKED, ANSWER, FORM = "case_asked", "case_answer", "case_form"
LOOK_UP_SECONDS = 5.0

log = structlog.get_logger("registers")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to an identity question: the words, and the ISO dates that the understanding found in them."""

    text: str
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A number of a register, with the answers so far; kept in the slot `case_asked` until it is told."""

    register: str
    number: str
    given: tuple[Given, ...] = ()

    def add(self, given: Given) -> "Asked":
        """With one more answer."""
        return replace(self, given=(*self.given, given))


def read_asked(slots: Mapping[str, Any]) -> Asked | None:
    """From the slot."""
    kept = slots.get(ASKED)
    if not isinstance(kept, Mapping):
        return None
    given = tuple(Given(str(one["text"]), tuple(one["days"])) for one in kept.get("given") or ())
    return Asked(str(kept.get("register")), str(kept.get("number")), given)


def keep_asked(asked: Asked) -> list[Event]:
    """The events that keep it."""
    given = [{"text": one.text, "days": list(one.days)} for one in asked.given]
    return [slot(ASKED, {"register": asked.register, "number": asked.number, "given": given})]


def forget_asked() -> list[Event]:
    """The events that forget it, with the answers."""
    return [slot(ASKED, None), slot(ANSWER, None)]


class Cases:
    """The registers of the city as the dialogue uses them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def named(self, turn: DialogueTurn) -> tuple[Register, str] | None:
        """The register whose number a message names, and the number. The numbers of service requests come first."""
        # What was written comes first: the understanding reads "20261234" as 2026-1234 where another register writes so.
        texts = [turn.text, str(turn.entity("reference") or "")]
        if any(
            find_reference(text, desk.reference_pattern) for desk in self._context.backends for text in texts
        ):
            return None
        for text in texts:
            found = [
                (register, number)
                for register in self._context.registers
                if (number := find_exact(text, register.config.reference_pattern))
            ]
            if found:
                # Two registers may write their numbers alike: "my parking fine 20261234" says which is meant.
                return max(found, key=lambda one: names_title(one[0], turn.text))
        return None

    def may_ask(self, asked: Asked) -> bool:
        """Whether answers for this number are still accepted; not after too many wrong ones."""
        return self._context.attempts.are_left(asked.register, asked.number)

    def register(self, asked: Asked) -> Register | None:
        """The register of a number that was asked for."""
        return next((one for one in self._context.registers if one.config.name == asked.register), None)

    async def begin(self, dispatcher: CollectingDispatcher, turn: DialogueTurn) -> list[Event] | None:
        """Answer a message that names a number of a register; None if it names none."""
        found = self.named(turn)
        if found is None:
            return None
        register, number = found
        asked = Asked(register.config.name, number)
        if not register.config.identity:
            say(dispatcher, await self.tell(register, asked, turn.language))
            return []
        if not self.may_ask(asked):
            say(dispatcher, self._locked(register, number, turn.language))
            return []
        if turn.form and turn.form != FORM:
            say(
                dispatcher,
                Reply("utter_case_later", variables=self._variables(register, number, turn.language)),
            )
            return []
        say(dispatcher, self.question(register, asked, turn.language))
        return [*keep_asked(asked), FollowupAction(FORM)]

    def question(self, register: Register, asked: Asked, language: str) -> Reply:
        """The next identity question."""
        prompt = in_language(register.config.identity[len(asked.given)].prompt, language)
        variables = self._variables(register, asked.number, language)
        return Reply("utter_case_ask", variables={**variables, "question": prompt})

    async def tell(self, register: Register, asked: Asked, language: str) -> Reply:
        """The status, after every identity question was answered."""
        variables = self._variables(register, asked.number, language)
        if not self.may_ask(asked):
            return self._locked(register, asked.number, language)
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                case = await register.find(asked.number)
        except UnknownReference:
            return self._none(register, asked, variables)
        except RequestRefused as refused:
            words = register.config.errors.get(refused.errors[0][0], {})
            return Reply("utter_case_refused", variables={**variables, "words": in_language(words, language)})
        except (BackendError, TimeoutError) as error:
            log.warning("register_not_read", register=asked.register, error=type(error).__name__)
            again = Button("ask_status", {"reference": asked.number}, key="again")
            return Reply("utter_case_unavailable", variables=variables, buttons=(again,))
        if not _fits(register, case, asked.given):
            return self._none(register, asked, variables)
        return self._told(register, case, variables, language)

    def _none(self, register: Register, asked: Asked, variables: Mapping[str, str]) -> Reply:
        if not register.config.identity:
            return Reply("utter_case_unknown", variables=variables)
        self._context.attempts.mark_wrong(asked.register, asked.number)
        again = Button("ask_status", {"reference": asked.number}, key="again")
        return Reply("utter_case_not_confirmed", variables=variables, buttons=(again,))

    def _told(self, register: Register, case: Case, variables: Mapping[str, str], language: str) -> Reply:
        words = {word.casefold(): plain for word, plain in register.config.words.items()}
        phrase = self._context.phrases.say
        lines = []
        if case.date:
            lines.append(phrase("case_date", language, date=day_in_words(case.date, language)))
        if case.next_step:
            step = words.get(case.next_step.casefold())
            lines.append(
                phrase("case_next", language, step=in_language(step, language) if step else case.next_step)
            )
        plain = words.get(case.status.casefold())
        told = {**variables, "raw": case.status, "details": "\n".join(f"- {line}" for line in lines)}
        if plain is None:
            return Reply("utter_case_raw", variables=told)
        return Reply("utter_case_status", variables={**told, "words": in_language(plain, language)})

    def _locked(self, register: Register, number: str, language: str) -> Reply:
        return Reply("utter_case_locked", variables=self._variables(register, number, language))

    def _variables(self, register: Register, number: str, language: str) -> dict[str, str]:
        return {"number": number, "title": in_language(register.config.title, language)}


def names_title(register: Register, text: str) -> int:
    """How many words of the register's title, in any language, a text has."""
    titles = (word for title in register.config.title.values() for word in fold(title).split())
    return len(set(titles) & set(fold(text).split()))


def _fits(register: Register, case: Case, given: Sequence[Given]) -> bool:
    questions = register.config.identity
    if len(given) != len(questions):
        return False
    return all(
        held is not None and is_same(question.kind, held, answer.text, answer.days)
        for question, held, answer in zip(questions, case.held, given, strict=True)
    )
