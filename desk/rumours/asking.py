"""Reads whether somebody asks if a claim is true: "is it true that …?", or a claim with "is this true?" beside it. Pure.

Nothing is decided here. The assistant is asked too, and a question about a service that begins so keeps its answer.
"""

import re
import unicodedata

from desk.rumours.languages import WORDS
from desk.rumours.languages.words import Words

LONGEST = 2_000
LEAST = 2
"""Words of a claim."""
STATEMENTS = frozenset(
    {"they say that", "people say that", "someone told me that", "dicen que", "me han dicho que", "me dijeron que", "on dit que",
     "on dit qu", "on m a dit que", "on m a dit qu", "dizem que", "disseram me que"}
)  # fmt: skip
"""They begin a claim only where the message asks something."""


def read_claim(text: str, preferred: str = "en") -> str | None:
    """The claim that is asked about, as it was written; None if the text asks for something else."""
    text = text[:LONGEST].strip()
    for language in sorted(WORDS, key=lambda one: one != preferred):
        claim = _after(text, WORDS[language]) or _beside(text, WORDS[language])
        if claim is not None and len(plain(claim).split()) >= LEAST:
            return claim
    return None


def plain(text: str) -> str:
    """Small letters and digits, without accents."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c if c.isalnum() else " " for c in folded if unicodedata.category(c) != "Mn")
    return " ".join(kept.split())


def negations_in(text: str) -> bool:
    """Whether a word of any language turns the claim round."""
    words = set(plain(text).split())
    return any(words & one.negations for one in WORDS.values())


def _after(text: str, vocabulary: Words) -> str | None:
    """What follows a phrase that begins the text, or its last sentence that asks."""
    for start in _starts(text):
        rest = text[start:]
        said = plain(rest[:120])
        for phrase in sorted(vocabulary.begin, key=len, reverse=True):
            if said == phrase or not said.startswith(f"{phrase} "):
                continue
            if phrase in STATEMENTS and "?" not in text:
                continue
            return _cut(rest, len(phrase.split())).strip(" :;,.?!¿¡\"'“”«»\n")
    return None


def _beside(text: str, vocabulary: Words) -> str | None:
    """The text without the sentence that asks whether it is true."""
    sentences = re.split(r"(?<=[.?!:;,¿\n])", text)
    kept = [one for one in sentences if plain(one) not in vocabulary.end]
    if len(kept) == len(sentences):
        return None
    return "".join(kept).strip(" ,;:¿\n") or None


def _starts(text: str) -> list[int]:
    """Where sentences begin, and where the words after a greeting do."""
    found = [0, *(match.end() for match in re.finditer(r"[.!?:,\n]\s+", text[:300]))]
    return found[:8]


def _cut(text: str, words: int) -> str:
    """The text without its first words, as `plain` counts them."""
    ends = [match.end() for match in re.finditer(r"[^\W_]+", text)]
    return text[ends[words - 1] :] if len(ends) >= words else ""
