""" "What about my permit 2026-123?": who asks is checked first, and the status is told in plain words."""

import copy
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import aiohttp
import msgspec
import pytest

from actions.registers.attempts import MOST_WRONG, Attempts
from backends.rest.client import Register
from tests.support.clock import Clock, Ticks
from tests.support.json_service import JsonPeer, json_peer
from tests.support.registers import FINE, PERMIT, as_json, fines, permits
from tests.support.stage import OWN, FakeBackend, Stage, responses

ASK = "what about my permit 2026-123?"


@pytest.fixture
async def peer() -> AsyncIterator[JsonPeer]:
    async with json_peer() as peer:
        peer.answers(as_json(PERMIT))
        yield peer


@pytest.fixture
async def desk(stage: Stage, backend: FakeBackend, peer: JsonPeer) -> AsyncIterator[Stage]:
    async with aiohttp.ClientSession() as session:
        registers = [
            Register(session, config, "k", seconds=0.3, monotonic=Ticks())
            for config in (permits(peer.url), fines(peer.url))
        ]
        yield Stage(replace(stage.context, registers=registers, attempts=Attempts(Clock())), backend)


def replace_pattern(register: Register, pattern: str) -> Register:
    """The same register, whose numbers look so."""
    changed = copy.copy(register)
    changed.config = msgspec.structs.replace(register.config, reference_pattern=pattern)
    return changed


async def answered(
    desk: Stage, text: str, dates: Sequence[str] = (), intent: str = "nlu_fallback"
) -> list[str]:
    """Ask for the permit, and give this answer to the question who it is."""
    said = await desk.run("action_status", ASK, "ask_status", reference="2026-123")
    assert responses(said) == ["utter_case_ask"] and desk.followup == "case_form"
    desk.loop, desk.slots["requested_slot"] = {"name": "case_form"}, None
    desk.returning = True
    await desk.run("validate_case_form", ASK)
    desk.returning = False
    entities: dict[str, Any] = {"date": dates[0]} if dates else {}
    return responses(await desk.run("validate_case_form", text, intent, **entities))


async def test_nothing_is_read_before_it_is_known_who_asks(desk: Stage, peer: JsonPeer) -> None:
    said = await desk.run("action_status", ASK, "ask_status", reference="2026-123")
    assert responses(said) == ["utter_case_ask"]
    variables = said[0]["reply"]["variables"]
    assert variables == {"number": "2026-123", "title": "building permit", "question": "When were you born?"}
    assert peer.paths == []


async def test_the_status_in_plain_words_with_the_raw_word(desk: Stage) -> None:
    assert await answered(desk, "4 March 1985", ["1985-03-04"]) == ["utter_case_status"]
    variables = desk.events[-1]["data"]["custom"]["reply"]["variables"]
    assert variables["words"] == "it was granted." and variables["raw"] == "ISSUED"
    assert "November 20, 2026" in variables["details"] and "Next step: pay the fee" in variables["details"]
    assert desk.slots["case_asked"] is None, "the answer is not kept"


async def test_in_the_citizens_language(desk: Stage) -> None:
    desk.slots["language"] = "es"
    assert await answered(desk, "1985-03-04") == ["utter_case_status"]
    variables = desk.events[-1]["data"]["custom"]["reply"]["variables"]
    assert variables["words"] == "fue concedida." and "Siguiente paso: pagar la tasa" in variables["details"]


async def test_a_word_without_plain_words_is_told_as_it_is(desk: Stage, peer: JsonPeer) -> None:
    peer.answers(as_json(PERMIT).replace("ISSUED", "ZZ9"))
    assert await answered(desk, "1985-03-04") == ["utter_case_raw"]


async def test_a_wrong_answer_and_an_unknown_number_are_told_alike(desk: Stage, peer: JsonPeer) -> None:
    assert await answered(desk, "5 March 1985", ["1985-03-05"]) == ["utter_case_not_confirmed"]
    peer.answers("{}", 404)
    assert await answered(desk, "1985-03-04") == ["utter_case_not_confirmed"]


async def test_nobody_tries_all_birthdays(desk: Stage, peer: JsonPeer) -> None:
    for day in range(MOST_WRONG):
        assert await answered(desk, f"1985-01-0{day + 1}") == ["utter_case_not_confirmed"]
    desk.slots.clear()  # another conversation
    desk.loop = {}
    said = await desk.run("action_status", ASK, "ask_status", reference="2026-123")
    assert responses(said) == ["utter_case_locked"]
    assert len(peer.paths) == MOST_WRONG


async def test_a_question_in_between_is_answered_elsewhere_and_the_form_goes_on(desk: Stage) -> None:
    assert await answered(desk, "when are bins collected?", intent="bin_collection") == []
    desk.returning = True
    said = await desk.run("validate_case_form", "when are bins collected?", "bin_collection")
    assert responses(said) == ["utter_case_ask"]
    desk.returning = False
    said = await desk.run("validate_case_form", "why do you need that?")
    assert responses(said) == ["utter_case_why", "utter_case_ask"]
    assert responses(await desk.run("validate_case_form", "1985-03-04")) == ["utter_case_status"]


async def test_it_can_be_left(desk: Stage) -> None:
    assert await answered(desk, "no", intent="deny") == ["utter_case_stopped"]
    assert desk.slots["case_asked"] is None and desk.slots["requested_slot"] is None


async def test_a_register_that_is_slow_or_refuses(desk: Stage, peer: JsonPeer) -> None:
    peer.hangs()
    assert await answered(desk, "1985-03-04") == ["utter_case_unavailable"]
    peer.answers("x", 423)
    assert await answered(desk, "1985-03-04") == ["utter_case_refused"]
    words = desk.events[-1]["data"]["custom"]["reply"]["variables"]["words"]
    assert words == "It is being moved to another office. Ask again tomorrow."


async def test_a_public_register_answers_at_once(desk: Stage, peer: JsonPeer) -> None:
    peer.answers(as_json(FINE))
    said = await desk.run("action_status", "my fine 20261234", "ask_status")
    assert responses(said) == ["utter_case_status"]
    assert said[0]["reply"]["variables"]["words"] == "it is not paid yet."
    peer.answers('{"results": [], "error": null}')
    assert responses(await desk.run("action_unsure", "20269999")) == ["utter_case_unknown"]


async def test_the_number_as_it_was_written_decides_and_the_words_where_two_fit(
    desk: Stage, peer: JsonPeer
) -> None:
    peer.answers(as_json(FINE))
    # The understanding writes it as permits do.
    said = await desk.run("action_status", "is fine 20261234 paid?", "ask_status", reference="2026-1234")
    assert responses(said) == ["utter_case_status"]
    alike = [replace_pattern(one, "20[0-9]{6}") for one in desk.context.registers]
    desk = Stage(replace(desk.context, registers=alike), desk.backend)
    said = await desk.run("action_status", "is my parking fine 20261234 paid?", "ask_status")
    assert responses(said) == ["utter_case_status"]


async def test_another_number_is_no_answer(desk: Stage) -> None:
    assert await answered(desk, "19850304", ["1985-03-04"]) == ["utter_case_status"], (
        "it could be a fine's number as well"
    )
    assert await answered(desk, "my permit 2026-777 I mean", intent="ask_status") == ["utter_case_ask"]
    assert desk.slots["case_asked"]["number"] == "2026-777" and not desk.slots["case_asked"]["given"]


async def test_reports_keep_their_numbers(desk: Stage, peer: JsonPeer) -> None:
    assert responses(await desk.run("action_status", OWN, "ask_status")) == ["utter_status_other_open"]
    assert peer.paths == []


async def test_while_a_report_is_written_it_waits(desk: Stage) -> None:
    desk.loop = {"name": "report_form"}
    assert responses(await desk.run("action_status", ASK, "ask_status")) == ["utter_case_later"]


@pytest.mark.parametrize(
    "text", ["2026 123 Elm Street", "12026-123", "2026-1234567", "2026-11-30", "A-2026-123"]
)
async def test_other_numbers_are_none_of_a_register(desk: Stage, peer: JsonPeer, text: str) -> None:
    await desk.run("action_status", text, "ask_status")
    assert desk.followup is None and peer.paths == []


def test_attempts_come_back_after_a_day() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    for _ in range(MOST_WRONG):
        attempts.mark_wrong("permits", "1")
    assert not attempts.are_left("permits", "1") and attempts.are_left("permits", "2")
    clock.forward(hours=25)
    assert attempts.are_left("permits", "1")
