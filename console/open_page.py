"""One open page of the console: what it shows, what has not been sent to it yet, and which changes concern it."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from uuid import UUID

from desk.model import Scope
from desk.people.permissions import Permission, may
from desk.people.sessions import Session
from desk.store.dialogue import for_all
from desk.store.dialogue.desk_rows import DeskCounts
from desk.store.dialogue.for_all import Mark

_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Shown:
    """What one page shows beside its conversation."""

    counts: DeskCounts
    calls: int
    presence: tuple[str, str]


@dataclass(eq=False)
class OpenPage:
    """One page's stream. What the page was not sent yet is kept once, however slow it is: the conversations as a set,
    everything else as it is now. `calm`: something is owed that can wait a moment; `told_at`: when such was told last."""

    token_hash: bytes
    session: Session | None
    alarmed: bool = False
    first: bool = True
    signed_at: datetime | None = None
    told: Shown | None = None
    shown: Shown | None = None
    conversations: set[UUID] = field(default_factory=set)
    calm: bool = False
    told_at: float = 0.0
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def reads(self) -> bool:
        """Whether its person may read conversations. Everybody else is told of alarms, and when the session ends."""
        return self.session is not None and may(self.session.actor, Permission.READ_CONVERSATIONS)

    def presses(self, own: Iterable[UUID]) -> bool:
        """Whether what is owed cannot wait: something of the agent's own, or something new that is urgent. How many wait
        can, and so can that a colleague took what was urgent."""
        if any(True for _ in own):
            return True
        if self.shown is None or self.told is None:
            return self.shown is not self.told
        now, told = self.shown.counts, self.told.counts
        if now.urgent > told.urgent or now.paged > told.paged:
            return True
        counts = replace(now, waiting=told.waiting, urgent=told.urgent, paged=told.paged)
        return replace(self.shown, counts=counts) != self.told

    def take(self) -> bytes:
        """The events that the page was not sent yet; nothing if there are none."""
        self.woken.clear()
        if self.session is None:
            return event("signed-out", {})
        data = b""
        if self.shown is not None and (self.first or self.conversations or self.shown != self.told):
            data = event("changed", self._change(self.session, self.shown))
            self.first, self.told = False, self.shown
            self.conversations.clear()
        if self.alarmed:
            data, self.alarmed = data + event("alarm", {}), False
        return data

    def _change(self, session: Session, shown: Shown) -> dict[str, object]:
        leads = may(session.actor, Permission.ASSIGN_CONVERSATIONS)
        return {
            "conversations": [str(id) for id in self.conversations],
            "waiting": shown.counts.waiting,
            "mine": shown.counts.mine,
            "unanswered": shown.counts.acts,
            "urgent": shown.counts.urgent,
            "calls": shown.calls,
            "paged": shown.counts.paged if leads else 0,
            "presence": {"state": shown.presence[0], "shown": shown.presence[1]},
            "first": self.first,
        }


class Concerns:
    """Whom the changes of one read concern: those who may see the conversation, or could until now. A page that shows
    one that moved away must be told, and knows the id already."""

    def __init__(self, changed: list[tuple[Mark | None, Mark | None]]) -> None:
        self._changed = [(now or before, [one for one in (before, now) if one]) for before, now in changed]
        self._of_agents: dict[UUID, list[UUID]] = {}
        for _, marks in self._changed:
            for mark in marks:
                if mark.agent_id:
                    self._of_agents.setdefault(mark.agent_id, []).append(mark.id)
        self._of_teams: dict[object, list[UUID]] = {}

    @property
    def agents(self) -> set[UUID]:
        """Those who have one of the conversations, or had it."""
        return set(self._of_agents)

    def own_of(self, agent_id: UUID) -> Iterable[UUID]:
        """The ids that this agent has or had."""
        return self._of_agents.get(agent_id, ())

    def of(self, scope: Scope) -> Iterable[UUID]:
        """The ids for one agent. Those of the teams are found once for all who have the same."""
        key = scope.everything or frozenset(scope.teams)
        if key not in self._of_teams:
            nobody = replace(scope, agent_id=_NOBODY)
            self._of_teams[key] = [
                one.id
                for one, marks in self._changed
                if one and any(for_all.is_seen(mark, nobody) for mark in marks)
            ]
        return chain(self._of_teams[key], self.own_of(scope.agent_id))


def event(kind: str, data: dict[str, object]) -> bytes:
    """As a stream carries it."""
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode()
