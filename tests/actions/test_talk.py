"""Handoffs, messages that are not understood, and short messages that refer to earlier ones."""

from pathlib import Path

import pytest

from actions.talk.languages import language_named
from actions.talk.other_languages import load_other_languages
from tests.support.stage import Stage, directives, responses


async def test_a_person_gets_what_was_told(stage: Stage) -> None:
    stage.loop = {"name": "report_form"}
    await stage.run(
        "validate_report_form",
        "deep pothole right by 12 Elm Street",
        "report_problem",
        service="pothole",
        address="12 Elm Street",
    )
    said = await stage.run("action_handoff", "a person please", "talk_to_person")
    (directive,) = directives(said)
    assert directive["reason"] == "asked"
    for part in ("Pothole", "12 Elm Street", "deep pothole right by", "photo"):
        assert part in directive["summary"]
    assert stage.loop == {}


async def test_distress_is_a_handoff_of_its_own(stage: Stage) -> None:
    said = await stage.run("action_distress", "I cannot go on", "distress")
    assert responses(said) == ["utter_distress"]
    assert directives(said)[0]["reason"] == "distress"


async def test_not_understood_is_said_in_three_steps(stage: Stage) -> None:
    assert responses(await stage.run("action_unsure", "blorp")) == ["utter_unsure"]
    said = await stage.run("action_unsure", "blorp blorp")
    assert responses(said) == ["utter_still_unsure"]
    assert directives(said) == []
    assert directives(await stage.run("action_unsure", "blorp"))[0]["reason"] == "unsure"


async def test_yes_to_the_offer_of_a_person(stage: Stage) -> None:
    for reason in ("out_of_scope", "foreign"):
        stage.metadata = {"reason": reason}
        assert directives(await stage.run("action_unsure", "blorp")) == []
        assert directives(await stage.run("action_affirm", "yes", "affirm"))[0]["reason"] == "unsure"


@pytest.mark.parametrize(
    ("reason", "response"),
    [
        ("empty", "utter_empty"),
        ("number", "utter_number"),
        ("unreadable", "utter_unreadable"),
        ("out_of_scope", "utter_out_of_scope"),
        ("unsure", "utter_unsure"),
    ],
)
async def test_each_reason_has_its_words(stage: Stage, reason: str, response: str) -> None:
    stage.metadata = {"reason": reason}
    assert responses(await stage.run("action_unsure", "12345")) == [response]


async def test_a_guess_at_an_emergency_gives_the_number_first(stage: Stage) -> None:
    stage.metadata = {"reason": "close", "candidates": ["emergencies", "recycling"]}
    said = await stage.run("action_unsure", "something burns")
    assert responses(said) == ["utter_report_urgent", "utter_did_you_mean"]


async def test_what_is_no_question_never_ends_at_a_person(stage: Stage) -> None:
    stage.metadata = {"reason": "number"}
    for _ in range(5):
        assert directives(await stage.run("action_unsure", "12345")) == []


async def test_a_strange_language_is_told_what_we_write_and_what_was_guessed(stage: Stage) -> None:
    stage.metadata = {"reason": "foreign", "candidates": ["recycling"]}
    (said,) = await stage.run("action_unsure", "wohin mit dem altglas")
    reply = said["reply"]
    assert reply["response"] == "utter_foreign_language"
    lines = reply["variables"]["languages"].splitlines()
    assert len(lines) == len(stage.context.languages)
    assert all("English, Español, Français" in line for line in lines)
    assert [button["entities"] for button in reply["buttons"]] == [
        {"answer": "recycling"},
        {"language": "en"},
        {"language": "es"},
        {"language": "fr"},
    ]


async def test_whoever_writes_in_another_language_reads_in_it_what_is_possible(stage: Stage) -> None:
    stage.metadata = {"reason": "foreign", "foreign": "uk", "candidates": ["recycling"]}
    (said,) = await stage.run("action_unsure", "куди нести скло")
    reply = said["reply"]
    assert reply["response"] == "utter_foreign_language_own"
    text = reply["variables"]["languages"]
    assert "English, Español, Français" in text and "911" in text and "людиною" in text
    assert reply["variables"]["code"] == "uk"  # how it is to be read aloud
    person, *languages = reply["buttons"]
    assert (person["intent"], person["title"]) == ("talk_to_person", "Поговорити з людиною")
    assert [button["entities"] for button in languages] == [{"language": code} for code in ("en", "es", "fr")]
    # No topic at random.
    assert not any("answer" in button["entities"] for button in reply["buttons"])
    # A plain yes still means the person.
    assert directives(await stage.run("action_affirm", "yes", "affirm"))[0]["reason"] == "unsure"


async def test_a_doubtful_cry_for_help_is_answered_in_their_language_with_the_number(stage: Stage) -> None:
    stage.metadata = {"foreign": "uk"}
    (said,) = await stage.run("action_distress", "допоможіть", "distress", confidence=0.5)
    assert said["reply"]["response"] == "utter_foreign_language_own"
    assert "911" in said["reply"]["variables"]["languages"]


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("uk: {text: '{languages}', person: a}", "lacks {emergency_number}"),
        ("uk: {text: '{languages} {emergency_number}'}", "needs 'text' and 'person'"),
        ("uk: a", "needs 'text' and 'person'"),
        ("- uk", "holds no languages"),
    ],
)
def test_a_text_that_would_say_too_little_is_refused_at_the_start(
    tmp_path: Path, written: str, wrong: str
) -> None:
    assert load_other_languages(tmp_path) == {}
    (tmp_path / "other_languages.yml").write_text(written, encoding="utf-8")
    with pytest.raises(ValueError, match=wrong):
        load_other_languages(tmp_path)


async def test_understood_in_between_starts_anew(stage: Stage) -> None:
    await stage.run("action_unsure", "blorp")
    await stage.run("action_affirm", "yes", "affirm")
    assert directives(await stage.run("action_unsure", "blorp")) == []


async def test_a_close_ranking_is_offered(stage: Stage) -> None:
    stage.metadata = {"candidates": ["recycling", "report_problem", "greet", "bin_collection", "gone_topic"]}
    said = await stage.run("action_unsure", "where does glass go")
    assert responses(said) == ["utter_did_you_mean"]
    buttons = said[0]["reply"]["buttons"]
    assert [button["entities"].get("answer") or button["intent"] for button in buttons] == [
        "recycling",
        "report_problem",
        "bin_collection",
    ]
    assert all(button["title"] is None for button in buttons)


async def test_no_words_are_answered_without_counting(stage: Stage) -> None:
    for _ in range(3):
        assert responses(await stage.run("action_unsure", "🐙")) == ["utter_empty"]


async def test_a_chosen_answer_that_is_gone_is_not_said(stage: Stage) -> None:
    assert responses(await stage.run("action_choose_answer", intent="choose_answer", answer="recycling")) == [
        "recycling"
    ]
    assert responses(await stage.run("action_choose_answer", intent="choose_answer", answer="gone")) == [
        "utter_unsure"
    ]


async def test_repeat_says_what_was_said(stage: Stage) -> None:
    assert responses(await stage.run("action_repeat", "again", "repeat")) == ["utter_nothing_to_repeat"]
    await stage.run("action_choose_answer", intent="choose_answer", answer="recycling")
    assert responses(await stage.run("action_repeat", "again", "repeat")) == ["recycling"]


async def test_yes_after_an_offer_of_a_person(stage: Stage) -> None:
    stage.events += [{"event": "user", "text": "you idiot"}, {"event": "action", "name": "utter_insult"}]
    assert directives(await stage.run("action_affirm", "yes", "affirm"))[0]["reason"] == "asked"


async def test_languages(stage: Stage) -> None:
    said = await stage.run("action_change_language", "en français svp", "change_language")
    assert responses(said) == ["utter_language_changed"]
    assert stage.slots["language"] == "fr"
    said = await stage.run("action_change_language", "auf deutsch bitte", "change_language")
    assert responses(said) == ["utter_ask_language"]
    assert [button["title"] for button in said[0]["reply"]["buttons"]] == ["English", "Español", "Français"]


def test_the_last_language_named_is_meant() -> None:
    assert language_named("not in English, in French please") == "fr"
    assert language_named("prefiero español") == "es"
    assert language_named("another one") is None


async def test_perhaps_distress_gives_the_number_and_asks(stage: Stage) -> None:
    said = await stage.run("action_distress", "some of them are ill", "distress", 0.48)
    assert responses(said) == ["utter_distress_perhaps"]
    assert directives(said) == []
    assert directives(await stage.run("action_affirm", "yes", "affirm"))[0]["reason"] == "distress"
