"""Texts: the real ones keep the editors' rules; wrong ones are named by file and field; composing never gives nothing."""

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from city import City
from desk.knowledge.catalogue import Catalog, ContentError
from desk.knowledge.lint import lint, sentences, words
from desk.knowledge.system_texts import SYSTEM
from desk.model import Reply, ReplyButton

TODAY = date(2026, 11, 22)
LANGUAGES = ("en", "es", "fr")


def test_the_real_texts_keep_every_rule(catalog: Catalog, city: City) -> None:
    assert lint(catalog, city.languages, max(TODAY, datetime.now(UTC).date())) == []


def test_there_are_enough_answers(catalog: Catalog) -> None:
    assert len(catalog.answers) >= 45


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_composed_whole(catalog: Catalog, language: str) -> None:
    for name, answer in catalog.answers.items():
        composed = catalog.compose(Reply(answer=name), language, today=answer.reviewed_on)
        assert composed.text and "{" not in composed.text, name
        assert composed.source and not composed.source.stale
        assert len(composed.buttons) == len(answer.buttons), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_desks_own_messages_are_never_empty(catalog: Catalog, language: str) -> None:
    for name in SYSTEM:
        composed = catalog.system(
            name, language, {"position": 1, "opens": datetime(2026, 1, 1, 8, tzinfo=UTC)}
        )
        assert composed.text and "{" not in composed.text, name


def test_an_answer_past_its_date_says_so_and_comes_first_in_the_list(catalog: Catalog) -> None:
    answer = min(catalog.answers.values(), key=lambda one: (one.review_by, one.id))
    late = date.fromordinal(answer.review_by.toordinal() + 1)
    fresh = catalog.compose(Reply(answer=answer.id), "en", today=answer.review_by)
    stale = catalog.compose(Reply(answer=answer.id), "en", today=late)
    assert fresh.source and not fresh.source.stale and "due for a new review" not in fresh.text
    assert stale.source and stale.source.stale and stale.text.startswith(fresh.text)
    assert "due for a new review" in stale.text
    assert catalog.listing(late)[0].id == answer.id


def test_the_citys_facts_are_filled_in_and_nothing_a_citizen_wrote_is(catalog: Catalog, city: City) -> None:
    reply = Reply(response="utter_distress", variables={"emergency_number": "000"})
    assert city.emergency_number in catalog.compose(reply, "en", today=TODAY).text
    hostile = Reply(
        response="utter_ask_report_description", variables={"service": "{phone} {0.__class__} %s"}
    )
    assert catalog.compose(hostile, "en", today=TODAY).text.startswith("{phone} {0.__class__} %s: ")


def test_an_inbox_greets_in_its_own_words_where_it_has_any(catalog: Catalog, city: City) -> None:
    own = {"web": {"en": "Welcome to {city}, {nobody} {0.__class__}.", "es": "   "}}
    greeting = Catalog(msgspec.structs.replace(city, greetings=own), catalog.answers, catalog.responses)
    reply, usual = (
        Reply(response="utter_greet"),
        catalog.compose(Reply(response="utter_greet"), "en", today=TODAY),
    )
    said = greeting.compose(reply, "en", today=TODAY, inbox="web")
    assert (
        said.text == f"Welcome to {city.name}, {{nobody}} {{0.__class__}}." and said.buttons == usual.buttons
    )
    for language, inbox in (("es", "web"), ("en", "sms"), ("fr", "web")):
        assert greeting.compose(reply, language, today=TODAY, inbox=inbox).text == (
            catalog.compose(reply, language, today=TODAY).text
        )
    thanks = Reply(response="utter_thanks")
    assert greeting.compose(thanks, "en", today=TODAY, inbox="web") == catalog.compose(
        thanks, "en", today=TODAY
    )


def test_dates_are_said_in_words(catalog: Catalog) -> None:
    for value in ("2026-12-03", "2026-12-03T10:00:00-05:00", date(2026, 12, 3)):
        reply = Reply(response="utter_phrase_status_date", variables={"date": value})
        assert "3 de diciembre de 2026" in catalog.compose(reply, "es", today=TODAY).text


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (Reply(response="utter_no_such", text="The fallback."), "The fallback."),
        (Reply(answer="no_such", text="The fallback."), "The fallback."),
        (Reply(response="utter_reference_unknown", text="No such number."), "No such number."),
        (Reply(response="utter_no_such"), "I have no answer to that"),
        (Reply(), "I have no answer to that"),
    ],
)
def test_what_cannot_be_said_falls_back_and_is_never_empty(catalog: Catalog, reply: Reply, text: str) -> None:
    assert text in catalog.compose(reply, "en", today=TODAY).text


def test_an_unknown_language_is_the_citys_first(catalog: Catalog) -> None:
    known = catalog.compose(Reply(response="utter_greet"), "en", today=TODAY)
    assert catalog.compose(Reply(response="utter_greet"), "xx", today=TODAY) == known
    assert catalog.compose(Reply(response="utter_greet"), None, today=TODAY) == known


def test_buttons_find_their_titles(catalog: Catalog) -> None:
    leads = ReplyButton("choose_answer", entities={"answer": "passport"})
    keyed = ReplyButton("report_problem", key="report_problem")
    lost = ReplyButton("nowhere", key="no_such_key")
    own = ReplyButton("x", title="Own title")
    twice = ReplyButton("talk_to_person", title="Nobody else")
    reply = Reply(response="utter_did_you_mean", buttons=(leads, keyed, lost, own, twice))
    buttons = catalog.compose(reply, "es", today=TODAY).buttons
    assert [button.title for button in buttons] == [
        catalog.answers["passport"].texts["es"].title,
        "Avisar de un problema",
        "Own title",
        "Nobody else",
    ]


def test_adding_an_answer_is_one_file(content: Path, city: City) -> None:
    (content / "answers" / "beekeeping.yml").write_text(
        """
id: beekeeping
owner: Parks
area: environment
source: https://www.lindenport.example/bees
reviewed_on: 2026-10-01
review_by: 2027-04-01
en: {title: Bees, text: You may keep two hives.}
es: {title: Abejas, text: Puede tener dos colmenas.}
fr: {title: Abeilles, text: Vous pouvez avoir deux ruches.}
""",
        encoding="utf-8",
    )
    catalog = Catalog.load(content, city)
    assert (
        catalog.compose(Reply(answer="beekeeping"), "fr", today=TODAY).text
        == "Vous pouvez avoir deux ruches."
    )
    assert lint(catalog, city.languages, TODAY) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("reviewed_on: ", "reviewed: ", "passport.yml: .*unknown field|missing"),
        ("review_by: ", "review_by: soon #", "review_by"),
        ("id: passport", "id: passports", "must agree"),
        ("\nfr:", "\nxfr:", "'fr' is missing"),
        ("id: passport", "id: [", "not valid YAML near line"),
        ("id: passport", "id: passport\nid: passport", "near line 2 .'id' appears twice"),
        ("owner:", "owner: 5 #", "owner"),
    ],
)
def test_a_wrong_answer_is_named_by_file_and_field(
    content: Path, city: City, old: str, new: str, sentence: str
) -> None:
    path = content / "answers" / "passport.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    Catalog.load(content, city)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=sentence) as wrong:
        Catalog.load(content, city)
    assert "passport.yml" in str(wrong.value) and "\n" not in str(wrong.value)


def test_a_button_without_a_title_and_a_name_that_stands_twice(content: Path, city: City) -> None:
    extra = content / "dialogue" / "zz.yml"
    good = "utter_zz:\n  buttons: [{key: a, intent: affirm}]\n" + "".join(
        f"  {language}: {{text: Yes., buttons: {{a: 'Yes'}}}}\n" for language in LANGUAGES
    )
    extra.write_text(good, encoding="utf-8")
    Catalog.load(content, city)
    extra.write_text(good.replace("buttons: {a: 'Yes'}", "buttons: {b: 'Yes'}", 1), encoding="utf-8")
    with pytest.raises(ContentError, match=r"en.buttons.a' is missing"):
        Catalog.load(content, city)
    extra.write_text(good.replace("'Yes'", "Yes", 1), encoding="utf-8")
    with pytest.raises(ContentError, match="in quotes"):
        Catalog.load(content, city)
    extra.write_text(good.replace("utter_zz", "utter_greet"), encoding="utf-8")
    with pytest.raises(ContentError, match="in another file"):
        Catalog.load(content, city)
    extra.write_text(good.replace("text: Yes.", "text: ' '", 1), encoding="utf-8")
    with pytest.raises(ContentError, match="is empty"):
        Catalog.load(content, city)


def test_the_desk_refuses_to_start_without_its_own_words(content: Path, city: City) -> None:
    path = content / "dialogue" / "desk.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("bot_failed:", "bot_fell:"), encoding="utf-8")
    with pytest.raises(ContentError, match="'bot_failed' is missing"):
        Catalog.load(content, city)


@pytest.mark.parametrize(
    ("old", "new", "breach"),
    [
        ("review_by: 20", "review_by: 19", "review_by must come after"),
        ("source: https:", "source: http:", "https"),
        ("\n\n    ", "\n    ", "an empty line is missing before"),
        ("{key: ", "{key: extra, answer: no_such}\n  - {key: ", "is no answer"),
    ],
)
def test_lint_finds_what_loads_but_is_wrong(
    content: Path, city: City, old: str, new: str, breach: str
) -> None:
    path = content / "answers" / "passport.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    if "extra" in new:
        text = text.replace("  buttons:\n", "  buttons:\n    extra: More\n")
        new = new.removeprefix("{key: ")
        new = "{key: " + new
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(breach in problem for problem in lint(Catalog.load(content, city), city.languages, TODAY))


def test_lint_counts_words_of_a_sentence(content: Path, city: City) -> None:
    extra = content / "dialogue" / "zz.yml"
    for count, breaches in ((25, 0), (26, 3)):
        text = " ".join(["word"] * count)
        extra.write_text(
            "utter_zz:\n"
            + "".join(f"  {one}: {{text: '{text}. And more - or less.'}}\n" for one in LANGUAGES),
            encoding="utf-8",
        )
        assert len(lint(Catalog.load(content, city), city.languages, TODAY)) == breaches
    assert sentences("One. Two? Three!\n- four\n\n- five") == ["One.", "Two?", "Three!", "- four", "- five"]
    assert words("- one « two » {phone}") == 3
