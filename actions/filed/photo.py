"""action_photo: a photo outside a form. Right after a report it belongs to that report, otherwise it starts a new one."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.filed.reports import fresh_report
from actions.filed.wish import LONGEST_TEXT, Wish, directive, media_of
from actions.say import Button, Event, Reply, direct, say
from actions.turn import read_turn


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
