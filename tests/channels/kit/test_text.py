"""Text within a limit: nothing is lost, no character is split, and different titles stay different."""

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from channels.capabilities import TextUnit
from channels.kit.gsm7 import BASIC, EXTENDED
from channels.kit.text import SMALLEST_LIMIT, clean_name, fit, fit_titles, graphemes, measure, numbered, split

UNITS: tuple[TextUnit, ...] = ("characters", "utf16", "bytes", "sms")
FAMILY = "👨‍👩‍👧‍👦"
units = st.sampled_from(UNITS)
limits = st.integers(SMALLEST_LIMIT, 120)
pieces = st.sampled_from(
    [
        *("The street is closed. ", "Warum? ", "St. Mary ", "a", " ", "\n", "\n\n", "\r\n", "\u00a0", "–"),
        *(
            "é",
            "e\u0301",
            FAMILY,
            "👍🏽",
            "🇪🇺",
            "한국어",
            "道路が壊れています。",
            "ชั่วคราว",
            "\u200d",
            "\ufe0f",
            "€",
            "“",
        ),
    ]
)
texts = st.one_of(st.text(max_size=400), st.lists(pieces, max_size=120).map("".join))


def seen(text: str) -> str:
    return "".join(text.split())


@given(texts, limits, units)
@example(" \u0301" * 40, 16, "bytes")
@example("a" + "\u0301" * 500, 16, "characters")
@example("\n\n" + "x" * 400, 16, "sms")
def test_parts_fit_and_hold_every_visible_character_in_order(text: str, limit: int, unit: TextUnit) -> None:
    parts = split(text, limit, unit)
    assert all(measure(part, unit) <= limit for part in parts)
    assert all(seen(part) for part in parts)
    assert seen("".join(parts)) == seen(text)


@given(texts, limits, units)
def test_no_cut_goes_through_a_character_that_a_reader_sees(text: str, limit: int, unit: TextUnit) -> None:
    wanted = [g for g in graphemes(text) if seen(g)]
    if any(measure(grapheme, unit) > limit for grapheme in wanted) or regex.search(r"\s[\p{M}\u200d]", text):
        return
    got = [g for part in split(text, limit, unit) for g in graphemes(part) if seen(g)]
    assert [seen(g) for g in got] == [seen(g) for g in wanted]


@given(st.lists(texts.filter(seen), max_size=12), st.integers(20, 60), units)
def test_titles_fit_and_stay_different(titles: list[str], limit: int, unit: TextUnit) -> None:
    fitted = fit_titles(titles, limit, unit)
    assert len(fitted) == len(titles) == len(set(fitted))
    assert all(title and measure(title, unit) <= limit for title in fitted)


@given(st.lists(st.text("ab ", min_size=1).filter(str.strip), min_size=2, max_size=20))
def test_doubles_get_a_number_that_no_other_title_has(titles: list[str]) -> None:
    assert len(set(fit_titles(titles, SMALLEST_LIMIT))) == len(titles)


def test_a_text_that_fits_stays_as_it_is() -> None:
    text = "One.  Two.\n\n  Three"
    assert split(text, 100) == [text]
    assert split(" \n ", 100) == []


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("First paragraph. More.\n\nSecond one here.", 30, ["First paragraph. More.", "Second one here."]),
        ("A line of words\nand another line", 20, ["A line of words", "and another line"]),
        ("The office is open. Come at nine today.", 30, ["The office is open.", "Come at nine today."]),
        ("Go to the church of St. Mary today", 26, ["Go to the church of St.", "Mary today"]),
        ("Il ferme à 17\u00a0h. Venez avant, merci.", 20, ["Il ferme à 17\u00a0h.", "Venez avant, merci."]),
        ("Was ist los? Nichts. 12.5 Prozent mehr", 22, ["Was ist los? Nichts.", "12.5 Prozent mehr"]),
        ("道路が壊れています。今日は直しません。", 16, ["道路が壊れています。", "今日は直しません。"]),
        ("x" * 40, 16, ["x" * 16, "x" * 16, "x" * 8]),
        # A pause in the first third makes a stump, so the words after it stay with it.
        ("Yes.\n\nThe lamp will be mended next week", 30, ["Yes.\n\nThe lamp will be mended", "next week"]),
    ],
)
def test_the_cut_is_where_a_reader_pauses(text: str, limit: int, parts: list[str]) -> None:
    assert split(text, limit) == parts


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("abc", (3, 3, 3, 3)),
        ("é", (1, 1, 2, 1)),
        ("€", (1, 1, 3, 2)),
        ("“", (1, 1, 3, 3)),
        ("👍", (1, 2, 4, 5)),
        ("x" * 66 + "“", (67, 67, 69, 153)),
        (FAMILY, (7, 11, 25, 26)),
    ],
)
def test_each_unit_counts_as_its_provider_does(text: str, lengths: tuple[int, ...]) -> None:
    assert tuple(measure(text, unit) for unit in UNITS) == lengths


def test_the_alphabet_of_sms_is_whole() -> None:
    assert len(BASIC) == 127  # 128 places, one of them the escape
    assert len(EXTENDED) == 10
    assert not BASIC & EXTENDED


def test_choices_become_a_numbered_list() -> None:
    assert numbered("Which one?", ["Yes", "No"]) == "Which one?\n\n1. Yes\n2. No"
    assert numbered("", ["Yes"]) == "1. Yes"
    assert numbered("Nothing to choose", []) == "Nothing to choose"


def test_titles_that_would_look_alike_keep_their_end() -> None:
    titles = ["Report a broken street light", "Report a broken street sign", "Other"]
    assert fit_titles(titles, 20) == ["Report a b…eet light", "Report a b…reet sign", "Other"]
    assert fit("Report a broken street light", 20) == "Report a broken str…"
    assert fit_titles(["Yes", "Yes"], 20) == ["Yes", "Yes 2"]
    assert fit_titles(["x" * 20, "x" * 20], 20) == ["x" * 20, "x" * 17 + "… 2"]


def test_a_limit_that_holds_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="below"):
        split("text", 3)


def test_a_name_is_one_line_and_turns_nothing_around() -> None:
    assert clean_name("Ana\nDiaz \u202egpj.exe\u2066") == "Ana Diaz gpj.exe"
    assert clean_name("\u202e \u2067") is clean_name(7) is None
    assert clean_name("עדי\u200f") == "עדי\u200f", (
        "a mark beside letters that are read from the right belongs to them"
    )
    assert len(clean_name("x" * 999) or "") == 200
