"""Timing: every lease, retry schedule and patience of the desk in one place. A class for each part that waits."""

from dataclasses import dataclass

from desk.runtime.heartbeat import BEAT


@dataclass(frozen=True, slots=True)
class TurnTiming:
    """All in seconds, but for the counts."""

    at_once: int = 16  # contacts served at the same time by this worker
    lease: float = 12.0  # a dead worker's contacts wait so long; a live one prolongs it with every beat …
    beat: float = BEAT
    hold: float = 60.0  # … but not for longer than this at one event: a turn that hangs is taken from it
    poll: float = 1.0  # how often the table is read when nobody wakes us
    drain: float = 12.0  # how long turns under way may take to end after a stop
    bot_wait: float = 120.0  # how long a message waits for a bot that is not up yet
    bot_pause: float = 0.5  # the shortest pause between looks at such a bot
    bot_pause_most: float = 5.0
    retry: float = 1.0  # after an error of our own; doubles with each attempt
    album: float = 1.5  # how long a photo of an album waits for the next one
    attempts: int = 5  # after so many errors of our own: an apology and a person
    deaths: int = 5  # the same after so many workers died over one event


@dataclass(frozen=True, slots=True)
class FetchTiming:
    """Seconds, but for the counts. All of it is less than a turn's lease."""

    whole: float = 20.0
    tries: int = 3
    pause: float = 0.5  # doubles
    at_once: int = 3


@dataclass(frozen=True, slots=True)
class DeliveryTiming:
    """How patient delivery is. Seconds, but for the counts."""

    at_once: int = 16
    room: int = 4  # so many of them are for conversations alone, however much is broadcast
    share: int = 8  # each time in so many the oldest goes first, so that no priority waits for ever
    lease: float = 12.0  # a dead worker's parcels wait so long; a live one prolongs it with every beat
    beat: float = BEAT
    poll: float = 1.0
    drain: float = 10.0
    base: float = 1.0  # full-jitter backoff: random between 0 and base * 2^attempts …
    longest: float = 600.0  # … but never above this
    attempts: int = 30  # about four hours; then it is dead and a person sees it
    still: float = (
        2.0  # a wait between two parts below this is slept through; a longer one puts the parcel back
    )


@dataclass(frozen=True, slots=True)
class BreakerTiming:
    """When the breaker opens, and for how long. Seconds, but for the count."""

    errors: int = 50
    within: float = 60.0
    pause: float = 30.0
    longest: float = 600.0
    probe: float = 60.0  # how long the others wait for the one that goes first


@dataclass(frozen=True, slots=True)
class FilingTiming:
    """How patient the filer is. All in seconds."""

    base: float = 2.0  # full-jitter backoff: random between 0 and base * 2^attempts ...
    longest: float = 900.0  # ... but never above this
    token_longest: float = 3600.0  # batch systems number their requests overnight
    settle: float = 60.0  # after a lost answer, a create is repeated no sooner than this
    token_patience: float = 30.0  # after this the citizen is told that the number takes a while
    call: float = 140.0  # one call with all that belongs to it
    lease: float = 12.0  # a dead worker's requests wait so long; a live one prolongs it with every beat
    beat: float = BEAT
    poll: float = 2.0  # how often the table is read when nobody calls wake()
