"""The registry of all kinds of channel, one line each.

A line is the channel's class, called with its ChannelSetup, so the settings an inbox needs (`settings`) can
be read, and rejected, before a channel is built.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from channels.base import Channel, Setting
from channels.kit.setup import ChannelSetup, InboxError, read_settings, variable
from channels.line.channel import LineChannel
from channels.mail.channel import EmailChannel
from channels.meta.instagram import InstagramChannel
from channels.meta.messenger import MessengerChannel
from channels.sms.channel import SmsChannel
from channels.telegram.channel import TelegramChannel
from channels.web.channel import WebChannel
from channels.whatsapp.channel import WhatsAppChannel

__all__ = ["CHANNELS", "ChannelSetup", "Factory", "Inbox", "InboxError", "build", "declared", "open_inboxes"]

Factory = Callable[[ChannelSetup], Channel]

CHANNELS: dict[str, Factory] = {
    "whatsapp": WhatsAppChannel,
    "messenger": MessengerChannel,
    "instagram": InstagramChannel,
    "line": LineChannel,
    "telegram": TelegramChannel,
    "sms": SmsChannel,
    "email": EmailChannel,
    "web": lambda setup: WebChannel(setup.publish),
}


class Inbox(Protocol):
    """An inbox as configured in city.yml."""

    @property
    def name(self) -> str: ...

    @property
    def channel(self) -> str: ...

    @property
    def settings(self) -> Mapping[str, str]: ...


def build(channel: str, setup: ChannelSetup, channels: Mapping[str, Factory] = CHANNELS) -> Channel:
    """The channel of this kind. Raises LookupError with a sentence for the operator."""
    return _factory(channel, channels)(setup)


def declared(channel: str, channels: Mapping[str, Factory] = CHANNELS) -> tuple[Setting, ...]:
    """The settings of this kind of inbox. Raises LookupError with a sentence for the operator."""
    settings: tuple[Setting, ...] = getattr(_factory(channel, channels), "settings", ())
    return settings


def open_inboxes(
    inboxes: Iterable[Inbox],
    environ: Mapping[str, str],
    setup: ChannelSetup,
    channels: Mapping[str, Factory] = CHANNELS,
) -> dict[str, Channel]:
    """A channel for each inbox, by the inbox's name; `setup` holds what they share.

    Raises InboxError or LookupError with a sentence: an unknown channel, a missing secret, an unknown
    setting.
    """
    opened: dict[str, Channel] = {}
    owners: dict[str, str] = {}
    for inbox in inboxes:
        needs = declared(inbox.channel, channels)
        for name in (variable(inbox.name, one.name) for one in needs):
            if (other := owners.setdefault(name, inbox.name)) != inbox.name:
                raise InboxError(
                    f"The inboxes '{other}' and '{inbox.name}' would both read {name}. Rename one of them."
                )
        values = read_settings(inbox.name, inbox.channel, needs, inbox.settings, environ)
        own = replace(setup, settings=values, inbox=inbox.name, public_url=setup.public_url.rstrip("/"))
        try:
            opened[inbox.name] = build(inbox.channel, own, channels)
        except ValueError as error:
            raise InboxError(f"The inbox '{inbox.name}' cannot be opened. {error}") from None
    return opened


def _factory(channel: str, channels: Mapping[str, Factory]) -> Factory:
    factory = channels.get(channel)
    if factory is None:
        known = ", ".join(sorted(channels))
        raise LookupError(f"There is no channel '{channel}'. The channels are: {known}.")
    return factory
