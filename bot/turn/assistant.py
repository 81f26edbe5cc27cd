"""Processes one turn completely, or fails without storing anything.

Rasa's own processor ignores errors in actions and answers with what is left, perhaps nothing. Here every
error fails the turn, the dialogue's state is written only with the answer, and a turn without a reply is an
error.

One long file on purpose: what happens in a turn, in its order, is read in one place.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import LockStore
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.events import ActionExecutionRejected, BotUttered, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_patches.actions_endpoint import ActionFailed
from bot.rasa_patches.processor import NEVER_REFUSE, Processor
from bot.rasa_patches.trackers import twin
from bot.turn.awaited import LOOK_UP
from bot.turn.details import NO_PHOTO
from bot.turn.interpreter import LANGUAGE, OF_RASA, Interpreter, last_action, slot_value
from bot.turn.last_topic import LOOKED_UP, LastTopic, after_turn, moment, remember
from bot.turn.last_topic import SLOT as LAST_TOPIC
from bot.turn.moments import FILED, FORM, HANDED, in_moment, moments_of
from bot.turn.moments import KEY as MOMENTS
from bot.turn.news import News
from bot.turn.reading import is_personal
from bot.turn.replies import Collector
from bot.turn.request import TurnRequest
from bot.turn.stores.tracker_store import CompactTrackerStore, Overtaken
from bot.turn.waiting import urgency_of, while_waiting
from bot.understanding.classifier.why import kept_of

logger = logging.getLogger(__name__)

_ABOUT_QUEUE = frozenset({"back_to_bot", "cancel_handoff", "talk_to_person"})
ADDING = frozenset(
    {"follow_up", "ask_day", "give_place"}
)  # intents of a short question about the last answer
TOLD = "told_details"  # personal details, until a report uses them


class NothingSaid(Exception):
    """The dialogue ran without producing a reply."""


class Assistant(Processor):
    """A loaded model with its stores. Call `take` for each turn."""

    tracker_store: CompactTrackerStore
    lock_store: LockStore
    first_language: str = "en"
    interpreter: Interpreter
    news: News
    day: Callable[[Mapping[str, Any]], date]
    looks_up: Callable[[str], bool]  # whether a topic has lookups
    named: str = "release"  # the model: "training 7", or the release's own

    async def take(self, turn: TurnRequest) -> dict[str, Any]:
        """The answer to `turn`, in the contract's format. A repeated message gets the same answer.

        Raises NothingSaid, ActionFailed, StoreUnavailable, Overtaken, or any other error; then nothing is stored.
        """
        if turn.metadata.get("waiting"):
            return await self._while_waiting(turn)
        async with self.lock_store.lock(turn.conversation_id):
            before = await self.tracker_store.fetch(turn.conversation_id)
            if before.last_message_id == turn.message_id and (known := before.last_answer) is not None:
                return known
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

    async def forget(self, conversation_id: str, message_ids: Collection[str]) -> bool:
        """Take the words of deleted messages out of the dialogue. Raises StoreUnavailable or Overtaken."""
        async with self.lock_store.lock(conversation_id):
            return await self.tracker_store.forget(conversation_id, message_ids)

    async def _while_waiting(self, turn: TurnRequest) -> dict[str, Any]:
        """Nothing is stored: the same message may be processed again once the contact has left the queue."""
        nobody = self.tracker_store.init_tracker(turn.conversation_id)
        considered = in_moment(turn, nobody)
        knows, now = self.interpreter.follow_ups.knows, moment(turn.metadata)
        last = LastTopic.quoted(turn.metadata, knows, now) or LastTopic.answered(turn.metadata, knows, now)
        parses = (
            [self.interpreter.read_payload(considered, turn.language, self.domain.intents)]
            if turn.intent
            else self.interpreter.read_text(considered, turn.language, nobody, last)
        )
        spoken = turn.language or parses[0].get(LANGUAGE)
        asked = None if turn.intent else self.interpreter.follow_ups.bare_part(turn.text, spoken)
        replies, wish = while_waiting(parses, self.interpreter.parts.topics, asked)
        replies = [one for reply in replies for one in await self._looked_up(reply, turn, parses, spoken)]
        if last and wish == "stay" and not replies and not turn.intent and len(parses) == 1:
            replies = await self._added_to(last, turn, parses[0], spoken)
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
            "parse": self._understood(considered, parses, ()),
            "language": wished or turn.language or parses[0].get(LANGUAGE) or self.first_language,
            "directives": directives,
            "form": None,
        }

    def _understood(
        self, turn: TurnRequest, parses: list[dict[str, Any]], ran: Sequence[str]
    ) -> dict[str, Any]:
        """What the desk keeps of a turn: the model, what it understood and why, and the actions that followed."""
        read = [kept_of(parse, tapped=bool(turn.intent)) for parse in parses]
        moments = turn.metadata.get(MOMENTS)
        return {
            **read[0], "parts": read[1:], "model": self.named, "ran": list(ran), "moments": moments,
        }  # fmt: skip

    async def _looked_up(
        self, reply: dict[str, Any], turn: TurnRequest, parses: list[dict[str, Any]], spoken: str | None
    ) -> list[dict[str, Any]]:
        """An answer in the queue with what is looked up for it, where the message says enough; nothing is asked, because
        nothing of the dialogue is stored."""
        parse = next(
            (one for one in parses if (one.get("intent") or {}).get("name") == reply["answer"]), None
        )
        if parse is None or not self.looks_up(str(reply["answer"])):
            return [reply]
        tracker, output = self.tracker_store.init_tracker(turn.conversation_id), Collector()
        metadata = {**turn.metadata, LANGUAGE: spoken}
        message = UserMessage(
            parse["text"], output, turn.conversation_id, parse_data=parse, metadata=metadata
        )
        await self._handle_message_with_tracker(message, tracker)
        if spoken:
            tracker.update(SlotSet(LANGUAGE, spoken), self.domain)
        action = self._get_action(LOOK_UP)
        try:
            events = await action.run(output, self.nlg, tracker, self.domain) if action else []
        except ActionFailed:
            return [reply]
        await self._send_bot_messages(events, tracker, output)
        found = [one for one in output.replies if not str(one["response"]).endswith("_ask")]
        return found or [reply]

    async def _added_to(
        self, last: LastTopic, turn: TurnRequest, parse: dict[str, Any], spoken: str | None
    ) -> list[dict[str, Any]]:
        """What a short question in the queue adds to the last answer: "and on Elm Street?", "and on Sunday?". Of a tracker
        that is not kept; a question of ours would need one."""
        if (parse.get("intent") or {}).get("name") not in ADDING:
            return []
        tracker, output = self.tracker_store.init_tracker(turn.conversation_id), Collector()
        said = {"reply": {"response": f"utter_{last.topics[0]}"}}
        await self._update_tracker_session(tracker, output)
        tracker.update(BotUttered(data={"custom": said}), self.domain)
        tracker.update(SlotSet(LAST_TOPIC, last.write()), self.domain)
        try:
            await self._process(turn, parse, spoken, tracker, output)
        except ActionFailed:
            return []
        told = [
            one
            for one in output.replies
            if one["answer"]
            or (str(one["response"]).startswith(LOOKED_UP) and not str(one["response"]).endswith("_ask"))
        ]
        return told if len(told) == len(output.replies) else []

    async def _answer(self, turn: TurnRequest, tracker: DialogueStateTracker) -> dict[str, Any]:
        output = Collector()
        known = turn.language or slot_value(tracker, LANGUAGE)
        await self._update_tracker_session(tracker, output)
        now = moment(turn.metadata)
        came_back = self._came_back(turn, tracker, known)
        if came_back is not None:
            tracker = await self._process(turn, came_back, known, tracker, output)
        last = LastTopic.quoted(turn.metadata, self.interpreter.follow_ups.knows, now)
        last = last or LastTopic.read(slot_value(tracker, LAST_TOPIC), now)
        considered = in_moment(turn, tracker)
        parses = (
            [
                self.interpreter.read_payload(
                    considered, known, self.domain.intents, None if tracker.active_loop_name else last
                )
            ]
            if turn.intent
            else self.interpreter.read_text(considered, known, tracker, last)
        )
        wished = next((parse["wished"] for parse in parses if parse.get("wished")), None)
        for place, parse in enumerate(parses):
            # If another language is asked for, the whole answer is in it.
            parse[LANGUAGE] = wished or parse.get(LANGUAGE)
            if place or came_back is not None:
                output.withdraw_question()  # the form asks again after the next part: one question a turn
            left = parse.get("left")
            if left and "matters" in parse:
                output.leave_open(left)  # before the form's question
            tracker = await self._process(turn, parse, known, tracker, output)
            if left and "matters" not in parse:
                output.leave_open(left)
            known = slot_value(tracker, LANGUAGE) or parse.get(LANGUAGE) or known
        plain = not any(is_personal(parse) or parse.get("details") for parse in parses)
        asked = self.interpreter.follow_ups.asked_in(turn, known, keep=plain)
        remember(tracker, self.domain, after_turn(last, output.replies, parses, asked, now))
        if not output.speaks:
            raise NothingSaid(f"after {tracker.latest_action_name}")
        return {
            "message_id": turn.message_id,
            "replies": output.replies,
            "parse": self._understood(considered, parses, output.ran),
            "language": known or self.first_language,
            "directives": output.directives,
            "form": tracker.active_loop_name,
        }

    def _came_back(
        self, turn: TurnRequest, tracker: DialogueStateTracker, known: str | None
    ) -> dict[str, Any] | None:
        """The parse of coming back, for the first message after a person had the conversation: a report that was being
        written goes on where it was, without asking for it. A request for a person gets one again."""
        handed_over = tracker.active_loop_name is None and last_action(tracker) in HANDED
        if not (handed_over and slot_value(tracker, "report_queue")) or turn.intent in _ABOUT_QUEUE:
            return None
        if not turn.intent and self.interpreter.read(turn.text, {**turn.metadata, LANGUAGE: known}).get(
            "alarm"
        ):
            return None
        back = replace(turn, text="", intent="back_to_bot", entities={})
        return self.interpreter.read_payload(back, known, self.domain.intents)

    async def _process(
        self,
        turn: TurnRequest,
        parse: dict[str, Any],
        known: str | None,
        tracker: DialogueStateTracker,
        output: Collector,
    ) -> DialogueStateTracker:
        """Run one message, or one question of it, through the dialogue. Matching news comes first."""
        parse, news = self.news.about(
            parse,
            self.day(turn.metadata),
            lambda: not {FORM, FILED} & set(moments_of(tracker, turn.metadata)),
        )
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
        if details := parse.get("details"):
            told = {**(slot_value(tracker, TOLD) or {}), **details}
            if (parse.get("intent") or {}).get(
                "name"
            ) != "report_problem" and tracker.active_loop_name is None:
                told.pop(NO_PHOTO, None)  # of this report and no later one
            tracker.update(SlotSet(TOLD, told), self.domain)
        spoken = parse.get(LANGUAGE) or known or self.first_language
        if LANGUAGE in tracker.slots and spoken != slot_value(tracker, LANGUAGE):
            tracker.update(SlotSet(LANGUAGE, spoken), self.domain)
        for item in news:
            said = {"reply": {"response": f"news_{item}"}}
            await output.send_response(turn.conversation_id, {"custom": said})
            tracker.update(BotUttered(data={"custom": said}), self.domain)
        tracker = await self.run_action_extract_slots(output, tracker)
        await self._run_prediction_loop(output, tracker)
        return tracker

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """As Rasa's, but errors are raised."""
        trial = tracker
        if prediction.events and type(action) not in NEVER_REFUSE:  # kept only if the action does not refuse
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
        if isinstance(output_channel, Collector) and action.name() not in OF_RASA:
            output_channel.ran.append(action.name())
        self._log_action_on_tracker(tracker, action, events, prediction)
        await self._send_bot_messages(events, tracker, output_channel)
        return bool(self.should_predict_another_action(action.name()))

    def _general_answer(self, failed: str, tracker: DialogueStateTracker) -> Action | None:
        """The answer without the actions: a topic has an answer even if nothing can be looked up."""
        intent = (tracker.latest_message.intent if tracker.latest_message else None) or {}
        name = f"utter_{intent.get('name')}"
        return self._get_action(name) if failed == LOOK_UP and name in self.domain.responses else None
