"""Pace: how patient the road of a message is."""

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
