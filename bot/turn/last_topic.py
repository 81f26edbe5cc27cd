"""The last topic of the conversation, kept in the tracker's slot `last_topic` between turns. It expires after
an hour, and when a report or its status comes in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

SLOT = "last_topic"
LOOKED_UP = "lookup_"  # how the replies of action_look_up begin
WITHOUT_TOPIC = frozenset({"give_place", "ask_day", "choose_answer", "nlu_fallback", "follow_up"})
LIFE = timedelta(hours=1)
OTHER_MATTERS = frozenset({"report_problem", "ask_status", "share_photo", "share_location"})


@dataclass(frozen=True)
class LastTopic:
    """`topics`: the answers that were given in one turn, in order. `part`: what was asked of them last."""

    topics: tuple[str, ...]
    part: str | None
    at: datetime

    @classmethod
    def read(cls, value: object, now: datetime) -> LastTopic | None:
        """From the slot; None if there is none or it has expired."""
        if not isinstance(value, Mapping):
            return None
        at = datetime.fromisoformat(str(value["at"]))
        if not timedelta(0) <= now - at <= LIFE:
            return None
        return cls(tuple(value["topics"]), value.get("part"), at)

    @classmethod
    def quoted(
        cls, metadata: Mapping[str, Any], knows: Callable[[str], bool], now: datetime
    ) -> LastTopic | None:
        """The topic of the earlier message that this one answers, as the worker sends it; None if it
        has none that `knows`."""
        quoted = metadata.get("quoted")
        intent = quoted.get("intent") if isinstance(quoted, Mapping) else None
        return cls((intent,), None, now) if isinstance(intent, str) and knows(intent) else None

    @classmethod
    def answered(
        cls, metadata: Mapping[str, Any], knows: Callable[[str], bool], now: datetime
    ) -> LastTopic | None:
        """The topic of the newest answers before a turn in the queue, as the worker sends them; None if it has none."""
        given = metadata.get("answered")
        intents = given if isinstance(given, (list, tuple)) else ()
        topic = next((one for one in intents if isinstance(one, str) and knows(one)), None)
        return cls((topic,), None, now) if topic else None

    def write(self) -> dict[str, Any]:
        """The value for the slot."""
        return {"topics": list(self.topics), "part": self.part, "at": self.at.isoformat()}


def after_turn(
    before: LastTopic | None,
    replies: Sequence[Mapping[str, Any]],
    parses: Iterable[Mapping[str, Any]],
    asked: str | None,
    now: datetime,
) -> LastTopic | None:
    """The topic to remember after a turn. `asked`: the one part that the citizen asked for."""
    parses = list(parses)
    answered = tuple(dict.fromkeys(str(reply["answer"]) for reply in replies if reply.get("answer")))
    if not answered and any(str(reply.get("response")).startswith(LOOKED_UP) for reply in replies):
        intents_read = (str((parse.get("intent") or {}).get("name")) for parse in parses)
        answered = tuple(name for name in dict.fromkeys(intents_read) if name not in WITHOUT_TOPIC)
    if answered:
        same = before is not None and before.topics == answered
        return LastTopic(answered, asked or (before.part if same and before else None), now)
    intents = {(parse.get("intent") or {}).get("name") for parse in parses}
    return None if OTHER_MATTERS & intents else before


def remember(tracker: DialogueStateTracker, domain: Domain, last: LastTopic | None) -> None:
    """Put it into the tracker's slot."""
    value = last.write() if last else None
    if SLOT in tracker.slots and tracker.slots[SLOT].value != value:
        tracker.update(SlotSet(SLOT, value), domain)


def moment(metadata: Mapping[str, Any]) -> datetime:
    """When the citizen's message arrived, according to the worker; now if it does not say."""
    try:
        at = datetime.fromisoformat(str(metadata["now"]).replace("Z", "+00:00"))
    except (KeyError, ValueError):
        return datetime.now(timezone.utc)
    return at if at.tzinfo else at.replace(tzinfo=timezone.utc)
