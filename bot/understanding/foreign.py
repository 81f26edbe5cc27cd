"""Recognises texts in a language that the city does not speak.

py3langid knows 97 languages and is small (0.7 MB, no model to download). On short texts its first choice is
too often wrong, so three conditions must hold: a language that is not the city's scores
clearly best, the text has more than one word, and most of its words do not occur in the city's own texts.
Measured in docs/adr/0009.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from py3langid.langid import MODEL_FILE, LanguageIdentifier

MARGIN = 8.0  # log-odds of the foreign language against the best of the city's
KNOWN = 0.7  # share of known words above which a text is in a language of ours
LETTERS = 6  # fewer letters are no evidence
# Languages that people in cities write; the rest of the 97 mostly match misspelt words.
CANDIDATES = (
    *(
        "en",
        "es",
        "fr",
        "pt",
        "de",
        "it",
        "nl",
        "pl",
        "tr",
        "ro",
        "sv",
        "da",
        "nb",
        "fi",
        "hu",
        "cs",
        "vi",
        "id",
        "tl",
    ),
    *(
        "ht",
        "sw",
        "sq",
        "hr",
        "lt",
        "sk",
        "ru",
        "uk",
        "bg",
        "sr",
        "ar",
        "fa",
        "ur",
        "he",
        "zh",
        "ja",
        "ko",
        "hi",
        "bn",
    ),
    *("pa", "el", "hy", "ka", "th", "am"),
)


class Foreign:
    """Built once for the city's languages; `known` returns the share of a text's words that occur in our texts."""

    def __init__(self, languages: Iterable[str], known: Callable[[str], float]) -> None:
        self._ours = frozenset(languages)
        self._known = known
        self._identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=False)
        able = set(self._identifier.nb_classes)
        self._identifier.set_languages([code for code in {*CANDIDATES, *self._ours} if code in able])
        self._comparable = bool(self._ours & able)

    def __call__(self, text: str) -> str | None:
        """Returns the code of the foreign language, None if the text may be in one of the city's."""
        letters = sum(character.isalpha() for character in text)
        if not self._comparable or letters < (2 if _unspaced(text) else LETTERS):
            return None
        if self._known(text) >= KNOWN or (text.isascii() and len(text.split()) < 2):
            return None  # nearly every message; the expensive part is below
        scores = dict(self._identifier.rank(text))
        home = max(float(score) for code, score in scores.items() if code in self._ours)
        away, code = max((float(score), code) for code, score in scores.items() if code not in self._ours)
        return str(code) if away - home >= MARGIN else None


def _unspaced(text: str) -> bool:
    """Whether the text is in a script whose single characters are words."""
    return not text.isascii() and any(
        unicodedata.name(character, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL"))
        for character in text
    )
