"""Every platform whose channel has an end-to-end test. A new channel adds a line."""

from tests.e2e.channels.email import Email
from tests.e2e.channels.line import Line
from tests.e2e.channels.meta import Instagram, Messenger, WhatsApp
from tests.e2e.channels.platform import Platform
from tests.e2e.channels.sms import Sms
from tests.e2e.channels.telegram import Telegram

PLATFORMS: list[type[Platform]] = [WhatsApp, Messenger, Instagram, Telegram, Line, Sms, Email]
