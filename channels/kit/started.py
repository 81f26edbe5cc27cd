"""Recognises a tap on a platform's Start button, whatever the tool that set it up called it.

A page keeps the button of the builder that it used before us, and its payload arrives here for years.
"""

import re
import unicodedata

from channels.languages import WORDS

_NAMES = frozenset(
    {
        *("getstarted", "start", "started", "startbutton", "startpayload", "startchat", "startconversation"),
        *("begin", "welcome", "welcomemessage", "welcomepayload", "facebookwelcome", "firsthandshake"),
        *("restart", "startover", "botstarted", "startbot", "startflow", "defaultwelcome", "welcomeintent"),
        *("conversationstart", "newconversation", "newuser", "onboarding", "init", "hello", "hi"),
        # The names in Meta's own examples, which people copy.
        *("userdefinedpayload", "developerdefinedpayload", "postbackpayload", "payload"),
    }
)
_LONGEST = 200
"""Characters of a payload that can be such a name; a button's id is opaque and never contains one."""


def is_started(payload: str) -> bool:
    """Whether this payload names a Start button: GET_STARTED, {"action": "get-started"}, WELCOME_MESSAGE …"""
    name = "".join(re.findall(r"[a-z]+", payload[:_LONGEST].lower()))
    return name in _NAMES or "getstarted" in name or is_start_title(payload)


def is_start_title(title: str) -> bool:
    """Whether a button with this title starts a conversation, in whatever language."""
    return started_in(title) is not None or _bare(title) in _ELSEWHERE


def started_in(title: str) -> str | None:
    """The language of a Start button's title ("Démarrer": fr); None for any other title, or a language without texts."""
    wanted = _bare(title)
    return next((language for language, titles in _TITLES.items() if wanted in titles), None)


def _bare(text: str) -> str:
    """Without what builders put around a name ("COMENZAR_PAYLOAD": "comenzar")."""
    return normalised(_SUFFIX.sub("", text[: _LONGEST + 1].replace("_", " ").replace("-", " ")))


def normalised(text: str) -> str:
    """Lower case, without accents and punctuation, single spaces; "" for a long text."""
    if len(text) > _LONGEST:
        return ""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join("".join(c for c in plain if c.isalnum() or c.isspace()).split())


_SUFFIX = re.compile(r"(?i)\s?(payload|button|btn|action|event|v?\d{1,3})\s?$")
_ELSEWHERE = frozenset(
    {
        *(
            "начать",
            "старт",
            "почати",
            "розпочати",
            "aloita",
            "kom igang",
            "kom i gang",
            "borja",
            "start her",
        ),
        *(
            "rozpocznij",
            "zacznij",
            "aan de slag",
            "beginnen",
            "basla",
            "baslat",
            "zaciname",
            "zacit",
            "kezdes",
        ),
        *("incepe", "ξεκινα", "ξεκινηστε", "ابدا", "בואו נתחיל", "시작하기", "bat dau", "mulai"),
    }
)
"""Titles in languages in which the channels have no words of their own, normalised."""
_TITLES = {language: frozenset(map(normalised, words.get_started)) for language, words in WORDS.items()}
