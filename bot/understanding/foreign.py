"""Recognises texts in a language that the city does not speak.

py3langid knows 97 languages and is small (0.7 MB, no model to download). On short texts its first choice is
too often wrong, so three conditions must hold: a language that is not the city's scores
clearly best, the text has more than one word, and most of its words do not occur in the city's own texts.
Measured in docs/adr/0009. py3langid scores bytes: it takes a curly quote for Korean, and a greeting in Cyrillic
letters for whichever Slavic language is nearest. So only languages that are written with the text's letters count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable

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

SHORT = 12  # letters; a longer text tells its language apart within its script
_SCRIPTS: dict[str, tuple[str, ...]] = {
    "CYRILLIC": ("ru", "uk", "bg", "sr"),
    "ARABIC": ("ar", "fa", "ur"),
    "HEBREW": ("he",),
    "CJK": ("zh", "ja"),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "HANGUL": ("ko",),
    "DEVANAGARI": ("hi",),
    "BENGALI": ("bn",),
    "GURMUKHI": ("pa",),
    "GREEK": ("el",),
    "ARMENIAN": ("hy",),
    "GEORGIAN": ("ka",),
    "THAI": ("th",),
    "ETHIOPIC": ("am",),
}
"""The beginning of a letter's Unicode name -> the languages written with it; the most spoken one first."""

_OWN: dict[str, frozenset[str]] = {
    "sr": frozenset("ђјљњћџ"),
    "fa": frozenset("پچژگکی"),
    "ur": frozenset("ٹڈڑںےہھ"),
}
"""Letters without which a text is hardly in this language: the others of its script do not have them."""

_UKRAINIAN = frozenset("іїєґ")
_WRITTEN = frozenset(code for codes in _SCRIPTS.values() for code in codes)


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
        if not self._comparable or letters < 2:
            return None
        if not text.isascii() and not possible(
            text, self._ours
        ):  # no language of ours is written with these letters
            scores = dict(self._identifier.rank(text))
            others = possible(text, list(scores))
            return str(max(others, key=lambda code: float(scores[code]), default="")) or None
        if letters < LETTERS or self._known(text) >= KNOWN or (text.isascii() and len(text.split()) < 2):
            return None  # nearly every message; the expensive part is below
        scores = dict(self._identifier.rank(text))
        home = max(float(score) for code, score in scores.items() if code in self._ours)
        others = possible(text, [code for code in scores if code not in self._ours])
        away, code = max(((float(scores[code]), code) for code in others), default=(home, ""))
        return str(code) if away - home >= MARGIN else None


def possible(text: str, codes: Collection[str]) -> tuple[str, ...]:
    """Those of these languages that are written with most of the text's letters.

    A short text in a script that several languages share, without a letter that tells them apart, is in the most
    spoken one."""
    letters = [one for one in text.casefold() if one.isalpha()]
    found: dict[str, int] = {}
    for letter in letters:
        script = _script(letter)
        found[script] = found.get(script, 0) + 1
    if "HIRAGANA" in found or "KATAKANA" in found:
        return tuple(code for code in codes if code == "ja")
    most = max(found, key=lambda script: found[script], default="")
    able = _SCRIPTS.get(most)
    if able is None:
        return tuple(code for code in codes if code not in _WRITTEN)
    able = tuple(code for code in able if code in codes and (code not in _OWN or _OWN[code] & set(letters)))
    marked = any(code in _OWN for code in able) or set(letters) & _UKRAINIAN
    return able[:1] if len(letters) <= SHORT and not marked else able


def _script(letter: str) -> str:
    if letter.isascii():
        return "LATIN"
    name = unicodedata.name(letter, "")
    return next((script for script in _SCRIPTS if name.startswith(script)), "LATIN")
