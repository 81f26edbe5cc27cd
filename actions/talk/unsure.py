"""action_unsure: what to say if the message was not understood, or cannot be. The bot says why it is not sure
(`Turn.reason`). The first time we ask for other words, the second time in a row we say so plainly and offer a
person, and the third time a person takes over.
"""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.filed.entry import Filed
from actions.filed.photo import of_another
from actions.filed.reports import FiledReport, fresh_report
from actions.filed.wish import STATUS, leaning, reachable, says
from actions.registers.cases import Cases
from actions.say import Button, Event, Reply, say, slot
from actions.signs import response_to
from actions.status.look_up import Status, numbers_in
from actions.status.reference import looks_tried
from actions.talk.handoff import hand_over
from actions.talk.languages import in_every_language, in_their_own
from actions.turn import DIALOGUE_INTENTS, DialogueTurn, last_turn, read_turn
from actions.words import has_words

MOST_OFFERS = 3
OFFER_PERSON, HAND_OVER = 2, 3  # how many messages in a row
_EMERGENCY = "emergencies"  # if it is among the guesses, its number comes first
# Dialogue intents with a title in utter_did_you_mean; the others make no sense as a choice.
_OFFERED = frozenset({"report_problem", "ask_status"})
# Messages that are no question; they are answered every time and are not counted.
_NO_QUESTION = {
    "empty": "utter_empty",
    "number": "utter_number",
    "unreadable": "utter_unreadable",
    "order": "utter_order_none",
}


class Unsure:
    """One reply for each reason."""

    def __init__(self, context: Context, status: Status, filed: Filed, cases: Cases) -> None:
        self._context = context
        self._cases = cases
        self._status = status
        self._filed = filed

    def name(self) -> str:
        return "action_unsure"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        if turn.form is None and (moved := of_another(dispatcher, tracker, turn, self._context)) is not None:
            return [*moved, slot("unsure_count", None)]
        await self._context.services.renew()
        if (of_a_register := await self._cases.begin(dispatcher, turn)) is not None:
            return [*of_a_register, slot("awaiting_reference", None), slot("unsure_count", None)]
        if numbers_in(turn, self._context.backends) or self._tries_number(turn):
            reply, waiting = await self._status.answer(turn)
            say(dispatcher, reply)
            return [slot("awaiting_reference", waiting), slot("unsure_count", None)]
        if (kind := leaning(turn)) == STATUS:
            reply, waiting = await self._status.answer(turn)
            say(dispatcher, reply)
            return [slot("awaiting_reference", waiting), slot("unsure_count", None)]
        if kind is None and not turn.form and reachable(turn) and fresh_report(turn):
            kind = "add"  # "añadan mi correo: …", right after a report
        if kind is not None:
            return self._filed.begin(dispatcher, turn, kind)
        more = turn.intent == "report_detail" or (turn.typed and not turn.asks and says(turn, "add"))
        if more and not turn.form and (sent := fresh_report(turn)):
            say(dispatcher, self._more_of(sent, turn))
            return []
        reason = turn.reason or ("unsure" if has_words(turn.text) else "empty")
        if reason == "empty" and not turn.form and (meant := response_to(turn.text)):
            say(dispatcher, Reply(meant))
            return []
        if reason in _NO_QUESTION:
            say(dispatcher, Reply("utter_unsure_in_report" if turn.form else _NO_QUESTION[reason]))
            return []
        count = (int(turn.slots.get("unsure_count") or 0) if self._again(tracker) else 0) + 1
        if count >= HAND_OVER:
            return hand_over(dispatcher, tracker, turn, self._context, "unsure", "utter_handoff_unsure")
        if turn.slots.get("awaiting_reference") and not turn.form:
            say(dispatcher, Reply("utter_reference_malformed"))
            return [slot("unsure_count", count)]
        if _EMERGENCY in turn.candidates and not turn.form:
            say(dispatcher, Reply("utter_report_urgent"))
        say(dispatcher, self._reply(turn, reason, count))
        return [slot("unsure_count", count), slot("awaiting_reference", None)]

    def _reply(self, turn: DialogueTurn, reason: str, count: int) -> Reply:
        if turn.form:
            return Reply(
                "utter_unsure_in_report_again" if count >= OFFER_PERSON else "utter_unsure_in_report"
            )
        offers = self._offers(turn)
        if reason == "foreign":
            return self._speak(offers, turn.foreign)
        if count >= OFFER_PERSON:
            return Reply("utter_still_unsure", buttons=offers)
        if reason == "out_of_scope":
            return Reply("utter_out_of_scope")
        return Reply("utter_did_you_mean", buttons=offers) if offers else Reply("utter_unsure")

    def _more_of(self, sent: FiledReport, turn: DialogueTurn) -> Reply:
        """ "It is very deep" right after a report most likely adds to it."""
        named = sent.named(self._context.services, turn.language)
        entities = {"report": sent.id, "note": turn.text}
        return Reply(
            "utter_filed_add_or_new",
            variables={"report": named},
            buttons=(Button("add_to_report", entities, key="add"),),
        )

    def _speak(self, offers: tuple[Button, ...], foreign: str | None) -> Reply:
        """In the citizen's own language, what is possible and how to get a person. Where we have no words in it: which
        languages we write, in each of them, with buttons for what the message may mean."""
        own = in_their_own(self._context, foreign)
        if own is not None:
            return own
        texts, buttons = in_every_language(self._context.languages, self._context.phrases)
        return Reply("utter_foreign_language", variables={"languages": texts}, buttons=(*offers, *buttons))

    def _tries_number(self, turn: DialogueTurn) -> bool:
        return bool(turn.slots.get("awaiting_reference")) and looks_tried(turn.text)

    def _again(self, tracker: Tracker) -> bool:
        # A message that was understood in between resets the count.
        return any(
            event.get("event") == "action" and event.get("name") == "action_unsure"
            for event in last_turn(tracker.events)
        )

    def _offers(self, turn: DialogueTurn) -> tuple[Button, ...]:
        services = self._context.services
        listed = services.matching(turn.text) if turn.typed and not turn.form else ()
        offers = [
            Button("report_problem", {"service": code}, title=services.name(code, turn.language))
            for code in listed
        ]
        for name in turn.candidates:
            if name in self._context.answers:
                offers.append(Button("choose_answer", {"answer": name}))
            elif name in _OFFERED and name in DIALOGUE_INTENTS:
                offers.append(Button(name, key=name))
        return tuple(offers[:MOST_OFFERS])
