"""The shape of a message, which needs no model: a question, what somebody saw, a bare number, what nobody can read. Pure."""

from __future__ import annotations

import re

from bot.understanding.text import fold

# No bare "is", "has", "does": "does not work" and "es muy hondo" describe. A new language is one more entry;
# without one only the question mark tells.
ASKING = {
    "en": "how|what|when|where|why|who|which|whom|whose|can i|can you|could i|could you|do i|do you|do they|does it|"
    "does the|did you|did they|is it|is there|is the|are you|are there|will you|will it|will they|would it|should i|"
    "may i|tell me|am i|i want to know|i would like to know|i need to know|information about|info about",
    "es": "como|que|cuando|cuanto|cuanta|cuantos|cuantas|donde|por que|quien|quienes|cual|cuales|puedo|puede|pueden|"
    "se puede|hay que|tengo que|debo|cada cuanto|a que hora|quiero saber|quisiera saber|necesito saber|"
    "informacion sobre",
    "fr": "comment|combien|quand|ou|pourquoi|qui|que|quel|quelle|quels|quelles|est ce|qu est ce|puis je|peut on|"
    "pouvez vous|faut il|dois je|y a t il|a t on|c est quoi|a quelle|je veux savoir|je voudrais savoir|"
    "j aimerais savoir|informations sur",
    "pt": "como|que|quando|quanto|quanta|quantos|quantas|onde|por que|porque|quem|qual|quais|posso|pode|podem|"
    "e possivel|preciso saber|quero saber|gostaria de saber|a que horas",
}  # fmt: skip
# How people begin to say what they have seen. Questions of the same words are known by ASKING, which is looked at first.
TELLING = {
    "en": "there is|there s|theres|there are|there re|there has been|i see|i can see|i saw|i found|i have found|i ve found|"
    "i noticed|we have|we saw|someone|somebody|some people|people are|people have",
    "es": "hay|hubo|veo|vi|he visto|encontre|he encontrado|alguien|han|se ha|se han|tenemos",
    "fr": "il y a|y a|j ai vu|je vois|j ai trouve|j ai remarque|on a|quelqu un|des gens",
    "pt": "ha|tem|existe|vi|encontrei|alguem",
}
_MARKED = ("?", "？", "؟")
_LONGEST_WORD = 40  # letters; "Donaudampfschifffahrtsgesellschaft" has 34
_ENCODED = re.compile(r"[A-Za-z0-9+/=_-]{24,}")
_SIGN = re.compile(r"[^\w\s]|_")


def is_question(text: str, language: str | None) -> bool:
    """Whether it has the shape of a question: its mark at the end, or a question word first."""
    if text.rstrip(" \"'»”)!.").endswith(_MARKED) or text.lstrip().startswith("¿"):
        return True
    return _begins(text, ASKING.get(language or "", ""))


def is_telling(text: str, language: str | None) -> bool:
    """Whether it begins as people begin who tell what is there: "there's a", "hay un", "il y a un"."""
    return _begins(text, TELLING.get(language or "", ""))


def is_number(text: str) -> bool:
    """Whether there is no letter, only digits: a house number, a telephone number, half a reference number."""
    return any(c.isdigit() for c in text) and not any(c.isalpha() for c in text)


def is_unreadable(text: str) -> bool:
    """Whether most of it is nothing a person writes: encoded data, a key held down."""
    words = text.split()
    strange = sum(len(word) for word in words if _is_strange(word))
    return strange * 2 > sum(len(word) for word in words)


def plain(text: str) -> str:
    """Lower case, no accents, signs as spaces, single spaces."""
    return " ".join(_SIGN.sub(" ", fold(text)).split())


def _begins(text: str, listed: str) -> bool:
    said = f"{plain(text)} "
    return said.startswith(tuple(f"{words} " for words in listed.split("|") if words))


def _is_strange(word: str) -> bool:
    if "://" in word or "@" in word or word.startswith("www."):
        return False
    if len(word) > 2 and not any(c.isalnum() for c in word):
        return True
    mixed = (
        any(c.isdigit() for c in word) and any(c.isupper() for c in word) and any(c.islower() for c in word)
    )
    encoded = _ENCODED.fullmatch(word) is not None and (mixed or "=" in word or "+" in word)
    # No long word is written in Latin letters without a break; Thai and Chinese know no blanks.
    long = len(word) > _LONGEST_WORD and word.isascii() and "-" not in word
    return encoded or long or (len(word) >= 8 and len(set(word.lower())) <= 2)
