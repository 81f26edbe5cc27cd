"""Canned texts for one conversation: found by their words, with the variables filled in."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desk.model import Actor, Contact, Refused
from desk.store.replies.canned import CannedText

VARIABLES = ("contact_name", "reference", "agent_name")
"""Of the conversation; the city's facts come on top (`Catalog.facts`)."""
LONGEST_TITLE, LONGEST_TEXT, LONGEST_QUERY = 80, 2_000, 60
_VARIABLE = re.compile(r"\{([a-z_]{1,40})\}")
_ID = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text as it would go. `missing` are variables that have no value here; they stand in the text in brackets."""

    id: str
    title: str
    text: str
    missing: tuple[str, ...] = ()


def values_for(
    facts: Mapping[str, str], contact: Contact, reference: str | None, actor: Actor
) -> dict[str, str]:
    """Variable -> value in one conversation. `facts` are the city's in the citizen's language."""
    own = {"contact_name": contact.name, "reference": reference, "agent_name": actor.name}
    return {**facts, **{name: value for name, value in own.items() if value}}


def fill(canned: CannedText, language: str, values: Mapping[str, str]) -> Filled | None:
    """The text in this language; None if there is none. Values are not expanded again: braces that a citizen wrote
    stay braces."""
    text = canned.texts.get(language)
    if text is None:
        return None
    missing = tuple(dict.fromkeys(name for name in _VARIABLE.findall(text) if not values.get(name)))
    said = _VARIABLE.sub(lambda found: values.get(found[1]) or f"[{found[1].replace('_', ' ')}]", text)
    return Filled(canned.id, canned.title, said, missing)


def matching(texts: Iterable[CannedText], query: str, language: str) -> list[CannedText]:
    """Active texts in this language that have every word of `query`, or its beginning, in title or text; those with a
    title that fits come first."""
    wanted = _words(query[:LONGEST_QUERY])
    ranked = []
    for one in texts:
        if not one.active or language not in one.texts:
            continue
        title = _words(f"{one.title} {one.id.replace('_', ' ')}")
        body = _words(one.texts[language])
        if all(any(word.startswith(part) for word in (*title, *body)) for part in wanted):
            in_title = all(any(word.startswith(part) for word in title) for part in wanted)
            ranked.append((not in_title, one.title.lower(), one))
    return [one for _, _, one in sorted(ranked, key=lambda entry: entry[:2])]


def checked(text: CannedText, facts: Iterable[str], first_language: str) -> CannedText:
    """The text as a supervisor wrote it. Raises Refused with a sentence about what is wrong."""
    if not _ID.fullmatch(text.id):
        raise Refused(
            "bad_id",
            "The short name can have only lower-case letters, digits and _, at most 60 characters. Nothing was saved.",
        )
    if not text.title.strip() or len(text.title) > LONGEST_TITLE:
        raise Refused(
            "bad_title", f"Give it a title of at most {LONGEST_TITLE} characters. Nothing was saved."
        )
    if first_language not in text.texts:
        raise Refused("no_text", "The text in the city's first language is missing. Nothing was saved.")
    known = {*VARIABLES, *facts}
    for wording in text.texts.values():
        if len(wording) > LONGEST_TEXT:
            raise Refused(
                "too_long", f"A text can have at most {LONGEST_TEXT} characters. Nothing was saved."
            )
        unknown = sorted(set(_VARIABLE.findall(wording)) - known)
        if unknown:
            listed = ", ".join(sorted(known))
            raise Refused("bad_variable", f"There is no variable {{{unknown[0]}}}. These exist: {listed}.")
    return text


def _words(text: str) -> list[str]:
    folded = "".join(
        letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter)
    )
    return re.findall(r"\w+", folded)
