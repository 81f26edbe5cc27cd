"""Assistant: takes one turn and says what happened, or fails as a whole. Nothing is ever half done.

Rasa's own processor swallows what goes wrong in an action and answers with what is left, perhaps nothing. Here
every error leaves the turn, the dialogue's state is only written with the answer, and a turn that says
nothing is an error.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import LockStore
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, BotUttered, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_patches.actions_endpoint import ActionFailed
from bot.rasa_patches.processor import Processor
from bot.rasa_patches.trackers import twin
from bot.turn.awaited import LOOK_UP, PlaceOfTopic, as_place
from bot.turn.details import find_details
from bot.turn.follow_up import FollowUps
from bot.turn.last_topic import SLOT as LAST_TOPIC
from bot.turn.last_topic import LastTopic, after_turn, moment, remember
from bot.turn.matters import Matters
from bot.turn.moments import HANDED, moments_of
from bot.turn.moments import KEY as MOMENTS
from bot.turn.news import News
from bot.turn.parts import Parts, Piece
from bot.turn.reading import Reader
from bot.turn.replies import Collector
from bot.turn.reported import current_report, only, reported, several, with_caption
from bot.turn.request import TurnRequest
from bot.turn.stores.tracker_store import CompactTrackerStore, Overtaken
from bot.turn.waiting import urgency_of, while_waiting

logger = logging.getLogger(__name__)

LANGUAGE = "language"
STEP = "requested_slot"
TOLD = "told_details"  # what a citizen said of themselves, until a report takes it
FALLBACK = "nlu_fallback"
_HOUSEKEEPING = frozenset({"action_listen", "action_session_start", "action_extract_slots"})
_ABOUT_QUEUE = frozenset({"back_to_bot", "cancel_handoff", "talk_to_person"})
FORBIDDEN = frozenset({"restart", "back", "session_start"})  # Rasa's own commands are nobody's buttons


class NothingSaid(Exception):
    """The dialogue ran and the citizen would hear nothing."""


class Assistant(Processor):
    """A loaded model with its stores. `take` is the one thing it does."""

    tracker_store: CompactTrackerStore
    lock_store: LockStore
    first_language: str = "en"
    parts: Parts
    follow_ups: FollowUps
    matters: Matters
    read: Reader
    news: News
    place_of_topic: PlaceOfTopic
    day: Callable[[Mapping[str, Any]], date]

    async def take(self, turn: TurnRequest) -> dict[str, Any]:
        """The answer to `turn`, as the contract gives it; the same message again, the same answer.

        Raises NothingSaid, ActionFailed, StoreUnavailable, Overtaken, or whatever broke; then nothing is kept.
        """
        if turn.metadata.get("waiting"):
            return self._while_waiting(turn)
        async with self.lock_store.lock(turn.conversation_id):
            before = await self.tracker_store.fetch(turn.conversation_id)
            if before.last_message_id == turn.message_id and before.last_answer is not None:
                return before.last_answer
            tracker = before.tracker or self.tracker_store.init_tracker(turn.conversation_id)
            answer = await self._answer(turn, tracker)
            try:
                await self.tracker_store.write(tracker, turn.message_id, answer, before)
            except Overtaken:
                now = await self.tracker_store.fetch(turn.conversation_id)
                if now.last_message_id != turn.message_id or now.last_answer is None:
                    raise
                return now.last_answer
            return answer

    def _while_waiting(self, turn: TurnRequest) -> dict[str, Any]:
        """Nothing of it is kept: the same message may be taken again once the queue is left."""
        nobody = self.tracker_store.init_tracker(turn.conversation_id)
        heard = _in_moment(turn, nobody)
        parses = (
            [self._payload(heard, turn.language)]
            if turn.intent
            else self._understand(heard, turn.language, nobody, None)
        )
        replies, wish = while_waiting(parses, self.parts.topics)
        wished = next((parse["wished"] for parse in parses if parse.get("wished")), None)
        directives: list[dict[str, Any]] = [{"type": "while_waiting", "wish": wish, "language": wished}]
        if urgency := urgency_of(parses):
            summary = f"The citizen wrote in the queue: {turn.text[:300]}"
            directives.append(
                {"type": "handoff", "reason": "distress", "summary": summary, "urgency": urgency}
            )
        return {
            "message_id": turn.message_id,
            "replies": replies,
            "parse": {**_parse(parses[0]), "parts": [_parse(parse) for parse in parses[1:]]},
            "language": wished or turn.language or parses[0].get(LANGUAGE) or self.first_language,
            "directives": directives,
            "form": None,
        }

    async def _answer(self, turn: TurnRequest, tracker: DialogueStateTracker) -> dict[str, Any]:
        output = Collector()
        known = turn.language or _slot(tracker, LANGUAGE)
        await self._update_tracker_session(tracker, output)
        now = moment(turn.metadata)
        came_back = self._comes_back(turn, tracker, known)
        if came_back is not None:
            tracker = await self._hear(turn, came_back, known, tracker, output)
        last = LastTopic.quoted(turn.metadata, self.follow_ups.knows, now)
        last = last or LastTopic.read(_slot(tracker, LAST_TOPIC), now)
        heard = _in_moment(turn, tracker)
        parses = (
            [self._payload(heard, known)] if turn.intent else self._understand(heard, known, tracker, last)
        )
        wished = next((parse["wished"] for parse in parses if parse.get("wished")), None)
        for place, parse in enumerate(parses):
            # Whoever asks for a language gets all of the answer in it.
            parse[LANGUAGE] = wished or parse.get(LANGUAGE)
            if place or came_back is not None:
                output.withdraw_question()  # the form asks again after the next part: one question a turn
            left = parse.get("left")
            if left and "matters" in parse:
                output.leave_open(left)  # before the form's question
            tracker = await self._hear(turn, parse, known, tracker, output)
            if left and "matters" not in parse:
                output.leave_open(left)
            known = _slot(tracker, LANGUAGE) or parse.get(LANGUAGE) or known
        asked = self.follow_ups.asked_in(turn, known)
        remember(tracker, self.domain, after_turn(last, output.replies, parses, asked, now))
        if not output.speaks:
            raise NothingSaid(f"after {tracker.latest_action_name}")
        return {
            "message_id": turn.message_id,
            "replies": output.replies,
            "parse": {**_parse(parses[0]), "parts": [_parse(parse) for parse in parses[1:]]},
            "language": known or self.first_language,
            "directives": output.directives,
            "form": tracker.active_loop_name,
        }

    def _comes_back(
        self, turn: TurnRequest, tracker: DialogueStateTracker, known: str | None
    ) -> dict[str, Any] | None:
        """The parse of coming back, for the first message after a person had the conversation: a report that was being
        written goes on where it was, without asking for it. Who wants a person again gets one."""
        queue = _slot(tracker, "report_queue")
        if not queue or tracker.active_loop_name or _last_action(tracker) not in HANDED:
            return None
        if turn.intent in _ABOUT_QUEUE or (
            not turn.intent and self.read(turn.text, {**turn.metadata, LANGUAGE: known}).get("alarm")
        ):
            return None
        return self._payload(replace(turn, text="", intent="back_to_bot", entities={}), known)

    def _understand(
        self, turn: TurnRequest, known: str | None, tracker: DialogueStateTracker, last: LastTopic | None
    ) -> list[dict[str, Any]]:
        """How the model reads the message: once, or once for each of its questions."""
        whole = self.read(turn.text, {**turn.metadata, LANGUAGE: known})
        given = as_place(whole, _slot(tracker, "lookup_waits"), _last_action(tracker))
        if given is not whole:
            return [given]
        in_form = tracker.active_loop_name is not None
        placed = whole if in_form else self.place_of_topic(whole, last, _last_action(tracker))
        if placed is not whole:
            return [placed]
        if follow_up := self.follow_ups(turn.text, whole, last, known, in_form=in_form):
            return [follow_up]
        parses: list[dict[str, Any]] = []
        for units in (True, False):
            details = find_details(
                turn.text, whole["entities"], whole.get(LANGUAGE), _slot(tracker, STEP), units=units
            )
            if details is None:
                return self._parts(turn, turn.text, whole, tracker)
            if details.only:
                return [{**whole, **only(details)}]
            rest = self.read(details.rest, {**turn.metadata, LANGUAGE: whole.get(LANGUAGE)})
            if whole.get("alarm"):
                return [{**whole, "details": details.told}]
            if rest.get("alarm"):
                # "Alguien me llamó" names nobody: without "me llamó" it would be a wish for somebody.
                return self._parts(turn, turn.text, whole, tracker)
            parses = self._parts(turn, details.rest, rest, tracker)
            parses[0] = {**parses[0], "details": details.told}
            if "unit" not in details.told or not several(parses):
                break  # of several places a unit belongs to the one beside it
        return parses

    def _parts(
        self, turn: TurnRequest, text: str, whole: dict[str, Any], tracker: DialogueStateTracker
    ) -> list[dict[str, Any]]:
        if whole.get("alarm") or whole.get("titled"):
            return [whole]
        metadata = {**turn.metadata, LANGUAGE: whole.get(LANGUAGE)}

        def read(one: str) -> dict[str, Any]:
            parse = self.read(one, metadata)
            found = find_details(one, parse["entities"], whole.get(LANGUAGE))
            return {**parse, **only(found)} if found and found.only else parse

        told = self.matters.split(text, whole, read, current_report(tracker))
        if told or tracker.active_loop_name:
            return reported(told, whole, read) if told else [whole]
        for way in self.parts.cuts(text):
            pieces = [Piece(one, self.read(one, metadata), joined) for one, joined in way]
            if any(piece.parse.get("urgency") or "only" in piece.parse for piece in pieces):
                # Words have been looked for in the whole message: "n'ai plus | besoin d'une personne" is no wish.
                continue
            chosen = self.parts.choose(pieces, whole)
            if chosen and self.parts.is_whole(chosen, whole):
                return [whole]
            if chosen:
                parses = [dict(piece.parse) for piece in chosen.pieces]
                return [*parses[:-1], {**parses[-1], "left": chosen.left}]
        return [whole]

    async def _hear(
        self,
        turn: TurnRequest,
        parse: dict[str, Any],
        known: str | None,
        tracker: DialogueStateTracker,
        output: Collector,
    ) -> DialogueStateTracker:
        """One message, or one question of it, through the dialogue. What is in the news is said first."""
        parse, news = self.news.about(parse, self.day(turn.metadata))
        message = UserMessage(
            text=parse["text"],
            output_channel=output,
            sender_id=turn.conversation_id,
            input_channel=str(turn.metadata.get("channel") or output.name()),
            message_id=turn.message_id,
            metadata={**turn.metadata, LANGUAGE: known},
            parse_data=parse,
        )
        await self._handle_message_with_tracker(message, tracker)
        if parse.get("details"):
            told = {**(_slot(tracker, TOLD) or {}), **parse["details"]}
            tracker.update(SlotSet(TOLD, told), self.domain)
        spoken = parse.get(LANGUAGE) or known or self.first_language
        if LANGUAGE in tracker.slots and spoken != _slot(tracker, LANGUAGE):
            tracker.update(SlotSet(LANGUAGE, spoken), self.domain)
        for item in news:
            said = {"reply": {"response": f"news_{item}"}}
            await output.send_response(turn.conversation_id, {"custom": said})
            tracker.update(BotUttered(data={"custom": said}), self.domain)
        tracker = await self.run_action_extract_slots(output, tracker)
        await self._run_prediction_loop(output, tracker)
        return tracker

    def _payload(self, turn: TurnRequest, language: str | None) -> dict[str, Any]:
        """A button, a photo or a place: the intent is known. One that the model does not know (any more) is unsure."""
        known = turn.intent in self.domain.intents and turn.intent not in FORBIDDEN
        entities = [
            {"entity": name, "value": value, "extractor": "payload"} for name, value in turn.entities.items()
        ]
        parse = {
            "text": turn.text,
            "intent": {"name": turn.intent if known else FALLBACK, "confidence": 1.0 if known else 0.0},
            "intent_ranking": [],
            "entities": entities if known else [],
            "scope": None,
            "candidates": [],
            "reason": None if known else "unsure",
        }
        if turn.intent != "share_photo":
            return parse
        metadata = {**turn.metadata, LANGUAGE: language}
        return with_caption(parse, self.matters, lambda text: self.read(text, metadata))

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """As Rasa's, but an error is an error."""
        trial = tracker
        if prediction.events:  # they are only kept where the action does not refuse
            trial = twin(tracker)
            trial.update_with_events(prediction.events, self.domain)
        try:
            events = await action.run(output_channel, nlg, trial, self.domain)
        except ActionFailed:
            general = self._general_answer(action.name(), tracker)
            if general is None:
                raise
            action = general
            events = await action.run(output_channel, nlg, trial, self.domain)
        except ActionExecutionRejection:
            tracker.update(
                ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence)
            )
            return bool(self.should_predict_another_action(action.name()))
        self._log_action_on_tracker(tracker, action, events, prediction)
        await self._send_bot_messages(events, tracker, output_channel)
        return bool(self.should_predict_another_action(action.name()))

    def _general_answer(self, failed: str, tracker: DialogueStateTracker) -> Action | None:
        """What is said without the actions: a topic has an answer even where nothing can be looked up."""
        intent = (tracker.latest_message.intent if tracker.latest_message else None) or {}
        name = f"utter_{intent.get('name')}"
        return self._get_action(name) if failed == LOOK_UP and name in self.domain.responses else None


def _in_moment(turn: TurnRequest, tracker: DialogueStateTracker) -> TurnRequest:
    return replace(turn, metadata={**turn.metadata, MOMENTS: moments_of(tracker, turn.metadata)})


def _parse(parse: dict[str, Any]) -> dict[str, Any]:
    intent = parse.get("intent") or {}
    return {
        "intent": intent.get("name"),
        "confidence": float(intent.get("confidence") or 0.0),
        "ranking": [
            {"intent": found["name"], "confidence": found["confidence"]}
            for found in parse.get("intent_ranking") or []
        ],
        "entities": parse.get("entities") or [],
        "scope": parse.get("scope"),
        "candidates": parse.get("candidates") or [],
        "reason": parse.get("reason"),
    }


def _last_action(tracker: DialogueStateTracker) -> str | None:
    """The last action before this message, without Rasa's own."""
    names = (event.action_name for event in reversed(tracker.events) if isinstance(event, ActionExecuted))
    return next((name for name in names if name and name not in _HOUSEKEEPING), None)


def _slot(tracker: DialogueStateTracker, name: str) -> Any:
    found = tracker.slots.get(name)
    return found.value if found else None
