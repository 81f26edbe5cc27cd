"""English."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 Share my location",
    choose="Choose",
    photo="Photo",
    greeting="Hello",
    get_started=("get started", "start", "begin", "start chat", "start chatting", "lets start"),
    subject="Your message to us",
    stop=(
        *("stop", "stopall", "stop all", "unsubscribe", "unsubscribe me", "revoke", "optout", "opt out"),
        *(
            "stop sms",
            "stop all sms",
            "stop texts",
            "opt me out",
            "stop texting",
            "stop texting me",
            "stop messages",
            "stop messaging me",
        ),
        *("stop all messages", "stop sending messages", "stop sending me messages", "stop sending me texts"),
        *("stop sending texts", "stop the messages", "stop the texts", "stop these messages"),
        *(
            "no more messages",
            "no more texts",
            "remove me",
            "remove my number",
            "do not text me",
            "dont text me",
        ),
        *("don t text me", "do not text me anymore", "don t text me anymore", "do not contact me"),
    ),
    polite=(
        "please",
        "pls",
        "thanks",
        "thank you",
        "thank u",
        "thank you very much",
        "thx",
        "ty",
        "now",
        "ok",
        "okay",
    ),
    start=("start", "unstop"),
)
