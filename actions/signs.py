"""The meaning of a message with only emoji: a heart or folded hands are thanks, a waving hand is a greeting."""

import unicodedata

_MEANT = {
    "utter_thanks": "❤♥🧡💛💚💙💜🤎🖤🤍💖💗💓💕💞💝💘❣😍🥰😘🫶🙏🤗💐🌹👍👌👏🙌🤝😊🙂😀😃😄😁☺✅",
    "utter_greet": "👋🤚✋🖖",
}
"""The response by the signs. A thumb is a yes where a question was asked; the report's steps read it before this."""


def response_to(text: str) -> str | None:
    """The response to signs of one meaning, None for anything else. Skin tones and variants count for nothing."""
    signs = {c for c in text if unicodedata.category(c) not in ("Mn", "Cf", "Zs", "Cc", "Sk")}
    return next((name for name, known in _MEANT.items() if signs and signs <= set(known)), None)
