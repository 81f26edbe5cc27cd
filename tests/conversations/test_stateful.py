"""Reports, questions, the agents' queue, other languages, corrections and filing in any order: nothing is lost, nothing
is filed twice or mixed, and nothing that was done is denied."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support.bot import Bot
from tests.support.problems import ALSO, PHRASES, STREETS, THERE, YES, Citizen, Problem, placed

pytestmark = pytest.mark.slow

MOST_OPEN = 4
LANGUAGES = tuple(sorted(PHRASES))
QUESTION = {
    "en": "when is my bin collected?",
    "es": "¿cuándo recogen la basura?",
    "fr": "quand passe la poubelle ?",
}
ACTUALLY = {"en": "actually it is", "es": "en realidad es", "fr": "en fait c'est"}
PERSON = {
    "en": "I want to talk to a person",
    "es": "quiero hablar con una persona",
    "fr": "je veux parler à une personne",
}
LEAVING = {
    "en": "I don't want to wait any more",
    "es": "ya no quiero esperar más",
    "fr": "je ne veux plus attendre",
}
FIRST = {  # the second, the third, the last
    "en": ("do the second first", "the third one first please", "the last one first"),
    "es": ("empiece por el segundo", "el tercero primero por favor", "el último primero"),
    "fr": ("commencez par le deuxième", "le troisième d'abord svp", "le dernier d'abord"),
}
AND = {"en": " and ", "es": " y ", "fr": " et "}
GO_ON = {"en": "continue my report", "es": "continuar mi aviso", "fr": "continuer mon signalement"}
ASKED = {
    "utter_ask_report_photo",
    "utter_ask_report_photo_same",
    "utter_ask_report_contact",
    "utter_report_summary",
}
DENIALS = {
    "utter_report_stopped",
    "utter_stop_nothing",
    "utter_report_none_waiting",
    "utter_report_all_stopped",
}


@dataclass
class Open:
    """A report that is not filed yet, as the citizen knows it."""

    problem: Problem
    photos: list[str] = field(default_factory=list)


class Conversation(RuleBasedStateMachine):
    """`open[0]` is what the form asks about, the others wait in this order."""

    bot: ClassVar[Bot]

    @initialize(
        language=st.sampled_from(LANGUAGES),
        services=st.lists(st.sampled_from(sorted(PHRASES["en"])), min_size=1, max_size=3, unique=True),
        streets=st.permutations(STREETS),
        number=st.integers(2, 90),
    )
    def begin(self, language: str, services: list[str], streets: list[str], number: int) -> None:
        self.citizen = Citizen(self.bot, language)
        self.open: list[Open] = []
        self.filed: list[Open] = []
        self.handed_over: list[Open] = []
        told = [Problem(service, number + place, streets[place]) for place, service in enumerate(services)]
        self.citizen.say(f"{THERE[language]} {AND[language].join(one.told(language) for one in told)}")
        self.open = [Open(one) for one in told]
        self._is_asked()

    @precondition(lambda self: len(self.open) < MOST_OPEN)
    @rule(
        service=st.sampled_from(sorted(PHRASES["en"])),
        number=st.integers(2, 99),
        street=st.sampled_from(STREETS),
    )
    def tell_of_a_problem(self, service: str, number: int, street: str) -> None:
        if any(service == one.problem.service for one in self.open):
            return  # more about the same: it may join what was told
        language = self.citizen.language
        problem = Problem(service, number, street)
        first = not self.open
        self.citizen.say(f"{(THERE if first else ALSO)[language]} {problem.told(language)}")
        assert ("utter_report_begun" if first else "utter_report_noted") in self.citizen.said, (
            self.citizen.said
        )
        self.open.append(Open(problem))
        self._is_asked()

    @rule()
    def ask_a_question(self) -> None:
        before = self.citizen.said[-1:]
        self.citizen.say(QUESTION[self.citizen.language])
        assert self.citizen.said[0] == "bin_collection", self.citizen.said
        if self.open:
            assert self.citizen.said[-1:] == before  # the form asks the same again

    @rule(language=st.sampled_from(LANGUAGES))
    def change_the_language(self, language: str) -> None:
        before = self.citizen.said[-1:]
        self.citizen.press("change_language", language=language)
        assert self.citizen.language == language
        if self.open:
            assert self.citizen.said[-1:] == before

    @precondition(lambda self: self.open)
    @rule(number=st.integers(100, 199), street=st.sampled_from(STREETS))
    def correct_the_place(self, number: int, street: str) -> None:
        language = self.citizen.language
        if self.open[0].problem.address == f"{number} {street}":
            return
        self.citizen.say(f"{ACTUALLY[language]} {placed(number, street, language)}")
        assert self.citizen.said[0] == "utter_report_corrected", self.citizen.said
        now = self.open[0]
        now.problem = replace(now.problem, number=number, street=street)
        if self.citizen.said[-1] == "utter_ask_report_description":  # the words named the old street
            self.citizen.say(now.problem.told(language))
        self._is_asked()

    @precondition(lambda self: self.open)
    @rule()
    def send_a_photo(self) -> None:
        if len(self.open[0].photos) == 5:
            return
        photo = str(uuid4())
        self.citizen.press("share_photo", media=[photo])
        assert self.citizen.said[0] == "utter_report_photo_received", self.citizen.said
        self.open[0].photos.append(photo)
        self._is_asked()

    @precondition(lambda self: self.open and self.citizen.said[-1] != "utter_report_summary")
    @rule()
    def skip(self) -> None:
        self.citizen.press("skip")
        self._is_asked()

    @precondition(lambda self: self.open)
    @rule(number=st.integers(1, 9))
    def give_an_address(self, number: int) -> None:
        self.citizen.say(f"citizen{number}@example.org")
        self._is_asked()
        assert self.citizen.said[-1] != "utter_ask_report_contact"  # told is not asked again

    @precondition(lambda self: self.open and self.citizen.said[-1] == "utter_report_summary")
    @rule()
    def send_it(self) -> None:
        count = len(self.citizen.filed)
        self.citizen.say(YES[self.citizen.language])
        assert len(self.citizen.filed) == count + 1, self.citizen.said
        now = self.open.pop(0)
        self.filed.append(now)
        request = self.citizen.filed[-1]
        assert (request["service_code"], request["address"]) == (now.problem.service, now.problem.address)
        assert request["media"] == now.photos
        others = {street for one in self.open for street in [one.problem.street]} - {now.problem.street}
        assert not any(street in request["description"] for street in others), request["description"]
        assert self.citizen.said[0] == "utter_report_sending"
        if self.open:
            assert self.citizen.said[1] == "utter_report_next", self.citizen.said
            self._is_asked()
        else:
            assert self.citizen.form is None

    @precondition(
        lambda self: not self.open and self.filed and self.citizen.said[0] == "utter_report_sending"
    )
    @rule()
    def confirm_once_more(self) -> None:
        count = len(self.citizen.filed)
        self.citizen.say(YES[self.citizen.language])
        assert len(self.citizen.filed) == count
        assert self.citizen.said == ["utter_report_already_sent"]  # it is not denied

    @rule()
    def ask_for_a_person_and_come_back(self) -> None:
        before = self.citizen.said[-1:]
        self.citizen.say(PERSON[self.citizen.language])
        (handoff,) = [one for one in self.citizen.directives if one["type"] == "handoff"]
        for one in self.open:
            assert one.problem.address in handoff["summary"], handoff["summary"]
        self.citizen.press("back_to_bot")
        if not self.open:
            return
        if self.citizen.form is None:
            self.handed_over.append(self.open.pop(0))  # the person has it
            if self.open:
                self.citizen.say(GO_ON[self.citizen.language])
                assert self.citizen.said[0] == "utter_report_next", self.citizen.said
                self._is_asked()
        else:
            assert self.citizen.said[-1:] == before or self.citizen.said[-1] in ASKED

    @rule(leaves=st.booleans(), number=st.integers(2, 99), street=st.sampled_from(STREETS))
    def wait_in_the_queue(self, leaves: bool, number: int, street: str) -> None:
        """What is said there is for the person: it is no report of the assistant's, and changes none."""
        language = self.citizen.language
        self.citizen.say(PERSON[language])
        told = Problem("graffiti", number, street)
        self.citizen.say(f"{THERE[language]} {told.told(language)}", waiting=True)
        assert [one.get("wish") for one in self.citizen.directives] == ["stay"], self.citizen.directives
        self.citizen.say(QUESTION[language], waiting=True)
        assert self.citizen.said == ["bin_collection"]
        if leaves:
            self.citizen.say(LEAVING[language], waiting=True)
            assert [one.get("wish") for one in self.citizen.directives] == ["leave"], self.citizen.directives
        self.citizen.press("back_to_bot")
        assert not DENIALS & set(self.citizen.said), self.citizen.said
        if self.open:
            self._is_asked()  # it goes on where it was

    @precondition(lambda self: len(self.open) > 1)
    @rule(which=st.integers(1, 3))
    def change_the_order(self, which: int) -> None:
        place = min(which, len(self.open) - 1)
        words = FIRST[self.citizen.language]
        self.citizen.say(words[2] if place == len(self.open) - 1 else words[place - 1])
        assert self.citizen.said[0] == "utter_report_next", self.citizen.said
        self.open.insert(0, self.open.pop(place))
        self._is_asked()

    def _is_asked(self) -> None:
        assert self.citizen.form == "report_form", self.citizen.said
        assert self.citizen.said[-1] in ASKED, self.citizen.said
        assert not DENIALS & set(self.citizen.said), self.citizen.said

    def teardown(self) -> None:
        """What is still open is filed as it was told."""
        for _ in range(4 * MOST_OPEN):
            if not getattr(self, "open", None):
                break
            if self.citizen.said[-1] == "utter_report_summary":
                self.send_it()
            elif self.citizen.said[-1] in ASKED:
                self.citizen.press("skip")
            else:
                self.citizen.press("repeat")
        assert not getattr(self, "open", None), self.citizen.said


def test_any_order(bot: Bot) -> None:
    class Real(Conversation):
        pass

    Real.bot = bot
    quiet: Any = list(HealthCheck)
    run_state_machine_as_test(
        Real,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # each step is a turn of the bot: to shrink a failure takes minutes
            suppress_health_check=quiet,
        ),
    )
