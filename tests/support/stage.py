"""Runs single actions with a back end whose behaviour a test sets."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Context
from actions.registry import build_actions
from backends.base import BackendUnavailable, RequestStatus, Service, UnknownReference
from backends.open311.client import Open311

OWN = "SR-7K2P-Q9XM"
THRESHOLDS = {"floor": 0.08, "lenient": 0.35, "sure": 0.6, "strict": 0.85, "scope": 4.0}


class FakeBackend:
    """Holds one open and one closed request; `trouble` is raised or awaited before any answer."""

    capabilities = Open311.capabilities

    def __init__(self) -> None:
        self.trouble: Callable[[], Awaitable[None]] | None = None
        self.asked: list[str] = []
        self.offered: list[Service] = []
        self.word: str | None = None  # a status word that nobody knows

    async def services(self) -> list[Service]:
        await self._suffer()
        return self.offered

    async def status(self, reference: str) -> RequestStatus:
        self.asked.append(reference)
        await self._suffer()
        if reference not in (OWN, "SR-4T8N-B3WD"):
            raise UnknownReference("no such request")
        return RequestStatus(
            reference=reference,
            status="open" if reference == OWN else "closed",
            raw_status=self.word or "OPEN",
            understood=self.word is None,
            notes="A {crew} is planned.",
            service_code="pothole",
            requested_at=datetime(2026, 11, 2, 3, 0, tzinfo=UTC),
            expected_at=datetime(2026, 11, 12, 15, 0, tzinfo=UTC),
            address="12 Elm Street",
        )

    async def _suffer(self) -> None:
        if self.trouble:
            await self.trouble()


async def down() -> None:
    raise BackendUnavailable("connection refused")


class Stage:
    """Runs one action as rasa-sdk would, and remembers slots and events from turn to turn."""

    def __init__(self, context: Context, backend: FakeBackend) -> None:
        self.context = context
        self.backend = backend
        self.slots: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.metadata: dict[str, Any] = {}
        self.loop: dict[str, Any] = {}
        self.followup: str | None = None
        self.extra: dict[str, Any] = {}  # what else is in the parse: matters, own, details_only
        self.returning = False  # True: the same message again, after somebody else dealt with it
        self._actions = {action.name(): action for action in build_actions(context)}

    async def run(
        self,
        name: str,
        text: str = "",
        intent: str = "nlu_fallback",
        confidence: float = 0.9,
        **entities: Any,
    ) -> list[dict[str, Any]]:
        """What the action said, in order: the custom messages of the contract."""
        parse = {
            "intent": {"name": intent, "confidence": confidence},
            "entities": [{"entity": key, "value": value} for key, value in entities.items()],
            "text": text,
            "metadata": self.metadata,
            "candidates": self.metadata.get("candidates", []),
            "reason": self.metadata.get("reason"),
            "foreign": self.metadata.get("foreign"),
            "urgency": self.metadata.get("urgency"),
            "question": text.endswith("?"),
            "thresholds": THRESHOLDS,
            "intent_ranking": [
                {"name": name, "confidence": p} for name, p in self.metadata.get("ranking", [])
            ],
            **self.extra,
        }
        if not self.returning:
            self.events.append({"event": "user", "text": text, "parse_data": parse})
        tracker = Tracker(
            "one", dict(self.slots), parse, list(self.events), False, None, dict(self.loop), None
        )
        dispatcher = CollectingDispatcher()
        events = await self._actions[name].run(dispatcher, tracker, {})
        self.events.append({"event": "action", "name": name})
        for message in dispatcher.messages:
            self.events.append({"event": "bot", "data": {"custom": message["custom"]}})
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            if event["event"] == "followup":
                self.followup = event["name"]
            if event["event"] == "active_loop":
                self.loop = {"name": event["name"]} if event["name"] else {}
        return [message["custom"] for message in dispatcher.messages]


def responses(said: list[dict[str, Any]]) -> list[str]:
    """The names of the responses and answers."""
    replies = [one["reply"] for one in said if "reply" in one]
    return [reply["answer"] or reply["response"] for reply in replies]


def directives(said: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """The directives."""
    return [one["directive"] for one in said if "directive" in one]
