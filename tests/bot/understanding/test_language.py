"""Which of the city's languages a text is in; learned from the city's own content."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.project import ROOT, load_project
from bot.understanding.foreign import CANDIDATES, Foreign
from bot.understanding.language import LanguageIdentifier, Languages, _count, _grams_of, _words, city_texts
from bot.understanding.text import fold

CITY = ("en", "es", "fr")


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages.fit(city_texts(ROOT / "content", CITY))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("when is my rubbish collected", "en"), ("I want to talk to a person", "en"), ("how much is a dog licence", "en"),
        ("quiero hablar con una persona", "es"), ("cuando recogen la basura", "es"), ("hay un bache en mi calle", "es"),
        ("je veux parler à quelqu'un", "fr"), ("quel jour passent les poubelles", "fr"), ("mon permis a expire", "fr"),
    ],
)  # fmt: skip
def test_tells_the_citys_languages_apart(languages: Languages, text: str, code: str) -> None:
    assert languages.guess(text)[0] == code


@pytest.mark.parametrize("text", ["", "12", "🙂", "SR-7K2P-Q9XM", "مرحبا"])
def test_what_has_no_language_gets_none(languages: Languages, text: str) -> None:
    guess, odds = languages.guess(text)
    assert guess is None or odds < 3.0


@pytest.mark.parametrize(
    ("text", "current", "code"),
    [
        ("ok", "fr", "fr"),
        ("12 Mill Lane", "es", "es"),
        ("", "es", "es"),
        ("", None, "en"),
        ("🙂", None, "en"),
        ("quiero hablar con una persona", "en", "es"),
        ("quiero hablar con una persona", None, "es"),
    ],
)
def test_the_conversations_language_wins_unless_the_text_is_clear(
    languages: Languages, text: str, current: str | None, code: str
) -> None:
    component = LanguageIdentifier(load_project(), None, None, languages)
    message = Message(data={TEXT: text, "metadata": {"language": current}})
    component.process([message])
    assert message.get("language") == code


def test_a_city_with_other_languages_needs_no_code(tmp_path: Path) -> None:
    answers = tmp_path / "answers"
    answers.mkdir()
    (answers / "x.yml").write_text(
        "de: {title: Müll, text: Wann wird der Müll abgeholt und was kostet das}\n"
        "it: {title: Rifiuti, text: Quando passano a raccogliere i rifiuti e quanto costa}\n",
        encoding="utf-8",
    )
    languages = Languages.fit(city_texts(tmp_path, ("de", "it")))
    assert languages.guess("wann wird der Muell geholt")[0] == "de"
    assert languages.guess("quanto costa")[0] == "it"


FOREIGN = yaml.safe_load((Path(__file__).parent.parent / "texts" / "foreign.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def foreign(languages: Languages) -> Foreign:
    return Foreign(CITY, languages.known)


def test_strange_languages_are_noticed(foreign: Foreign) -> None:
    """Of the messages that no threshold was set on; the exact figure is in docs/adr/0009."""
    strange = [text for code, parts in FOREIGN.items() if code not in CITY for text in parts["test"]]
    found = [text for text in strange if foreign(text)]
    assert len(found) >= 0.85 * len(strange), set(strange) - set(found)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("Привет", "ru"), ("Привіт, є питання", "uk"), ("مرحبا", "ar"), ("سلام، من یک سوال دارم", "fa")),
        *(("Я хочу поговорити з людиною", "uk"), ("Помогите, пожар", "ru"), ("Имам питање о отпаду", "sr")),
        *(("日本語", "zh"), ("こんにちは", "ja"), ("안녕", "ko"), ("שלום", "he"), ("नमस्ते", "hi")),
        # Signs beyond ASCII among Latin letters are no other script.
        *(
            ("x\n\nIt’s 50€ ok", None),
            ("ñandú’s “lamp”", None),
            ("My name is Ольга and I need a permit", None),
        ),
    ],
)
def test_the_letters_say_which_languages_are_possible(foreign: Foreign, text: str, code: str | None) -> None:
    assert foreign(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "", "🙂", "12 Mill Lane", "SR-7K2P-Q9XM", "ok", "taxi", "when is my bin colected", "cuando rrecogen la vasura", "ana@example.org",
        "ou est la mairrie", "hola, when is my bin collected?", "passport pasaporte passeport",
    ],
)  # fmt: skip
def test_what_may_be_ours_is_not_called_strange(foreign: Foreign, text: str) -> None:
    assert foreign(text) is None


def test_a_language_that_the_city_speaks_is_not_strange(languages: Languages) -> None:
    assert Foreign((*CITY, "de"), languages.known)("wann wird der müll abgeholt?") is None
    assert Foreign(CITY, languages.known)("wann wird der müll abgeholt?") == "de"


def test_whatever_may_be_recognised_has_words_of_its_own() -> None:
    content = Path(__file__).parents[3] / "content" / "other_languages.yml"
    assert set(yaml.safe_load(content.read_text(encoding="utf-8"))) == set(CANDIDATES)


def test_it_is_told_with_the_message(languages: Languages) -> None:
    component = LanguageIdentifier(load_project(), None, None, languages)
    message = Message(data={TEXT: "kiedy odbierają śmieci?", "metadata": {"language": "es"}})
    component.process([message])
    assert (message.get("foreign"), message.get("language")) == ("pl", "es")


def test_what_is_kept_of_words_is_what_all_their_letters_say(languages: Languages) -> None:
    for text in (
        "when is my rubbish collected, ok?",
        "¿cuándo recogen la basura? basura",
        "xyzzy qqqq",
        "",
        "12",
    ):
        grams = [gram for word in _words(text) for gram in _grams_of(word)]
        logs = [found for gram in grams if (found := languages._logs.get(gram))]
        for _ in range(2):
            code, odds = languages.guess(text)
            if not logs:
                assert (code, odds) == (None, 0.0)
                continue
            sums = sorted(map(sum, zip(*logs, strict=True)), reverse=True)
            assert odds == pytest.approx((sums[0] - sums[1]) / len(logs) ** 0.5)


def test_words_that_were_looked_up_before_change_no_guess(languages: Languages) -> None:
    prepared, asked = Languages(languages.counts), Languages(languages.counts)
    prepared.prepare()
    assert prepared._word.cache_info().currsize > 100
    for text in ("when is my bin collected", "cuando recogen la basura", "ok", "zzz"):
        assert prepared.guess(text) == asked.guess(text)


def test_grams_are_counted_as_one_text_after_the_other_has_them() -> None:
    texts = ["When is my bin collected?", "bin day, bin day", "¿cuándo recogen la basura?", "", "ok"]
    slowly: Counter[str] = Counter()
    for text in texts:
        for said in (text, fold(text)):
            slowly.update(gram for word in _words(said) for gram in _grams_of(word))
    assert list(_count(texts).items()) == list(slowly.items())
