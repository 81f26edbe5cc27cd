"""Typing errors are corrected if the examples show what was meant, and nothing else is changed."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.encoders.shared import shared_encoder
from bot.understanding.spelling.common_words import common_words
from bot.understanding.spelling.component import Speller
from bot.understanding.spelling.correct import distance
from bot.understanding.spelling.lexicon import Lexicon
from bot.understanding.spelling.nearby import Nearby, remains, slips_between

EXAMPLES = [
    "renew my passport",
    "new passport",
    "my bin was not collected",
    "bin collected late",
    "lost permit",
    "parking permit",
]


@pytest.fixture(scope="module")
def speller() -> Speller:
    common = common_words(["en", "es"])  # as in the pipeline: those of all the city's languages
    return Speller.fit(EXAMPLES, shared_encoder().tokens.knows, ["en"] * len(EXAMPLES), common)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("renew my pasport", "renew my passport"),
        ("renew my passprot", "renew my passport"),
        ("colected, bin!", "collected, bin!"),
        ("new pass port", "new passport"),  # both exist, but no example has either of them
        ("passp ort", "passport"),
        ("lostpermit", "lost permit"),
        ("lostxpermit", "lost permit"),
        ("parkin gpermit", "parking permit"),
        ("passpotr", "passport"),
        ("pasportt", "passport"),
    ],
)
def test_mends(speller: Speller, typed: str, meant: str) -> None:
    assert speller(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "renovar mi pasaporte",
        "quiero saber la hora",
        "123 permit 4",
        "👍",
        "日本語",
        "x" * 4000,
    ],
)
def test_leaves_the_rest_alone(speller: Speller, text: str) -> None:
    assert speller(text) == text


def test_the_language_of_a_message_decides_between_two_words() -> None:
    texts = ["renew a permit", "renew a permit", "renovar un permiso", "renovar un permiso"]
    speller = Speller.fit(texts, lambda word: False, ["en", "en", "es", "es"])
    assert speller("renew permix") == "renew permit"
    assert speller("renovar permisx") == "renovar permiso"


def test_a_word_that_examples_have_is_never_changed() -> None:
    speller = Speller.fit(["voto por correo", *["foto para el pasaporte"] * 9], lambda word: False)
    assert speller("voto para el pasaporte") == "voto para el pasaporte"


def test_a_message_of_a_thousand_words_costs_little(speller: Speller) -> None:
    long = "pasport " * 1000
    assert speller(long) == long


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("he died yestreday, my passport", "he died yesterday, my passport"),  # no example has the word
        ("hedied abroad", "he died abroad"),
        ("my borken fridge", "my broken fridge"),
        ("thewpasport", "the passport"),  # two words in one, and a slip
        ("teh passport", "the passport"),
        ("my portraitxbroken", "my portrait broken"),  # a long word that nobody knows is seldom one
        ("my permitze", "my permit"),  # no word of these languages ends so
        ("renovations", "renovations"),  # no list has it: another form of a word that is known
        ("a good portrait", "a good portrait"),
        ("i didn't collect it", "i didn't collect it"),
    ],
)
def test_common_words_of_the_language_are_known_too(speller: Speller, typed: str, meant: str) -> None:
    assert speller(typed) == meant


def test_a_language_without_a_list_has_no_common_words() -> None:
    found = common_words(["fr", "xx"], most=500)
    assert list(found) == ["fr"]
    assert 0.01 < found["fr"]["de"] < 0.1 and sum(found["fr"].values()) < 1


def test_a_lexicon_is_the_same_after_it_was_saved(tmp_path: Path) -> None:
    made = Lexicon.fit(
        ["renovar pasaporte", "nueva dirección"], ["es", "es"], {"es": {"hola": 0.1, "dirección": 0.2}}
    )
    made.save(tmp_path)
    read = Lexicon.load(tmp_path)
    for word in ("pasaporte", "direccion", "hola", "nowhere"):
        assert read.has(word) == made.has(word)
        assert read.owned(word) == made.owned(word)
        assert read.likelihood(word, "es", "renovar") == made.likelihood(word, "es", "renovar")
    assert read.written("direccion") == "dirección"
    assert read.owned("direccion") and not read.owned("hola") and not read.has("nowhere")
    assert read.once("pasaprte") == made.once("pasaprte") == ("pasaporte",)
    assert read.twice("psaprte") == made.twice("psaprte") == ("pasaporte",)


WORDS = st.text("abcd", min_size=1, max_size=9)


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS)
def test_slips_are_counted_as_the_slow_way_counts_them(one: str, other: str) -> None:
    for most in (1, 2):
        assert min(slips_between(one, other, most), most + 1) == min(distance(one, other), most + 1)


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS, st.sampled_from([1, 2]))
def test_no_word_within_reach_is_missed(typed: str, known: str, depth: int) -> None:
    index = Nearby.of([(7, known)], depth)
    if distance(typed, known) <= depth:
        assert index(typed, depth) == [7]


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=20), WORDS, st.sampled_from([1, 2]))
def test_the_sieve_in_front_of_an_index_holds_nothing_back(known: list[str], typed: str, depth: int) -> None:
    filed = {place for place, word in enumerate(known) if remains(word, depth) & remains(typed, depth)}
    assert filed <= set(Nearby.of(list(enumerate(known)), depth)(typed, depth))


def test_a_word_is_as_likely_alone_as_beside_others() -> None:
    lexicon = Lexicon.fit(
        ["new passport", "new passport", "passport fee"], ["en"] * 3, {"en": {"hello": 0.1}}
    )
    before = ["new", "the", "", "fee"]
    for word in ("passport", "fee", "hello", "nowhere"):
        alone = [lexicon.likelihood(word, "en", last) for last in before]
        assert lexicon.likelihoods(word, "en", before) == alone
    assert lexicon.likelihoods("nowhere", "en", before, unknown=0.0) == [0.0] * 4
    assert lexicon.likelihood("passport", "en", "new") > lexicon.likelihood("passport", "en", "the")


def test_the_commonest_words_are_our_own(tmp_path: Path) -> None:
    lexicon = Lexicon.fit(["new passport", "new passport fee"], ["en"] * 2, {"en": {"hello": 0.5}})
    assert lexicon.commonest(2) == ["new", "passport"]
    assert lexicon.commonest(9) == ["new", "passport", "fee"]  # "hello" is nobody's example
