"""Where a message is cut, and when its segments are answered one by one."""

from typing import Any

import pytest

from bot.turn.parts import LONGEST, Parts, Piece

THRESHOLDS = {"sure": 0.6, "strict": 0.9}


@pytest.fixture(scope="module")
def parts() -> Parts:
    return Parts({"bins", "passport", "fine", "library"})


def piece(
    intent: str, confidence: float = 0.8, *, asks: bool = True, joined: bool = False, alarm: bool = False
) -> Piece:
    parse: dict[str, Any] = {
        "intent": {"name": intent, "confidence": confidence},
        "question": asks,
        "thresholds": THRESHOLDS,
        "alarm": alarm,
    }
    return Piece(f"about {intent}", parse, joined)


@pytest.mark.parametrize(
    ("text", "finest"),
    [
        ("When is it? How much?", ["When is it?", "How much?"]),
        ("how do I pay and when is it?", ["how do I pay", "when is it?"]),
        ("¿cuándo es? ¿y cuánto cuesta?", ["¿cuándo es?", "cuánto cuesta?"]),
        ("quand passe la poubelle et comment payer ?", ["quand passe la poubelle", "comment payer ?"]),
        ("hello, when is it", ["hello", "when is it"]),
        ("Hi! When is it? Thanks", ["Hi!", "When is it?", "Thanks"]),
        ("glass and paper", ["glass", "paper"]),
    ],
)
def test_cuts(parts: Parts, text: str, finest: list[str]) -> None:
    assert [part for part, _ in parts.cuts(text)[-1]] == finest


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "when is it?",
        "costs 3.50 please",
        "ana@city.example",
        "and",
        "...",
        "a? " * 400,
        "x" * (LONGEST + 1),
    ],
)
def test_nothing_to_cut(parts: Parts, text: str) -> None:
    assert parts.cuts(text) == []


def test_pieces_are_parts_of_the_text(parts: Parts) -> None:
    text = "Hola 🙂, ¿cuándo es?  Y también: ¿cómo?\nGracias, and also thanks; ok"
    for way in parts.cuts(text):
        assert all(part in text for part, _ in way)


def chosen(parts: Parts, *pieces: Piece) -> list[str] | None:
    found = parts.choose(list(pieces))
    return None if found is None else [one.text.removeprefix("about ") for one in found.pieces]


def left(parts: Parts, *pieces: Piece) -> list[str] | None:
    found = parts.choose(list(pieces))
    return None if found is None else [text.removeprefix("about ") for text in found.left]


def test_sure_questions_are_answered_in_order(parts: Parts) -> None:
    assert chosen(parts, piece("passport"), piece("bins"), piece("fine")) == ["passport", "bins", "fine"]


def test_one_unsure_piece_that_is_no_question_keeps_the_message_whole(parts: Parts) -> None:
    assert chosen(parts, piece("passport"), piece("nlu_fallback", asks=False)) is None
    assert chosen(parts, piece("passport"), piece("bins", 0.5, asks=False)) is None


def test_a_question_that_is_not_understood_is_left_and_said_so(parts: Parts) -> None:
    assert chosen(parts, piece("passport"), piece("nlu_fallback")) == ["passport"]
    assert left(parts, piece("passport"), piece("nlu_fallback")) == ["nlu_fallback"]
    assert left(parts, piece("nlu_fallback"), piece("nlu_fallback")) is None


def test_a_list_of_short_pieces_needs_no_question_marks(parts: Parts) -> None:
    listed = [piece(name, 0.7, asks=False, joined=True) for name in ("passport", "bins", "fine")]
    assert chosen(parts, *listed) == ["passport", "bins", "fine"]
    assert chosen(parts, *listed[:2]) is None


def test_a_piece_cut_at_a_word_must_be_a_question_or_surer(parts: Parts) -> None:
    assert chosen(parts, piece("passport"), piece("bins", 0.8, asks=False, joined=True)) is None
    assert chosen(parts, piece("passport"), piece("bins", 0.8, joined=True)) == ["passport", "bins"]


@pytest.mark.parametrize("text", ["what does it cost?", "¿cuánto cuesta eso?", "combien ça coûte ?"])
def test_a_question_that_leans_on_the_one_before_is_not_cut_off(parts: Parts, text: str) -> None:
    leaning = Piece(text, piece("fine", 0.99).parse, joined=False)
    assert parts.choose([piece("passport"), leaning]) is None


def test_of_more_than_three_the_rest_is_left_and_said_so(parts: Parts) -> None:
    four = [piece(name) for name in ("passport", "bins", "fine", "library")]
    assert chosen(parts, *four) == ["passport", "bins", "fine"]
    assert left(parts, *four) == ["library"]


def test_the_same_question_twice_is_one(parts: Parts) -> None:
    assert chosen(parts, piece("bins"), piece("bins")) == ["bins"]


def test_small_talk_is_glue(parts: Parts) -> None:
    assert chosen(parts, piece("greet"), piece("bins"), piece("thanks")) == ["bins"]
    assert chosen(parts, piece("greet"), piece("thanks")) is None


def test_yes_and_no_are_never_cut_off(parts: Parts) -> None:
    assert chosen(parts, piece("deny"), piece("bins")) is None


def test_a_report_is_not_this_modules_business(parts: Parts) -> None:
    assert chosen(parts, piece("report_problem", asks=False), piece("bins")) is None


def test_an_alarm_wins_alone(parts: Parts) -> None:
    assert chosen(parts, piece("bins"), piece("distress", alarm=True)) == ["distress"]
    assert chosen(parts, piece("bins"), piece("distress", 0.4, alarm=True)) is None
