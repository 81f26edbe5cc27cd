"""Which approved answers an agent is offered: for the last message that says something, by meaning and by words."""

from datetime import UTC, datetime
from uuid import UUID

from desk.knowledge.catalogue import Catalog
from desk.knowledge.suggestions import Suggestions
from desk.model import Message
from desk.store.dialogue.understanding import Understood

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
TODAY = NOW.date()
SAID = [
    (
        "my parking permit was refused",
        "parking_permit",
        {"parking_permit": 0.9, "parking_fine": 0.2, "passport": 0.05},
    ),
    ("thank you so much", "thanks", {"thanks": 0.9}),
    ("are you there? I have been waiting", "ask_place", {"ask_place": 0.99}),
    ("let me talk to someone", "talk_to_person", {"talk_to_person": 0.8, "accessibility_help": 0.15}),
]


def _transcript(*said: str) -> list[Message]:
    return [
        Message(UUID(int=seq), UUID(int=99), UUID(int=98), seq, "contact", text, "en", "sent", NOW)
        for seq, text in enumerate(said, 1)
    ]


def _understood(*turns: tuple[str, dict[str, float]]) -> dict[UUID, Understood]:
    return {
        UUID(int=seq): Understood(intent, 0.9, "answered", None, tuple(ranking.items()))
        for seq, (intent, ranking) in enumerate(turns, 1)
    }


def test_small_talk_does_not_hide_the_question(catalog: Catalog) -> None:
    suggestions = Suggestions(catalog)
    log, known = _transcript(*(one[0] for one in SAID)), _understood(*((one[1], one[2]) for one in SAID))
    found = suggestions.suggest(log, known, "en", 3, TODAY)
    assert found[:2] == ["parking_permit", "parking_fine"] and len(found) == 3
    # What an agent got after the handoff is no turn of the bot: its words are looked up.
    later = [*log, *_transcript("", "", "", "", "and how much is a passport?")[4:]]
    assert suggestions.suggest(later, known, "en", 3, TODAY)[0] == "passport"
    assert "parking_permit" in suggestions.suggest(later, known, "en", 3, TODAY)
    # What the bot could not understand goes on with the subject before it.
    unclear = [*log, *_transcript("", "", "", "", "please hurry with the emergency shelter")[4:]]
    guessed = known | {UUID(int=5): Understood("nlu_fallback", 0.7, "answered", None, ())}
    assert suggestions.suggest(unclear, guessed, "en", 3, TODAY)[0] == "parking_permit"
    assert (
        suggestions.suggest(log[1:], known, "en", 1, TODAY) != []
        and suggestions.suggest([], {}, "en", 3, TODAY) == []
    )


def test_a_wish_for_a_person_that_names_its_subject_is_the_question(catalog: Catalog) -> None:
    log = _transcript("hello", "quiero hablar con alguien sobre mi multa")
    known = _understood(
        ("greet", {"greet": 0.9}), ("talk_to_person", {"parking_fine": 0.77, "talk_to_person": 0.1})
    )
    assert Suggestions(catalog).suggest(log, known, "es", 3, TODAY)[0] == "parking_fine"


def test_what_a_bot_of_another_version_wrote_does_not_stop_the_page(catalog: Catalog) -> None:
    known = {UUID(int=1): Understood("an_answer_that_is_gone", None, "answered", None, (("another", 0.9),))}
    found = Suggestions(catalog).suggest(_transcript("where do I renew a passport"), known, "en", 3, TODAY)
    assert found[0] == "passport"


def test_words_alone_suggest_nothing_to_somebody_who_may_be_in_danger(catalog: Catalog) -> None:
    log = _transcript("I don't want to live any more, not even with help for the rent")
    suggestions = Suggestions(catalog)
    assert suggestions.suggest(log, _understood(("distress", {"distress": 0.9})), "en", 3, TODAY) == []
    assert suggestions.suggest(log, _understood(("nlu_fallback", {})), "en", 3, TODAY) != []
