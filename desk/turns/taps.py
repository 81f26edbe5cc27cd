"""Acknowledges taps on buttons: some apps show a spinner until we do, whether bot or agent has the
conversation."""

from collections.abc import Coroutine, Mapping
from typing import Any

from channels.base import AnswersTaps, Channel
from desk.model import Event


class Taps:
    """Runs concurrently with the turn (desk/turns/side_jobs.py)."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels

    def heard(self, event: Event) -> Coroutine[Any, Any, None] | None:
        """Acknowledge the tap to the app. None if there is no tap, or if the channel needs no
        acknowledgement."""
        channel: object = self._channels.get(event.inbox)
        if not event.received.button or not isinstance(channel, AnswersTaps):
            return None
        requests = channel.tapped(event.received.thread)
        return self._send(self._channels[event.inbox], requests, event) if requests else None

    async def _send(self, channel: Channel, requests: list[Any], event: Event) -> None:
        for number, request in enumerate(requests):
            await channel.send(request, f"{event.id}:tap:{number}")
