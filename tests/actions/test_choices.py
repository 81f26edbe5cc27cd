"""Answers to the questions of a service: the choice that is meant, and "I do not know"."""

import pytest

from actions.report.answers.choices import is_unknown, position, read_choice, read_number
from actions.services import Asked
from tests.support.stage import Stage, responses

PLACE = Asked(
    "place",
    "Where will the items stand",
    "singlevaluelist",
    (("kerb", "At the kerb"), ("yard", "In a yard")),
    said={
        "kerb": ("sidewalk", "pavement", "en la acera", "vereda", "trottoir"),
        "yard": ("garden", "jardín", "cour"),
    },
)
BLOCKED = Asked("blocked", "Is the way blocked", "singlevaluelist", (("yes", "Yes"), ("no", "No")))
SIZE = Asked(
    "size",
    "How big",
    "singlevaluelist",
    (("small", "Smaller than a plate"), ("large", "Larger than a plate")),
)
KINDS = Asked(
    "kinds", "Which", "multivaluelist", (("glass", "Glass"), ("paper", "Paper"), ("tin", "Tin cans"))
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("at the kerb", "kerb"), ("At the kerb.", "kerb"), ("on the sidewalk", "kerb"), ("on the pavement I think", "kerb"),
        ("en la acera", "kerb"), ("sur le trottoir", "kerb"), ("kerb", "kerb"), ("the kerb please", "kerb"), ("1", "kerb"),
        ("first", "kerb"), ("the first one", "kerb"), ("la primera", "kerb"), ("le premier", "kerb"), ("one", "kerb"),
        ("in the garden", "yard"), ("en el jardín", "yard"), ("dans la cour", "yard"), ("2", "yard"), ("two", "yard"),
        ("the second", "yard"), ("la segunda", "yard"), ("le deuxième", "yard"), ("the last one", "yard"), ("dos", "yard"),
        ("not in the yard, at the kerb", "kerb"), ("not at the kerb but in the yard", "yard"), ("opción 2", "yard"),
        ("I don't know exactly, probably at the kerb", "kerb"),
    ],
)  # fmt: skip
def test_a_place_for_the_items(text: str, key: str) -> None:
    assert read_choice(text, PLACE).keys == (key,)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("yes", "yes"), ("Yes!", "yes"), ("yep", "yes"), ("sí", "yes"), ("oui", "yes"), ("👍", "yes"), ("👍🏽", "yes"),
        ("👌🏿", "yes"), ("✅", "yes"), ("yes 👍🏾", "yes"), ("yes it is", "yes"), ("no", "no"), ("nope", "no"), ("non", "no"),
        ("👎", "no"), ("👎🏼", "no"), ("🙅🏽‍♀️", "no"), ("❌", "no"), ("No, it isn't", "no"),
    ],
)  # fmt: skip
def test_yes_and_no(text: str, key: str) -> None:
    assert read_choice(text, BLOCKED).keys == (key,)


@pytest.mark.parametrize("asked", [PLACE, BLOCKED, SIZE])
@pytest.mark.parametrize(
    "text",
    [
        "I don't know", "i dont know", "I do not know, sorry", "dunno", "no idea", "not sure", "hard to say", "no clue", "idk",
        "no sé", "no lo sé", "No se", "ni idea", "no estoy seguro", "quién sabe", "je ne sais pas", "je sais pas",
        "j'sais pas", "aucune idée", "pas sûr", "je n'en sais rien", "não sei",
    ],
)  # fmt: skip
def test_not_knowing_is_no_choice(text: str, asked: Asked) -> None:
    chosen = read_choice(text, asked)
    assert chosen.unknown and not chosen.keys


@pytest.mark.parametrize(
    "text",
    ["", "kerb or yard", "perhaps", "3", "the third one", "somewhere", "now", "nothing", "not at the kerb"],
)
def test_what_chooses_nothing(text: str) -> None:
    chosen = read_choice(text, PLACE)
    assert not chosen.keys and not chosen.unknown


def test_a_word_that_only_one_choice_has() -> None:
    assert read_choice("much larger", SIZE).keys == ("large",)
    assert read_choice("a plate", SIZE).keys == ()


def test_several_of_a_list_that_takes_several() -> None:
    assert set(read_choice("glass and paper", KINDS).keys) == {"glass", "paper"}


def test_numbers_beyond_the_list_are_no_choice() -> None:
    assert position("4", 3) is None and position("0", 3) is None
    assert position("quinze", 15) == 14 and position("I have two potholes", 3) is None


@pytest.mark.parametrize(
    ("text", "number"), [("2", "2"), ("about three", "3"), ("unos dos", "2"), ("quatre", "4")]
)
def test_a_number_in_words(text: str, number: str) -> None:
    assert read_number(text) == number


def test_no_number() -> None:
    assert read_number("many") is None


def test_only_a_text_of_not_knowing_is_unknown() -> None:
    assert is_unknown("sorry, I really don't know")
    assert not is_unknown("a sofa, and I don't know how the big black thing beside it is called")


FORM = "validate_report_form"


async def _bulky(stage: Stage) -> None:
    stage.loop = {"name": "report_form"}
    await stage.run(FORM, "", "report_problem", service="bulky_waste")
    await stage.run(FORM, "old things from my cellar")
    await stage.run(FORM, "12 Mill Lane", address="12 Mill Lane")
    assert stage.slots["requested_slot"] == "draft_question"


async def test_a_required_answer_is_explained_and_asked_again(stage: Stage) -> None:
    await _bulky(stage)
    said = await stage.run(FORM, "I don't know", "skip")
    assert responses(said) == ["utter_report_question_why", "utter_ask_report_question"]
    assert "lorry" in said[0]["reply"]["variables"]["why"]
    assert not stage.slots["draft_answers"]


async def test_an_optional_answer_may_stay_unknown(optional_stage: Stage) -> None:
    stage = optional_stage
    stage.loop = {"name": "report_form"}
    said = await stage.run(
        FORM,
        "deep pothole right by 12 Elm Street",
        "report_problem",
        service="pothole",
        address="12 Elm Street",
    )
    assert responses(said)[-1] == "utter_ask_report_question_optional"
    said = await stage.run(FORM, "I don't know", "deny")
    assert responses(said) == ["utter_report_question_unknown", "utter_ask_report_photo"]
    assert stage.slots["draft_answers"] == {"size": []}
    await stage.run(FORM, intent="skip")
    await stage.run(FORM, intent="skip")
    await stage.run(FORM, "yes", "affirm")
    filed = [one["directive"] for one in await stage.run("action_submit_report") if "directive" in one]
    assert filed[0]["attributes"] == {}


async def test_an_optional_answer_is_taken(optional_stage: Stage) -> None:
    stage = optional_stage
    stage.loop = {"name": "report_form"}
    await stage.run(
        FORM,
        "deep pothole right by 12 Elm Street",
        "report_problem",
        service="pothole",
        address="12 Elm Street",
    )
    assert responses(await stage.run(FORM, "bigger than a plate")) == ["utter_ask_report_photo"]
    assert stage.slots["draft_answers"] == {"size": ["large"]}
