"""action_unsure: what to say when the message was not understood."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.say import Button, Event, Reply, say, slot
from actions.status.look_up import Status, reference_of
from actions.status.reference import looks_tried
from actions.talk.handoff import hand_over
from actions.turn import DIALOGUE_INTENTS, Turn, last_turn, read_turn
from actions.words import has_words, is_question

MOST_OFFERS = 3
LIKELY = 0.2
# Dialogue intents with a title in utter_did_you_mean; the others make no sense as a choice.
_OFFERED = frozenset({"report_problem", "ask_status"})


class Unsure:
    """Rephrase once, "did you mean" where the ranking is close, a person the second time in a row."""

    def __init__(self, context: Context, status: Status) -> None:
        self._context = context
        self._status = status

    def name(self) -> str:
        return "action_unsure"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        if reference_of(turn, self._context.backends)[0] or self._tries_number(turn):
            reply, waiting = await self._status.answer(turn)
            say(dispatcher, reply)
            return [slot("awaiting_reference", waiting), slot("unsure_count", None)]
        if _reports(turn):
            return [{"event": "followup", "timestamp": None, "name": "report_form"}]
        if not has_words(turn.text):
            say(dispatcher, Reply("utter_unsure_in_report" if turn.form else "utter_empty"))
            return []
        count = (int(turn.slots.get("unsure_count") or 0) if self._again(tracker) else 0) + 1
        if count >= 2:
            return hand_over(dispatcher, tracker, turn, self._context, "unsure", "utter_handoff_unsure")
        if turn.slots.get("awaiting_reference") and not turn.form:
            say(dispatcher, Reply("utter_reference_malformed"))
            return [slot("unsure_count", count)]
        offers = () if turn.form else self._offers(tracker)
        if offers:
            say(dispatcher, Reply("utter_did_you_mean", buttons=offers))
        else:
            say(dispatcher, Reply("utter_unsure_in_report" if turn.form else "utter_unsure"))
        return [slot("unsure_count", count), slot("awaiting_reference", None)]

    def _tries_number(self, turn: Turn) -> bool:
        return bool(turn.slots.get("awaiting_reference")) and looks_tried(turn.text)

    def _again(self, tracker: Tracker) -> bool:
        # Twice in a row: a message that was understood in between starts the count anew.
        return any(
            event.get("event") == "action" and event.get("name") == "action_unsure"
            for event in last_turn(tracker.events)
        )

    def _offers(self, tracker: Tracker) -> tuple[Button, ...]:
        offers = []
        for name in tracker.latest_message.get("candidates") or ():
            if name in self._context.answers:
                offers.append(Button("choose_answer", {"answer": name}))
            elif name in _OFFERED and name in DIALOGUE_INTENTS:
                offers.append(Button(name, key=name))
        return tuple(offers[:MOST_OFFERS])


def _reports(turn: Turn) -> bool:
    # "They sprayed graffiti on the school again" lies between the question about graffiti and the report.
    # A statement about one of our services is a report.
    close = any(name == "report_problem" and share >= LIKELY for name, share in turn.ranking[:2])
    return (
        close
        and turn.form is None
        and bool(turn.entity("service"))
        and not is_question(turn.text, turn.language)
    )
