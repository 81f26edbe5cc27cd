"""Wishes for another language, and signs for yes and no."""

import pytest

from bot.understanding.language_wish import language_wished, language_wished_in_clause
from bot.understanding.signs import intent_of_sign

CITY = ("en", "es", "fr")


@pytest.mark.parametrize(
    ("text", "spoken", "wanted"),
    [
        ("prefiero español", "es", "es"), ("From now on I write in English", "en", "en"), ("in English please", "en", "en"),
        ("en français svp", "fr", "fr"), ("do you speak spanish?", "en", "es"), ("english", "en", "en"), ("Español", "es", "es"),
        ("not in English, in French please", "en", "fr"), ("je préférerais continuer en français", "fr", "fr"),
        ("¿podemos seguir en español por favor?", "es", "es"), ("can we switch to Spanish?", "en", "es"),
        ("puedes hablar en español", "es", "es"), ("hablas español?", "es", "es"), ("parlez-vous français ?", "fr", "fr"),
        ("on peut parler français?", "fr", "fr"), ("¿me puede atender en español?", "es", "es"), ("mejor en español", "es", "es"),
        ("passons au français s'il vous plaît", "fr", "fr"), ("could you write to me in french", "en", "fr"),
        ("quiero hablar en inglés", "es", "en"), ("change language to french", "en", "fr"), ("auf Deutsch bitte", "en", "de"),
        ("no hablo inglés", "es", "es"), ("je ne parle pas anglais", "fr", "fr"), ("solo hablo español", "es", "es"),
        ("je ne parle que le français", "fr", "fr"), ("I only speak Spanish", "en", "es"), ("falo português", "pt", "pt"),
        ("no entiendo, hablo español", "es", "es"), ("I don't understand, I speak French", "en", "fr"),
        ("je ne comprends pas, je parle espagnol", "fr", "es"), ("no hablo inglés, hablo francés", "es", "fr"),
    ],
)  # fmt: skip
def test_a_wish(text: str, spoken: str, wanted: str) -> None:
    assert language_wished(text, spoken, CITY) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I prefer Spanish, there is a pothole at 12 Mill Lane", "es"), ("can I get this in french? when is my bin collected", "fr"),
        ("hola, en español por favor, ¿cuándo recogen la basura?", "es"), ("Bonjour. En français svp. Où est la mairie ?", "fr"),
        ("there is a hole at 12 Mill Lane. Please answer in Spanish", "es"), ("prefiero francés; ¿qué cuesta el pasaporte?", "fr"),
    ],
)  # fmt: skip
def test_a_wish_beside_something_else(text: str, wanted: str) -> None:
    assert language_wished_in_clause(text, "en", CITY) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "He shouted at me, in English, and left", "there is graffiti, in French, on the wall", "auf Deutsch bitte, wann kommt die Müllabfuhr?",
        "the menu is in Spanish, please fix it", "when is my bin collected?", "",
    ],
)  # fmt: skip
def test_no_wish_beside_something_else(text: str) -> None:
    assert language_wished_in_clause(text, "en", CITY) is None


def test_a_wish_without_a_language_that_is_offered_is_still_one() -> None:
    assert language_wished("I don't speak English", "en", CITY) == "other"


@pytest.mark.parametrize(
    "text",
    [
        "the sign is in French", "I want to learn English", "english classes", "a library book in spanish", "french teacher",
        "quiero aprender inglés", "un curso de francés en la biblioteca", "cours de français pour adultes", "hello", "",
        "the Spanish restaurant on Elm Street is very noisy", "French Street 12", "le panneau est en anglais",
    ],
)  # fmt: skip
def test_no_wish(text: str) -> None:
    assert language_wished(text, "en", CITY) is None


@pytest.mark.parametrize("text", ["👍", "👍🏻", "👍🏽", "👍🏿 ", "👌🏾", "✅", "✔️", "👍👍🏽", "🙆🏽‍♀️", "💯"])
def test_yes_without_words(text: str) -> None:
    assert intent_of_sign(text) == "affirm"


@pytest.mark.parametrize("text", ["👎", "👎🏿", "❌", "✖️", "🚫", "🙅🏽‍♂️", "👎🏼👎🏼"])
def test_no_without_words(text: str) -> None:
    assert intent_of_sign(text) == "deny"


@pytest.mark.parametrize("text", ["", " ", "🏽", "👍👎", "👍 yes", "🙏", "😀", "👍" * 30])
def test_signs_that_are_neither(text: str) -> None:
    assert intent_of_sign(text) is None
