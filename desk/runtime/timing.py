"""Every lease, retry schedule and timeout of the desk in one place, with one class for each part that
waits."""

from dataclasses import dataclass

from desk.runtime.heartbeat import BEAT


@dataclass(frozen=True, slots=True)
class TurnTiming:
    """All in seconds, except the counts."""

    at_once: int = 16  # contacts this worker serves at the same time
    lease: float = 12.0  # how long a dead worker's contacts wait; a live one renews it with every beat …
    beat: float = BEAT
    hold: float = 60.0  # … but for no longer than this on one event: a turn that hangs loses its lease
    poll: float = 1.0  # how often the table is polled without a wake-up
    drain: float = 12.0  # how long running turns may take to finish after a stop
    bot_wait: float = 120.0  # how long a message waits for a bot that is not up yet
    bot_pause: float = 0.5  # the shortest pause between checks of such a bot
    bot_pause_most: float = 5.0
    retry: float = 1.0  # after an error of our own; doubles with each attempt
    album: float = 1.5  # how long a photo of an album waits for the next one
    attempts: int = 5  # after this many errors of our own: an apology and a handoff
    deaths: int = 5  # the same after this many workers died while processing one event
    commit_again: tuple[float, ...] = (0.2, 0.5, 1.0, 2.0)  # pauses after a commit of an answer that failed


@dataclass(frozen=True, slots=True)
class BotTiming:
    """A call of the bot. The whole takes less than a turn's lease is held (`TurnTiming.hold`)."""

    one: float = 10.0  # seconds for one try
    tries: int = 2  # without a pause: the turn waits, and behind it the citizen


@dataclass(frozen=True, slots=True)
class FetchTiming:
    """Seconds, except the counts. The total is less than a turn's lease."""

    whole: float = 20.0
    tries: int = 3
    pause: float = 0.5  # doubles
    at_once: int = 3


@dataclass(frozen=True, slots=True)
class DeliveryTiming:
    """Retry and lease times of delivery. Seconds, except the counts."""

    at_once: int = 16
    reserved: int = 4  # this many slots are reserved for conversations, however much is broadcast
    share: int = 8  # one pick in this many takes the oldest item first, so that no priority starves
    lease: float = 12.0  # how long a dead worker's items wait; a live one renews it with every beat
    beat: float = BEAT
    poll: float = 1.0
    drain: float = 10.0
    base: float = 1.0  # full-jitter back-off: random between 0 and base * 2^attempts …
    longest: float = 600.0  # … but never above this
    attempts: int = 30  # about four hours; then it is dead and a person sees it
    still: float = (
        2.0  # a shorter wait between two parts is slept through; for a longer one the item is put back
    )


@dataclass(frozen=True, slots=True)
class BreakerTiming:
    """When the circuit breaker opens, and for how long. Seconds, except the count."""

    errors: int = 50
    within: float = 60.0
    pause: float = 30.0
    longest: float = 600.0
    probe: float = 60.0  # how long the others wait for the first request to succeed


@dataclass(frozen=True, slots=True)
class FilingTiming:
    """Retry and lease times of filing. All in seconds."""

    base: float = 2.0  # full-jitter back-off: random between 0 and base * 2^attempts ...
    longest: float = 900.0  # ... but never above this
    token_longest: float = 3600.0  # batch systems assign their request numbers overnight
    settle: float = 60.0  # if the response was lost, a create is not repeated sooner than this
    token_patience: float = 30.0  # after this the citizen is told that the number will take a while
    call: float = 140.0  # one call including everything that belongs to it
    lease: float = 12.0  # how long a dead worker's requests wait; a live one renews it with every beat
    beat: float = BEAT
    poll: float = 2.0  # how often the table is polled when nothing calls wake()


@dataclass(frozen=True, slots=True)
class ChangeTiming:
    """Retry and lease times of changes to requests. All in seconds."""

    base: float = 2.0  # full-jitter back-off: random between 0 and base * 2^attempts ...
    longest: float = 300.0  # ... but never above this
    settle: float = 1.0  # how soon to look again while the request itself is being filed
    patience: float = 10.0  # after this the citizen is told that it takes a while
    call: float = 60.0
    lease: float = 12.0
    beat: float = BEAT
    poll: float = 2.0


@dataclass(frozen=True, slots=True)
class PartnerTiming:
    """Retry and lease times of transfers to partner desks. All in seconds."""

    base: float = 5.0  # full-jitter back-off: random between 0 and base * 2^attempts ...
    longest: float = 900.0  # ... but never above this; it ends with the partner's time to answer
    connect: float = 5.0
    call: float = 20.0
    lease: float = 30.0
    beat: float = BEAT
    poll: float = 5.0


@dataclass(frozen=True, slots=True)
class CorrectionTiming:
    """When a sent message is changed or withdrawn at the provider. All in seconds."""

    every: float = 1.0  # between two checks
    base: float = (
        5.0  # before the next try, if the provider names no time; it doubles with the time that has passed
    )
    longest: float = 60.0  # … but never above this
    patience: float = 900.0  # after this the agent is told that it could not be done


@dataclass(frozen=True, slots=True)
class SchedulerTiming:
    """When messages for later are sent."""

    every: float = 1.0  # seconds between two checks: a message is at most this late
    at_once: int = 100  # messages per check …
    together: int = 8  # … of which this many are written at the same time


@dataclass(frozen=True, slots=True)
class ListenerTiming:
    """When an inbox without webhooks (a mailbox) is listened to. All in seconds."""

    lease: float = 30.0  # how long a dead worker's mailbox waits
    renew: float = 8.0
    pause: float = 1.0  # after a failure; doubles …
    longest: float = 60.0  # … but never above this
