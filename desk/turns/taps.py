"""Taps: some apps turn a clock on a tapped button until they hear of us, whoever has the conversation."""

from collections.abc import Coroutine, Mapping
from typing import Any

from channels.base import AnswersTaps, Channel
from desk.model import Event


class Taps:
    """Beside the turn (desk/turns/side_jobs.py)."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels

    def heard(self, event: Event) -> Coroutine[Any, Any, None] | None:
        """Tell the app that the tap has arrived."""
        channel: object = self._channels.get(event.inbox)
        if not event.received.button or not isinstance(channel, AnswersTaps):
            return None
        requests = channel.tapped(event.received.thread)
        return self._send(self._channels[event.inbox], requests, event) if requests else None

    async def _send(self, channel: Channel, requests: list[Any], event: Event) -> None:
        for number, request in enumerate(requests):
            await channel.send(request, f"{event.id}:tap:{number}")
