"""What somebody in the queue is told: the place and the wait while the team is available, else when it will be."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.words import duration, moment, span_of_time
from desk.model import Clock, Composed, Conversation
from desk.routing.hours import is_open, next_opening
from desk.routing.team_directory import get_hours
from desk.routing.wait_estimate import Range
from desk.routing.waits import Waits
from desk.store.dialogue import standing
from desk.store.pool import Executor

Kind = Literal["handoff", "reminder"]
"""`handoff`: the first time, or on asking; `reminder`: after an acknowledgement."""

_NAMES = {
    "handoff": ("handoff_queued", "handoff_closed", "handoff_closed_long"),
    "reminder": ("waiting_place", "waiting_opens", "waiting_closed"),
}
_KEEP = {"web": "keep_page", "sms": "keep_sms", "email": "keep_mail"}
"""Channel -> what somebody may do while they wait; every other channel is a messenger."""


@dataclass(frozen=True, slots=True)
class Places:
    """Built once. Everything is read in the caller's transaction."""

    city: City
    catalog: Catalog
    clock: Clock

    async def said(self, transaction: Executor, conversation: Conversation, kind: Kind) -> Composed:
        """The text for this conversation, in its language, with the buttons of somebody who waits."""
        return (await self.stated(transaction, conversation, kind))[0]

    async def stated(
        self, transaction: Executor, conversation: Conversation, kind: Kind
    ) -> tuple[Composed, str | None]:
        """The same, and the next opening as it is kept with the message: "" if it is not known, None while it is open."""
        now, language = self.clock(), self.catalog.supported(conversation.language)
        hours = await get_hours(transaction, self.city, conversation.team)
        queued, closed, long = _NAMES[kind]
        if is_open(self.city, now, hours):
            place = await standing.get_place(transaction, conversation.id) or 1
            wait = await Waits(self.city).state(transaction, conversation, place, now)
            said = {
                "position": place,
                "wait": self.wait_said(wait, language),
                "keep": self._keep(conversation, language),
            }
            return self.catalog.system(queued, language, said), None
        opens = next_opening(self.city, now, hours)
        composed = self.catalog.system(closed if opens else long, language, {"opens": opens})
        own = _own_text({**self.city.closed_texts, **(hours.texts if hours else {})}, opens, language)
        told = replace(composed, text=own) if own else composed
        return told, opens.astimezone(UTC).isoformat() if opens else ""

    def _keep(self, conversation: Conversation, language: str) -> str:
        channel = next((one.channel for one in self.city.inboxes if one.name == conversation.inbox), None)
        return self.catalog.system(_KEEP.get(channel or "", "keep_messenger"), language).text

    def wait_said(self, wait: Range | None, language: str) -> str:
        """The sentence about the wait, with a space before it; "" without one."""
        if wait is None:
            return ""
        if wait.low == 0:
            name, variables = "wait_up_to", {"high": duration(wait.high, language)}
        else:
            low, high = span_of_time(wait.low, wait.high, language)
            name, variables = "wait_range", {"low": low, "high": high}
        return f" {self.catalog.system(name, language, dict(variables)).text}"


def _own_text(texts: Mapping[str, str], opens: datetime | None, language: str) -> str | None:
    text = texts.get(language)
    if text is None or ("{opens}" in text and opens is None):
        return None
    return text.replace("{opens}", moment(opens, language) if opens else "")
