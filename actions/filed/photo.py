"""action_photo: a photo outside a form. Right after a report it belongs to that report, otherwise it starts a new one."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.filed.reports import fresh_report, own_reports
from actions.filed.wish import LONGEST_TEXT, Wish, directive, media_of
from actions.report.draft import SERVICE, Draft, write_draft
from actions.report.resume import FORM
from actions.say import Button, Event, Reply, direct, say, slot
from actions.turn import DialogueTurn, last_turn, read_turn
from actions.words import says_other_photo


class Photo:
    """action_photo"""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_photo"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        report, media = fresh_report(turn), tuple(media_of(turn))
        if report is None or not media or turn.entity("new"):
            return [FollowupAction("report_form")]
        caption = str(turn.entity("caption") or turn.text)[:LONGEST_TEXT]
        wish = Wish("add", report=report.id, text=caption, media=media)
        direct(dispatcher, directive(wish, report, self._context.phrases, self._context.languages[0]))
        again = Button("share_photo", {"media": list(media), "new": True}, key="new")
        say(
            dispatcher,
            Reply(
                "utter_filed_photo_adding",
                variables={"report": report.named(self._context.services, turn.language)},
                buttons=(again,),
            ),
        )
        return []


class Deny:
    """action_deny: a no outside a form. "No, it's another one" takes a photo from the report that it was added to."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def name(self) -> str:
        return "action_deny"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = read_turn(tracker, self._context.languages)
        moved = of_another(dispatcher, tracker, turn, self._context)
        if moved is not None:
            return moved
        say(dispatcher, Reply("utter_no_to_nothing"))
        return []


def of_another(
    dispatcher: CollectingDispatcher, tracker: Tracker, turn: DialogueTurn, context: Context
) -> list[Event] | None:
    """A new report with the photo that was just added to a filed one, if the message says that it shows something else."""
    media = _just_added(tracker)
    if not media or not turn.typed or turn.asks or not says_other_photo(turn.text, turn.language):
        return None
    report = next(iter(own_reports(turn)), None) if (sent := fresh_report(turn)) is None else sent
    if report is not None:
        told = context.phrases.say("filed_other_photo", context.languages[0], text=turn.text)
        change = {"type": "change_request", "request": report.id, "kind": "complement"}
        direct(dispatcher, {**change, "text": told, "media": [], "fixes": {}})
    say(dispatcher, Reply("utter_filed_photo_new"))
    draft = Draft(media=tuple(media), photo="done")
    loop = {"event": "active_loop", "timestamp": None, "name": FORM}
    return [*write_draft(draft), loop, slot("requested_slot", SERVICE)]


def _just_added(tracker: Tracker) -> list[str]:
    """The photos of the message before this one, if they were added to a report that was sent."""
    for event in last_turn(tracker.events):
        reply: Mapping[str, Any] = ((event.get("data") or {}).get("custom") or {}).get("reply") or {}
        if reply.get("response") == "utter_filed_photo_adding":
            for button in reply.get("buttons") or ():
                return [str(one) for one in (button.get("entities") or {}).get("media") or ()]
    return []
