"""Short messages that depend on what was said before: yes, repeat, a chosen answer, a change of language."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.filed.entry import Filed
from actions.filed.reports import fresh_report
from actions.filed.wish import says
from actions.lookup.look_up import LookUp
from actions.report.submit import ContinueReport
from actions.say import Event, Reply, say, slot
from actions.signs import response_to
from actions.talk.danger import DANGER
from actions.talk.follow_up import ABOUT_ONE, part_replies
from actions.talk.handoff import hand_over
from actions.talk.languages import choices, language_named
from actions.turn import actions_of, last_turn, read_turn, replies_of

# Responses that offer a person, so that a plain "yes" afterwards accepts.
_OFFERS = frozenset({"utter_not_answered", "utter_insult"})
# Responses that make sense a second time, besides the answers themselves.
_REPEATABLE = frozenset(
    {
        "utter_greet",
        "utter_what_can_you_do",
        "utter_did_you_mean",
        "utter_unsure",
        "utter_out_of_scope",
        "utter_still_unsure",
    }
)
_OFFERS_UNSURE = frozenset(
    {"utter_out_of_scope", "utter_still_unsure", "utter_foreign_language", "utter_foreign_language_own"}
)


class Affirm:
    """action_affirm: a yes outside a form, to whatever was offered last."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_affirm"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        before = actions_of(last_turn(tracker.events))
        turn = read_turn(tracker, self._context.languages)
        if _OFFERS.intersection(before):
            return hand_over(dispatcher, tracker, turn, self._context, "asked", "utter_handoff")
        if _OFFERS_UNSURE.intersection(replies_of(last_turn(tracker.events))):
            return hand_over(dispatcher, tracker, turn, self._context, "unsure", "utter_handoff")
        if "action_distress" in before:
            return hand_over(dispatcher, tracker, turn, self._context, "distress", "utter_handoff", DANGER)
        if meant := _about(tracker):
            parts = tuple(map(str, meant.get("part") or ()))
            say(dispatcher, *part_replies(str(meant["answer"]), parts))
            return []
        if "utter_report_rest" in replies_of(last_turn(tracker.events)):
            return await ContinueReport(self._context).run(dispatcher, tracker, domain)
        sent = "action_submit_report" in before
        # A thumbs-up under an answer is no yes: nothing was asked.
        nothing = response_to(turn.text) or "utter_yes_to_nothing"
        say(dispatcher, Reply("utter_report_already_sent" if sent else nothing))
        return []


def _about(tracker: Tracker) -> dict[str, Any] | None:
    """What the button of "Is your question about …?" leads to, if that was asked last."""
    for event in last_turn(tracker.events):
        reply = ((event.get("data") or {}).get("custom") or {}).get("reply") or {}
        if reply.get("response") == ABOUT_ONE and reply.get("buttons"):
            found: dict[str, Any] = reply["buttons"][0]["entities"]
            return found
    return None


class ChooseAnswer:
    """action_choose_answer: the answer behind a button."""

    def __init__(self, context: Context, look_up: LookUp) -> None:
        self._context = context
        self._look_up = look_up

    def name(self) -> str:
        return "action_choose_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        answer = str(turn.entity("answer") or "")
        if answer not in self._context.answers:
            # A button may be older than the content, and its answer may no longer exist.
            say(dispatcher, Reply("utter_unsure"))
            return []
        reply, events = self._look_up.offer(answer, turn)
        say(dispatcher, reply)
        return events


class Repeat:
    """action_repeat: repeats what was said last."""

    def __init__(self, context: Context, filed: Filed) -> None:
        self._context = context
        self._filed = filed

    def name(self) -> str:
        return "action_repeat"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        if turn.typed and not turn.form and fresh_report(turn) and says(turn, "show"):
            return self._filed.begin(dispatcher, turn, "show")
        if not _say_again(dispatcher, tracker):
            say(dispatcher, Reply("utter_nothing_to_repeat"))
        return []


class ChangeLanguage:
    """action_change_language: writes in the language that was asked for from now on."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_change_language"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        wanted = str(turn.entity("language") or language_named(turn.text) or "")
        if wanted not in self._context.languages:
            say(dispatcher, Reply("utter_ask_language", buttons=choices(self._context.languages)))
            return []
        # What was said last is said again, so that the citizen reads it too: the desk writes it in the new language.
        before = set(replies_of(last_turn(tracker.events)))
        again = not turn.form and bool(before) and all(self._is_repeatable(name) for name in before)
        say(dispatcher, Reply("utter_language_continue" if turn.form or again else "utter_language_changed"))
        if again:
            _say_again(dispatcher, tracker)
        return [slot("language", wanted)]

    def _is_repeatable(self, name: str) -> bool:
        # A question for the street stands below an answer, in the same message.
        asks_street = name.startswith("lookup_") and name.endswith("_ask")
        return asks_street or name in _REPEATABLE or name.removeprefix("utter_") in self._context.answers


def _say_again(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Repeat what was said before this message; false if there was nothing."""
    said = False
    for event in last_turn(tracker.events):
        if event.get("event") != "bot":
            continue
        reply = ((event.get("data") or {}).get("custom") or {}).get("reply")
        name = (event.get("metadata") or {}).get("utter_action")
        if reply:
            dispatcher.utter_message(json_message={"reply": reply})
            said = True
        elif name:
            say(dispatcher, Reply(str(name)))
            said = True
    return said
