"""How long the bot is silent after staff answered somebody in one of Meta's apps."""

from channels.base import Setting
from channels.kit.setup import ChannelSetup

SILENCE, MOST_SILENCE = 60, 10_080  # minutes: an hour by default, a week at most
_NAME = "staff_silence_minutes"


def staff_silence(app: str) -> Setting:
    """The setting of an inbox whose staff may answer in this app too."""
    return Setting(
        _NAME,
        f"How many minutes the bot stays silent after staff answered somebody in {app}; 0 to let it go on.",
        required=False,
        default=str(SILENCE),
    )


def silence_of(setup: ChannelSetup) -> int:
    """The minutes of this inbox. Raises InboxError."""
    return setup.count(_NAME, SILENCE, most=MOST_SILENCE)
