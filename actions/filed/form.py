"""validate_filed_form: reads the answer to a question about a report that was sent. Like the report's form it
asks its own questions, and returns no events if a message is about something else.
"""

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.filed.carry_out import carry_out, question
from actions.filed.meant import which
from actions.filed.reports import FiledReport, own_reports
from actions.filed.wish import (
    ANSWER,
    LONGEST_TEXT,
    TELLING,
    WISH,
    Wish,
    corrected,
    forget_wish,
    keep_wish,
    media_of,
    read_wish,
)
from actions.languages import WORDS
from actions.report.pause import says_pause
from actions.say import Event, Reply, say, slot
from actions.turn import DialogueTurn, read_turn
from actions.words import begins_with_no, fold, has_words, is_no, is_yes, part_named, told_words

# What is never the text that is to be added.
_ELSEWHERE = frozenset(
    {"talk_to_person", "distress", "emergencies", "change_language", "cancel_handoff", "back_to_bot"}
)
_SHORT_OF_IT = frozenset(
    {"greet", "thanks", "goodbye", "repeat", "what_can_you_do", "bot_challenge", "ask_status"}
)
_NAMING = frozenset(
    word
    for words in WORDS.values()
    for said in (*words.correcting, words.empty, words.polite)
    for word in fold(said).split()
)
_WISHES = frozenset({"withdraw_report", "what_sent"})


class FiledForm:
    """validate_filed_form"""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "validate_filed_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        wish, reports = read_wish(turn.slots), own_reports(turn)
        if wish is None:
            return [*forget_wish(), slot("requested_slot", None)]
        if turn.step is None:  # just opened: action_filed has asked already
            return [*keep_wish(wish), slot("requested_slot", ANSWER)]
        if turn.returning:
            if _asked_now(tracker.events):  # another wish, in the middle of one
                return [*keep_wish(wish), slot("requested_slot", ANSWER)]
            say(dispatcher, question(wish, _asked_about(wish, reports), turn, self._context))
            return [*keep_wish(wish), slot("requested_slot", ANSWER)]
        return self._apply(dispatcher, wish, reports, turn)

    def _apply(
        self, dispatcher: CollectingDispatcher, wish: Wish, reports: list[FiledReport], turn: DialogueTurn
    ) -> list[Event]:
        report = next((one for one in reports if one.id == wish.report), None)
        waits = says_pause(turn.text) or (turn.intent == "pause" and not begins_with_no(turn.text))
        if turn.typed and waits and not _tells(turn):
            say(dispatcher, Reply("utter_pause"))
            return [*keep_wish(wish), slot("requested_slot", ANSWER)]
        refused = turn.intent in ("stop", "deny") or is_no(turn.text)
        refused = refused or (
            wish.stage == "confirm" and turn.intent != "withdraw_report" and begins_with_no(turn.text)
        )
        agreed = wish.stage == "confirm" and is_yes(turn.text.strip().partition(" ")[0].strip(",.;!"))
        if refused and not agreed and (wish.stage != "what" or len(turn.text.split()) <= 3):
            kept = Reply(
                "utter_filed_kept",
                variables={"report": report.named(self._context.services, turn.language)} if report else {},
            )
            say(dispatcher, kept if report else Reply("utter_filed_kept_all"))
            return [*forget_wish(), slot("requested_slot", None)]
        if wish.stage == "which":
            return self._which(dispatcher, wish, reports, turn)
        if report is None:
            return [*forget_wish(), slot("requested_slot", None)]
        if wish.stage == "confirm":
            if not (
                agreed or turn.intent == "affirm" or is_yes(turn.text) or turn.intent == "withdraw_report"
            ):
                return []
            return self._go_on(dispatcher, replace(wish, stage="confirmed"), report, turn)
        told = _what(wish, report, turn)
        return self._go_on(dispatcher, told, report, turn) if told else []

    def _which(
        self, dispatcher: CollectingDispatcher, wish: Wish, reports: list[FiledReport], turn: DialogueTurn
    ) -> list[Event]:
        if turn.intent in _ELSEWHERE or turn.intent in _SHORT_OF_IT:
            return []
        meant = which(turn, [one for one in reports if one.open], self._context, asked=True)
        if meant.stranger:
            say(dispatcher, Reply("utter_filed_not_yours", variables={"reference": meant.stranger}))
            return [*forget_wish(), slot("requested_slot", None)]
        if len(meant.reports) != 1:
            if turn.asks or (turn.topic and turn.believed("sure")):
                return []
            say(dispatcher, question(wish, _asked_about(wish, reports), turn, self._context))
            return [*keep_wish(wish), slot("requested_slot", ANSWER)]
        report = meant.reports[0]
        if wish.kind == "correct" and wish.text:
            wish = corrected(replace_text(turn, wish.text), wish, report, asked=True)
        return self._go_on(dispatcher, wish, report, turn)

    def _go_on(
        self, dispatcher: CollectingDispatcher, wish: Wish, report: FiledReport, turn: DialogueTurn
    ) -> list[Event]:
        events, waiting = carry_out(dispatcher, wish, report, turn, self._context)
        return [*events, slot("requested_slot", ANSWER if waiting else None)]


def _tells(turn: DialogueTurn) -> bool:
    """Whether it says what is to be changed after all: "wait, the number is 7"."""
    named = any(turn.entity(name) for name in ("address", "street", "email", "phone", "media"))
    return named or any(character.isdigit() for character in turn.text)


def _what(wish: Wish, report: FiledReport, turn: DialogueTurn) -> Wish | None:
    """The change with what the message adds or corrects; None if it is about something else."""
    media = media_of(turn)
    if turn.intent == "share_photo" and media:
        caption = str(turn.entity("caption") or turn.text)
        return replace(wish, media=tuple(media), text=caption[:LONGEST_TEXT])
    if not turn.typed or not has_words(turn.text) or turn.intent in _ELSEWHERE | _WISHES:
        return None
    short = len(turn.text.split()) <= 4
    if (turn.intent in _SHORT_OF_IT and short) or (turn.asks and turn.topic and turn.believed("lenient")):
        return None
    if is_yes(turn.text) or (turn.intent == "affirm" and short):
        return None
    if wish.kind == "correct" and turn.intent == "add_to_report" and part_named(turn.text) == "photo":
        return None  # another wish: "add a photo"
    if wish.part == "photo" and told_words(turn.text) < TELLING:
        return None  # "I have none" is no text to add
    if turn.denies or (wish.kind == "correct" and _only_names(turn.text)):
        return None  # "that's wrong", "the wrong address": it says nothing of what it should be
    if wish.kind == "correct":
        return corrected(turn, wish, report, asked=True)
    return replace(wish, text=turn.text[:LONGEST_TEXT])


def _only_names(text: str) -> bool:
    """Whether it names a part of the report and says nothing about it."""
    rest = [word for word in fold(text).split() if word not in _NAMING and not part_named(word)]
    return part_named(text) is not None and not rest


def replace_text(turn: DialogueTurn, text: str) -> DialogueTurn:
    """The turn as if this text had been written, without the original entities."""
    return replace(turn, text=text, entities={})


def _asked_now(events: list[dict[str, Any]]) -> bool:
    """Whether the message has begun a wish, whose question was asked with it."""
    for event in reversed(events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "slot" and event.get("name") == WISH and event.get("value"):
            return True
    return False


def _asked_about(wish: Wish, reports: list[FiledReport]) -> list[FiledReport]:
    return [one for one in reports if one.open] if wish.stage == "which" else reports
