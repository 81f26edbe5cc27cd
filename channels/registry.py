"""Every kind of channel, one line each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import aiohttp

from channels.base import Channel
from channels.web import Publish, WebChannel


@dataclass(frozen=True, slots=True)
class ChannelSetup:
    """What a channel may need. `settings` are this inbox's own, by the names its channel declares.

    `http` is None in a process that sends nothing (the gateway). `public_url` is where the outside reaches us.
    """

    publish: Publish
    settings: Mapping[str, str] = field(default_factory=dict)
    inbox: str = ""
    public_url: str = ""
    http: aiohttp.ClientSession | None = None


Factory = Callable[[ChannelSetup], Channel]

CHANNELS: dict[str, Factory] = {
    "web": lambda setup: WebChannel(setup.publish),
}


def build(channel: str, setup: ChannelSetup, channels: Mapping[str, Factory] = CHANNELS) -> Channel:
    """The channel of this kind. Raises LookupError with a sentence for the operator."""
    factory = channels.get(channel)
    if factory is None:
        known = ", ".join(sorted(channels))
        raise LookupError(f"There is no channel '{channel}'. The channels are: {known}.")
    return factory(setup)
