"""English."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 Share my location",
    choose="Choose",
    photo="Photo",
    greeting="Hello",
    get_started=("get started", "start", "begin", "start chat", "start chatting", "lets start"),
    subject="Your message to us",
    # Twilio handles these itself.
    stop=(
        "stop",
        "stopall",
        "stop all",
        "unsubscribe",
        "end",
        "quit",
        "cancel",
        "revoke",
        "optout",
        "opt out",
    ),
    start=("start", "unstop"),
)
