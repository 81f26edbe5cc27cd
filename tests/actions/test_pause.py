"""A yes or a no before "wait" or "go back" is not an answer: the command counts, and the draft does not change."""

import pytest

from actions.languages import WORDS
from actions.report.pause import command_behind
from actions.turn import DialogueTurn
from tests.support.stage import Stage, directives, responses

FORM = "validate_report_form"


async def _at(stage: Stage, step: str) -> None:
    """A report whose next question is this step's."""
    stage.loop = {"name": "report_form"}
    text, place = "a deep pothole at 12 Mill Lane", "12 Mill Lane"
    await stage.run(FORM, text, "report_problem", service="pothole", address=place)
    for asked in ("draft_photo", "draft_contact", "draft_confirm"):
        assert stage.slots["requested_slot"] == asked
        if asked == step:
            return
        await stage.run(FORM, intent="skip")


@pytest.mark.parametrize("step", ["draft_photo", "draft_contact", "draft_confirm"])
@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("en", "no wait", "deny"),
        ("en", "no, hold on", "deny"),
        ("en", "no no, one moment please", "skip"),
        ("en", "yes, just a second", "affirm"),
        ("en", "no wait, my neighbour is at the gate", "nlu_fallback"),
        ("en", "non attends", "deny"),
        ("es", "no espera", "deny"),
        ("es", "no, espere un poco por favor", "deny"),
        ("es", "sí, un momento", "affirm"),
        ("fr", "non attends", "deny"),
        ("fr", "non, attendez svp", "deny"),
        ("fr", "oui, deux minutes", "affirm"),
        ("en", "não, espere", "deny"),
    ],
)
async def test_a_pause_behind_a_yes_or_no(
    stage: Stage, step: str, language: str, text: str, intent: str
) -> None:
    await _at(stage, step)
    stage.metadata = {"language": language}
    before = {name: value for name, value in stage.slots.items() if name.startswith("draft_")}
    said = await stage.run(FORM, text, intent)
    assert responses(said) == ["utter_report_paused"]
    assert stage.slots["requested_slot"] == step
    assert {name: value for name, value in stage.slots.items() if name.startswith("draft_")} == before
    assert directives(said) == []


@pytest.mark.parametrize(
    "text", ["no, go back", "yes, undo that", "no, volver atrás", "non, retour en arrière", "não, voltar"]
)
async def test_going_back_behind_a_yes_or_no(stage: Stage, text: str) -> None:
    await _at(stage, "draft_contact")
    said = await stage.run(FORM, text, "deny")
    assert responses(said) == ["utter_report_taken_back", "utter_ask_report_photo"]
    assert (stage.slots["draft_photo"], stage.slots["draft_contact"]) == (None, None)


@pytest.mark.parametrize("text", ["no", "no thanks", "nope, no photo", "no gracias", "non merci", "não"])
async def test_a_plain_no_is_still_a_no(stage: Stage, text: str) -> None:
    await _at(stage, "draft_photo")
    await stage.run(FORM, text, "deny")
    assert stage.slots["draft_photo"] == "done"


@pytest.mark.parametrize(
    "text",
    [
        "no wait, it is at 5 Oak Street",
        "no wait, send it",
        "no wait, the photo is wrong",
        "no wait jo@example.org",
        "no back door",
        "wait",
        "no",
        "",
    ],
)
def test_what_holds_an_answer_is_no_command(text: str) -> None:
    assert command_behind(DialogueTurn(text=text, intent="deny"), "draft_photo") is None


@pytest.mark.parametrize("language", WORDS)
def test_every_phrase_of_every_language_is_a_command_behind_its_own_yes_and_no(language: str) -> None:
    words = WORDS[language]
    assert not words.yes or set(words.commands) == {"pause", "undo", "start_over"}
    for command, phrases in words.commands.items():
        for phrase in phrases:
            for lead in (words.yes[0], words.no[0]):
                turn = DialogueTurn(text=f"{lead}, {phrase}!", intent="deny")
                assert command_behind(turn, "draft_question") == command, turn.text
