"""action_follow_up: the part of the last answer that a short question asks for, or the question which answer is meant.

bot/turn/follow_up.py finds what is asked for and puts it into the entities `answer` and `part`.
"""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.lookup.look_up import WAITS, LookUp
from actions.lookup.streets import unknown_street
from actions.say import Button, Event, Reply, say, slot
from actions.turn import DialogueTurn, read_turn
from actions.words import told_words

ABOUT_ONE, ABOUT_ONE_OF = "utter_about_topic", "utter_about_which_topic"
ABOUT_WHAT = "utter_about_what_topic"
DOUBT, OF_NOTHING = "close", "unsure"
MOST_OFFERS = 3
MOST_PARTS = 3
BESIDE_STREET = 1  # content words beside a street: "calle Elm" is Elm Street


class FollowUp:
    """Several parts are several replies. If the answer lacks a part, the desk says so."""

    def __init__(self, context: Context, look_up: LookUp) -> None:
        self._context = context
        self._look_up = look_up

    def name(self) -> str:
        return "action_follow_up"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        answers = [one for one in map(str, turn.entities.get("answer", ())) if one in self._context.answers]
        parts = parts_of(turn)
        if turn.reason == DOUBT and not parts and _unknown(turn) and self._only_street(answers, turn):
            parts = self._look_up.filled(answers[0])[:1]
        if turn.reason == OF_NOTHING:
            known = [one for one in turn.candidates if one in self._context.answers]
            say(dispatcher, Reply(ABOUT_WHAT, buttons=tuple(about(one, parts) for one in known)))
            return []
        if not answers:
            say(dispatcher, Reply("utter_unsure"))
        elif turn.reason == DOUBT and not self._only_street(answers, turn):
            say(dispatcher, self._asking(answers, parts))
        elif found := await self._look_up.looked_up(answers[0], turn, tracker.events, parts):
            say(dispatcher, *found[0])
            return [*found[1], slot("unsure_count", None)]
        else:
            say(dispatcher, *part_replies(answers[0], parts, self._near(turn)))
        return [*_waits_no_more(turn, answers), slot("unsure_count", None)]

    def _only_street(self, answers: list[str], turn: DialogueTurn) -> bool:
        """ "And on Elm Street?": a street and nothing else, after an answer that is looked up by street."""
        if len(answers) != 1 or not self._look_up.needs_street(answers[0]):
            return False
        # A street that is not in the gazetteer is only said to be unknown where a written part can be given, too.
        unknown = _unknown(turn) if self._look_up.filled(answers[0]) else None
        street = turn.entity("address") or turn.entity("street") or unknown
        return bool(street) and told_words(turn.text) <= told_words(str(street)) + BESIDE_STREET

    def _asking(self, answers: list[str], parts: tuple[str, ...]) -> Reply:
        buttons = tuple(about(answer, parts) for answer in answers[:MOST_OFFERS])
        if len(answers) == 1:
            return Reply(ABOUT_ONE, variables={"topic": answers[0]}, buttons=buttons)
        return Reply(ABOUT_ONE_OF, buttons=buttons)

    def _near(self, turn: DialogueTurn) -> tuple[Button, ...]:
        """Other answers that the words may be about; the desk offers them where the part is missing."""
        known = (one for one in turn.candidates if one in self._context.answers)
        return tuple(Button("choose_answer", {"answer": one}) for one in known)


def _unknown(turn: DialogueTurn) -> str | None:
    return None if turn.entity("street") else unknown_street(turn.text, asked=False)


def _waits_no_more(turn: DialogueTurn, answers: list[str]) -> list[Event]:
    """No street is awaited any more once another answer is followed up."""
    waits = turn.slots.get(WAITS) or {}
    return [slot(WAITS, None)] if waits and waits.get("topic") not in answers else []


def parts_of(turn: DialogueTurn) -> tuple[str, ...]:
    """The parts that are asked for. A button holds them as a list."""
    given = turn.entities.get("part", ())
    listed = (one for value in given for one in (value if isinstance(value, list | tuple) else [value]))
    return tuple(str(one) for one in listed)[:MOST_PARTS]


def part_replies(answer: str, parts: tuple[str, ...], near: tuple[Button, ...] = ()) -> list[Reply]:
    """One reply for each part; the whole answer where no part is asked for."""
    return [Reply(answer=answer, part=part, buttons=near) for part in parts] or [Reply(answer=answer)]


def about(answer: str, parts: tuple[str, ...]) -> Button:
    """A button with the answer's title that leads to these parts of it."""
    return Button("follow_up", {"answer": answer, "part": list(parts)} if parts else {"answer": answer})
