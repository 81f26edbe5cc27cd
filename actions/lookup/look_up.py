"""action_look_up: the answer of a topic with lookups, preceded by the values for this citizen.
Days come from the hours of the place and the holidays, streets from a table or a service. The citizen is
asked for the street if none was named; one that was named before is used or offered.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.lookup.asked_days import Asked, adds, asked, day_after, moment_of
from actions.lookup.collection import in_week, next_collection, weekday_of
from actions.lookup.lookups import Keyed
from actions.lookup.say_days import date_said, day_said, weekday_said
from actions.lookup.source import LookupFailed, Place
from actions.lookup.streets import place_in, places_before, unknown_street
from actions.say import Button, Event, Reply, say, slot
from actions.turn import DialogueTurn, last_turn, read_turn, replies_of

PLACE, WAITS, DAY = "lookup_place", "lookup_waits", "lookup_day"
_SHORT = 6  # words of a question that goes on
GIVE_PLACE, ASK_DAY = "give_place", "ask_day"
OFFICE = "office_hours"
"""The topic if a day is asked about without context."""
MOST_OFFERS = 2
MOST_TRIES = 2  # unknown streets in a row; then the general answer is given

log = structlog.get_logger("lookups")


class LookUp:
    """One action for all topics with lookups, for a street that was asked for, and for "and on Monday?"."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lookups = context.lookups

    def name(self) -> str:
        return "action_look_up"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        if turn.intent == GIVE_PLACE:
            replies, events = await self._given(turn)
        else:
            topic = turn.topic if turn.topic in self._lookups else self._topic_before(tracker.events)
            replies, events = await self.answer(str(topic), turn, tracker.events)
        say(dispatcher, *replies)
        return [*events, slot("unsure_count", None)]

    def offer(self, topic: str, turn: DialogueTurn) -> tuple[Reply, list[Event]]:
        """The general answer with, if a street would help, a button that asks for it."""
        keyed = self._lookups.keyed(topic)
        if len(keyed) != 1 or turn.form:
            return Reply(answer=topic), []
        return Reply(keyed[0].lookup.response("ask"), topic), [_waits(keyed[0], topic, None)]

    def needs_street(self, topic: str) -> bool:
        """Whether something of this topic is looked up by street."""
        return bool(self._lookups.keyed(topic))

    def filled(self, topic: str) -> tuple[str, ...]:
        """The parts of this topic's answer that are looked up by street."""
        return tuple(part for keyed in self._lookups.keyed(topic) for part in keyed.lookup.parts)

    async def looked_up(
        self,
        topic: str,
        turn: DialogueTurn,
        events: Sequence[Mapping[str, Any]],
        parts: Sequence[str] = (),
    ) -> tuple[list[Reply], list[Event]] | None:
        """The same for a follow-up of this topic that asks for these parts; None if there is nothing to look up."""
        if topic not in self._lookups:
            return None
        replies, slots = await self.answer(topic, turn, events, parts)
        if replies == [Reply(answer=topic)]:
            return None
        filled = self.filled(topic)
        others = [Reply(answer=topic, part=part) for part in parts if filled and part not in filled]
        return [*replies, *others], slots

    async def answer(
        self,
        topic: str,
        turn: DialogueTurn,
        events: Sequence[Mapping[str, Any]],
        parts: Sequence[str] = (),
    ) -> tuple[list[Reply], list[Event]]:
        """What to say to a question of this topic, or of these parts of it, and the slots to set."""
        now = self._now(turn)
        if carried := self._carried(topic, turn, events):
            return carried
        text = "" if turn.intent == ASK_DAY else turn.text
        for opening in self._lookups.openings(topic, text):
            if times := asked(turn, opening.calendar, now):
                return _with_more(opening.replies(times, now, turn.language), topic), _keeps(times)
        for keyed in self._lookups.keyed(topic):
            place = place_in(turn)
            part = next((one for one in parts if one in keyed.lookup.parts), None)
            wanted = turn.intent == ASK_DAY or self._lookups.wanted(keyed, turn.text)
            if place is None and not (wanted or part or turn.entity("unknown_street")):
                continue
            times = asked(turn, keyed.calendar, now)
            named = str(turn.entity("unknown_street") or "") or unknown_street(turn.text, asked=False)
            if place is None and (name := named):
                return [self._unknown(keyed, topic, name, part)], [_waits(keyed, topic, times)]
            place = place or _place(turn.slots.get(PLACE))
            if place is None:
                return self._ask(keyed, topic, turn, times, events, part)
            replies, slots = await self._found(keyed, topic, place, turn, times, part)
            # "At what time?" may mean the day or what is written: both are said.
            told = part is None or wanted or any(reply.answer for reply in replies)
            return (replies if told else [*replies, Reply(answer=topic, part=part)]), slots
        return [Reply(answer=topic)], []

    def _carried(
        self, topic: str, turn: DialogueTurn, events: Sequence[Mapping[str, Any]]
    ) -> tuple[list[Reply], list[Event]] | None:
        """ "And the day after?", "and the library?", after a question about the hours of a day."""
        kept = str(turn.slots.get(DAY) or "")
        openings = self._lookups.openings(topic, "")
        about_day = any(name.startswith("lookup_") for name in replies_of(last_turn(events)))
        if not (kept and about_day and openings) or len(turn.text.split()) > _SHORT:
            return None
        now = self._now(turn)
        if asked(turn, openings[0].calendar, now):
            return None
        after = 1 if day_after(turn.text) else 0 if adds(turn.text) else None
        if after is None:
            return None
        times = Asked.on([date.fromisoformat(kept) + timedelta(days=after)])
        return _with_more(openings[0].replies(times, now, turn.language), topic), _keeps(times)

    async def _given(self, turn: DialogueTurn) -> tuple[list[Reply], list[Event]]:
        """The citizen names a street, or presses its button."""
        waits = turn.slots.get(WAITS) or {}
        keyed = self._lookups.named(turn.entity("lookup") or waits.get("lookup"))
        if keyed is None:
            return [Reply("utter_unsure")], [slot(WAITS, None)]
        topic = str(waits.get("topic") or keyed.lookup.answers[0])
        days = [date.fromisoformat(day) for day in waits.get("days") or ()]
        times = asked(turn, keyed.calendar, self._now(turn)) or Asked.on(days)
        if place := place_in(turn):
            return await self._found(keyed, topic, place, turn, times)
        if not turn.typed:
            return [Reply(keyed.lookup.response("ask"))], [_waits(keyed, topic, times)]
        tries = int(waits.get("tries") or 0) + 1
        name = unknown_street(turn.text, asked=True) or turn.text[:60]
        if tries >= MOST_TRIES:
            return [self._unknown(keyed, topic, name)], [slot(WAITS, None)]
        return [self._unknown(keyed, topic, name)], [_waits(keyed, topic, times, tries)]

    async def _found(
        self,
        keyed: Keyed,
        topic: str,
        place: Place,
        turn: DialogueTurn,
        times: Asked,
        part: str | None = None,
    ) -> tuple[list[Reply], list[Event]]:
        events = [slot(PLACE, {"street": place.street, "address": place.address}), slot(WAITS, None)]
        lookup = keyed.lookup
        try:
            values = await keyed.source.find(place)
        except LookupFailed as error:
            log.warning("lookup_failed", lookup=lookup.id, reason=str(error))
            return [Reply(lookup.response("failed"), topic, part=part)], events
        if values is None:
            return [self._unknown(keyed, topic, place.street, part)], [slot(WAITS, None)]
        variables = {**values, "street": place.street}
        name = "found"
        if lookup.collection:
            weekday = weekday_of(values.get(lookup.collection, ""))
            if weekday is None:
                log.warning("lookup_failed", lookup=lookup.id, reason="a value is no weekday")
                return [Reply(lookup.response("failed"), topic, part=part)], events
            name, more = self._collection(keyed, weekday, turn, times)
            variables |= more
        another = Button(
            GIVE_PLACE,
            {"lookup": lookup.id},
            title=self._context.phrases.say("another_street", turn.language),
        )
        buttons = (Button("choose_answer", {"answer": topic}), another)
        return [Reply(lookup.response(name), variables=variables, buttons=buttons)], events

    def _collection(
        self, keyed: Keyed, weekday: int, turn: DialogueTurn, times: Asked
    ) -> tuple[str, dict[str, str]]:
        """The text that fits, and its variables: the weekday and the date, and the holiday that moves it."""
        today = self._now(turn).date()
        found = next_collection(weekday, today, keyed.calendar)
        name, asked_for = "found", ""
        for day in times.days[:1]:
            week = in_week(weekday, day.on - timedelta(days=day.on.weekday()), keyed.calendar)
            if week.on >= today and (week.on > found.on or week.because):
                found, name = week, "usual"
                asked_for = day_said(keyed.calendar.day(day.on), turn.language, holiday=day.holiday)
        said = {"day": weekday_said(weekday, turn.language), "next": date_said(found.on, turn.language)}
        if found.because:
            return "moved", {**said, "holiday": day_said(keyed.calendar.day(found.because), turn.language)}
        return name, {**said, "asked": asked_for} if name == "usual" else said

    def _ask(
        self,
        keyed: Keyed,
        topic: str,
        turn: DialogueTurn,
        times: Asked,
        events: Sequence[Mapping[str, Any]],
        part: str | None,
    ) -> tuple[list[Reply], list[Event]]:
        ask = keyed.lookup.response("ask")
        offers = tuple(
            Button(
                GIVE_PLACE,
                {"lookup": keyed.lookup.id, "street": place.street, "address": place.address},
                title=place.street,
            )
            for place in places_before(events)[:MOST_OFFERS]
        )
        waiting = [_waits(keyed, topic, times)]
        holiday = next((day.on for day in times.days if keyed.calendar.day(day.on).public), None)
        if keyed.lookup.collection and holiday:
            said = {"holiday": day_said(keyed.calendar.day(holiday), turn.language)}
            first = Reply(keyed.lookup.response("holiday"), variables=said)
            if turn.form:
                return [first], []
            return [first, Reply(ask, buttons=offers)], waiting
        if turn.form:  # its own question follows
            return [Reply(answer=topic)], []
        return [Reply(ask, topic, buttons=offers, part=part)], waiting

    def _unknown(self, keyed: Keyed, topic: str, name: str, part: str | None = None) -> Reply:
        if part:
            return Reply(keyed.lookup.response("unknown"), topic, {"street": name}, part=part)
        return Reply(
            keyed.lookup.response("unknown"),
            variables={"street": name},
            buttons=(Button("choose_answer", {"answer": topic}),),
        )

    def _now(self, turn: DialogueTurn) -> datetime:
        return moment_of(turn, self._context.zone, self._context.clock)

    def _topic_before(self, events: Sequence[Mapping[str, Any]]) -> str:
        """The last topic with lookups that was mentioned; the office's hours if there is none."""
        for name in reversed(replies_of(events)):
            topic = name.removeprefix("utter_")
            if topic in self._lookups:
                return topic
            if name.startswith("lookup_") and (found := self._lookups.topic_of(name)):
                return found
        return OFFICE


def _with_more(replies: list[Reply], topic: str) -> list[Reply]:
    *first, last = replies
    more = Button("choose_answer", {"answer": topic})
    return [*first, Reply(last.response, last.answer, last.variables, (more,))]


def _keeps(times: Asked) -> list[Event]:
    """The last day that was asked about: "and the day after?" counts from it."""
    return [slot(DAY, times.days[-1].on.isoformat() if times.days else None)]


def _waits(keyed: Keyed, topic: str, times: Asked | None, tries: int = 0) -> Event:
    days = [day.on.isoformat() for day in times.days] if times else []
    return slot(WAITS, {"lookup": keyed.lookup.id, "topic": topic, "days": days, "tries": tries})


def _place(kept: object) -> Place | None:
    if not isinstance(kept, Mapping) or not kept.get("street"):
        return None
    return Place(str(kept["street"]), str(kept.get("address") or kept["street"]))
