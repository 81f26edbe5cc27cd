"""Every platform whose channel has an end-to-end test. A new channel adds a line."""

from tests.e2e.channels.meta import Instagram, Messenger, WhatsApp
from tests.e2e.channels.platform import Platform

PLATFORMS: list[type[Platform]] = [WhatsApp, Messenger, Instagram]
