"""Hands a turn to a person instead of the bot: the bot failed, or the assistant is stopped."""

from dataclasses import dataclass

from desk.model import HandoffReason, Outcome, Why


@dataclass(frozen=True, slots=True)
class Instead:
    """A person instead of the bot: the reason, what the contact is told (`limited`: where no person can be promised), and how
    the turn ended."""

    reason: HandoffReason
    transition: Why
    said: str
    limited: str
    outcome: Outcome


FAILED = Instead("failed", "bot_failed", "bot_failed", "bot_failed_limited", "failed")
STOPPED = Instead("stopped", "stopped", "assistant_stopped", "assistant_stopped_limited", "handed_off")
