"""Checks the invariants of a message's life (docs/architecture.md) against the database, the provider's records and the citizens' chat logs."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from bench.fault.citizens import Citizen, Crowd
from bench.fault.peers.provider import OutboxItem
from bench.fault.rows import Row, Rows, count_open, read_rows
from desk.store.pool import UNREACHABLE

SETTLE_SECONDS = 150.0
RECOVERY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken invariant, and the conversation in which it was found."""

    invariant: str
    conversation: str
    detail: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.conversation}: {self.detail}"


@dataclass(slots=True)
class Finding:
    """The checker's result. `doubles` and `unknown` are counts; `unavoidable` is how many messages may be sent twice; `recovery` is in seconds, 0 if nothing had to wait."""

    conversations: int = 0
    messages: int = 0
    answered: int = 0
    with_people: int = 0
    doubles: int = 0
    unavoidable: int = 0
    unknown: int = 0
    recovery: float = 0.0
    breaches: list[Breach] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What this fault may leave behind: `unknown` outbox items for a person to decide on, and `recovery` in seconds."""

    unknown: int = 0
    recovery: float = RECOVERY_SECONDS


async def settle(crowd: Crowd, seconds: float = SETTLE_SECONDS) -> str:
    """Wait until nothing is open for these citizens. Returns a sentence about what is left, or an empty string."""
    end = time.monotonic() + seconds
    left = ""
    while time.monotonic() < end:
        try:
            left = await count_open(crowd)
        except UNREACHABLE as error:
            left = f"the database is away ({type(error).__name__})"
        if not left:
            return ""
        await asyncio.sleep(0.25)
    return left


async def check(crowd: Crowd, allowed: Allowed, faults: Sequence[float], unavoidable: int = 0) -> Finding:
    """Check all invariants for one crowd. `faults` are the wall-clock times of the kills; `unavoidable` is how
    many messages were at that moment accepted by the provider and not yet committed by us."""
    rows = await read_rows(crowd)
    finding = Finding(conversations=len(crowd.citizens), unavoidable=unavoidable)
    finished: list[tuple[float, float]] = []
    for citizen in crowd.citizens:
        _check_citizen(citizen, rows, finding, finished)
        if citizen.channel == "courier":
            _check_phone(citizen, rows, crowd.deployment.provider.taken[citizen.contact], finding)
    await _check_windows(crowd, rows, finding)
    _check_filing(rows, finding)
    for at in faults:
        waits = [end - at for begun, end in finished if begun <= at < end]
        finding.recovery = max([finding.recovery, *waits])
    if finding.recovery > allowed.recovery:
        finding.breaches.append(
            Breach("recovery within 30 s", crowd.name, f"it took {finding.recovery:.0f} s after the kill")
        )
    for what, count, limit in (
        ("sent once", finding.doubles, unavoidable),
        ("nothing unknown", finding.unknown, allowed.unknown),
    ):
        if count > limit:
            finding.breaches.append(
                Breach(what, crowd.name, f"{count}, where at most {limit} are unavoidable")
            )
    return finding


def _check_citizen(
    citizen: Citizen, rows: Rows, finding: Finding, finished: list[tuple[float, float]]
) -> None:
    def breach(invariant: str, detail: str) -> None:
        finding.breaches.append(Breach(invariant, citizen.name, detail))

    kept = [one for one in citizen.written if one.kept]
    finding.messages += len(kept)
    events = [rows.events.get(one.id) for one in kept]
    for one, event in zip(kept, events, strict=True):
        if event is None:
            breach("0 lost", f"message {one.id} was accepted and is not in the database")
    found = [event for event in events if event is not None]
    owners = {event["contact_id"] for event in found}
    if len(owners) > 1:
        breach("one contact", f"{len(owners)} contacts")
    if not owners:
        return
    (contact,) = list(owners)[:1]
    log = rows.messages[contact]
    _check_log(log, found, breach, ordered=not citizen.hasty)
    conversations = rows.conversations[contact]
    still = [one for one in conversations if one["state"] != "resolved"]
    # Nobody resolves conversations here, so a second one means that one was opened twice.
    if len(still) != 1 or len(conversations) != 1:
        breach("0 conversations open twice", f"{len(conversations)} conversations, {len(still)} open")
    replies = defaultdict(list)
    for message in log:
        if message["reply_to"]:
            replies[message["reply_to"]].append(message)
    by_event = {message["event_id"]: message for message in log if message["event_id"]}
    for one, event in zip(kept, events, strict=True):
        message = by_event.get(event["id"]) if event else None
        if event is None or message is None:
            continue
        ends = [_done_at(reply, rows) for reply in replies[message["id"]]]
        if ends:
            finding.answered += 1
            finished.append((one.begun, max(ends)))
        elif conversations and conversations[0]["state"] != "bot":
            finding.with_people += 1
            finished.append((one.begun, message["created_at"].timestamp()))
        else:
            breach(
                "never in silence", f"message {message['id']} has no answer and nobody has the conversation"
            )
        places = [
            reply["reply_index"] for reply in replies[message["id"]] if reply["reply_index"] is not None
        ]
        if places != list(range(len(places))):
            breach("0 reordered", f"the answers to {message['id']} stand in the order {places}")


def _done_at(reply: Row, rows: Rows) -> float:
    item = rows.outbox.get(reply["id"])
    moment = item["sent_at"] if item and item["sent_at"] else reply["created_at"]
    return float(moment.timestamp())


def _check_log(
    log: Sequence[Row],
    events: Sequence[Row],
    breach: Callable[[str, str], None],
    *,
    ordered: bool,
) -> None:
    if [message["seq"] for message in log] != list(range(1, len(log) + 1)):
        breach("0 lost", f"the log's numbers are {[message['seq'] for message in log]}")
    times = Counter(message["event_id"] for message in log if message["event_id"])
    for event in events:
        if times[event["id"]] != 1:
            breach("exactly one message for an event", f"event {event['id']} has {times[event['id']]}")
        if event["state"] != "done":
            breach("never in silence", f"event {event['id']} is {event['state']} ({event['error']})")
    said = [message["event_id"] for message in log if message["event_id"]]
    if said != sorted(said):
        breach("0 reordered", f"the log has the events in the order {said}")
    # `events` are in the order of their commits.
    order = [event["id"] for event in events]
    if ordered and order != sorted(order):
        breach("0 reordered", f"they were accepted in the order {order}")
    seen: set[UUID] = set()
    for message in log:
        if message["reply_to"] and message["reply_to"] not in seen:
            breach("0 reordered", f"the answer {message['id']} stands before its question")
        seen.add(message["id"])


def _check_phone(citizen: Citizen, rows: Rows, taken: Sequence[OutboxItem], finding: Finding) -> None:
    def breach(invariant: str, detail: str) -> None:
        finding.breaches.append(Breach(invariant, citizen.name, detail))

    contact = next(
        (rows.events[one.id]["contact_id"] for one in citizen.written if one.id in rows.events), None
    )
    log = rows.messages[contact] if contact else []
    ours = [message for message in log if message["author"] != "contact"]
    place = {str(message["id"]): number for number, message in enumerate(ours)}
    times = Counter(item.key.partition(":")[0] for item in taken)
    finding.doubles += sum(count - 1 for count in times.values())
    firsts = list(dict.fromkeys(item.key.partition(":")[0] for item in taken))
    if strangers := [key for key in firsts if key not in place]:
        breach("nothing invented", f"the provider took {strangers}, which the log does not have")
        return
    if [place[key] for key in firsts] != sorted(place[key] for key in firsts):
        breach(
            "0 reordered", f"the provider got the log's lines in the order {[place[key] for key in firsts]}"
        )
    for message in ours:
        item = rows.outbox.get(message["id"])
        state = item["state"] if item else "missing"
        if state == "unknown":
            finding.unknown += 1
        if state in ("sent", "unknown") and not times[str(message["id"])]:
            breach("0 lost", f"message {message['id']} is '{state}' and the provider never got it")
        elif state not in ("sent", "unknown"):
            breach("0 lost", f"message {message['id']} is '{state}' in the outbox")


async def _check_windows(crowd: Crowd, rows: Rows, finding: Finding) -> None:
    async def one(citizen: Citizen) -> None:
        shown = await crowd.read(citizen)
        contact = next(
            (rows.events[line.id]["contact_id"] for line in citizen.written if line.id in rows.events), None
        )
        log = rows.messages[contact] if contact else []
        if [line["id"] for line in shown] != [str(message["id"]) for message in log]:
            finding.breaches.append(
                Breach("the window shows the log", citizen.name, f"{len(shown)} lines shown of {len(log)}")
            )

    web = [citizen for citizen in crowd.citizens if citizen.channel == "web"]
    for start in range(0, len(web), 16):
        await asyncio.gather(*(one(citizen) for citizen in web[start : start + 16]))


def _check_filing(rows: Rows, finding: Finding) -> None:
    for request in _not_filed(rows.requests):
        finding.breaches.append(
            Breach("filed", str(request["conversation_id"]), f"request {request['id']} is {request['state']}")
        )


def _not_filed(requests: Iterable[Row]) -> list[Row]:
    return [one for one in requests if one["state"] not in ("filed", "awaiting_reference")]
