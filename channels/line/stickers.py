"""The meaning of a LINE sticker, from its keywords. Pure."""

from collections.abc import Iterable

_SIGNS = (
    ("🙏", ("thank", "thanks", "thank you", "thankyou", "grateful", "appreciate")),
    (
        "👍",
        ("thumbs up", "ok", "okay", "yes", "agree", "got it", "roger", "understood", "good", "sure", "deal"),
    ),
    ("👎", ("thumbs down", "no", "disagree", "nope", "no way")),
    ("❤️", ("love", "heart", "hearts", "i love you", "love you", "like")),
    (
        "👋",
        (
            "hello",
            "hi",
            "hey",
            "greeting",
            "good morning",
            "good afternoon",
            "good evening",
            "bye",
            "goodbye",
        ),
    ),
)
"""In this order: thanks are also "good", and greetings also "love"."""


def meaning(keywords: Iterable[str]) -> str | None:
    """One emoji for the sticker's meaning, or None if its keywords only describe the picture. LINE gives them in
    English, whatever the citizen's language is."""
    given = {word.strip().lower() for word in keywords}
    return next((sign for sign, words in _SIGNS if given.intersection(words)), None)
