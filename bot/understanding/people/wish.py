"""Whether a message asks for a person, whatever else it says: "ur bot sucks, get me a real person NOW".

A request consists of words with roles (bot/languages/wishes): words of wanting or contacting, followed by a
word for a person with only small words between them. A sentence may also be nothing but a person ("agent please"),
say who should answer ("can someone call me") or refuse a machine ("I don't want to talk to a bot"). The same
words are not a request if somebody else does it, if it is negated, or if the person should do something else
("someone to fix my fence").

One long file on purpose: each way to ask for a person is read against the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.languages.phrases import Table
from bot.languages.wishes import WISHES
from bot.understanding.people.roles import RoleTable, Word, ordered

_LEADS = frozenset({"want", "getting", "contact"})
_PERSON = frozenset({"any", "staff"})
_DECIDING = _PERSON | {
    "some",
    "alone",
    "bot",
    "there",
    "nobot",
}  # a sentence without any of them says nothing about a person
_BETWEEN = frozenset({"link", "real", "filler"})
_BARE = _BETWEEN | _PERSON | {"bot", "no", "want", "alone"}
_ASKING = frozenset({"filler", "want"})
_REFUSED = frozenset({"no", "drop", "duty"})
_OR = frozenset({"or", "o", "ou"})
_NO = frozenset({"no", "non", "nope", "nah"})
_BUT = frozenset({"but", "mais", "pero"})
_OWN = ("i ", "id ", "je ", "j ", "jveux", "let me")
_RATHER = frozenset({"mejor", "prefiero", "preferiria", "prefiero que", "preferiria que", "plutot"})
_NEAR = 4  # words between a person and what they are to do


@dataclass(frozen=True)
class Wish:
    """`wanted`: a person is asked for. `spoken`: a person is mentioned; `refused`: a person is explicitly not
    wanted. `only`: the message says nothing else."""

    wanted: bool = False
    refused: bool = False
    only: bool = False
    spoken: bool = False


class Wishes:
    """Recognises requests in every language that has a table."""

    def __init__(self, tables: Mapping[str, Table] = WISHES) -> None:
        self._tables = {code: RoleTable(roles) for code, roles in tables.items()}
        self._ordered = ordered(self._tables)

    def __call__(self, texts: Sequence[str], language: str | None) -> Wish:
        """`texts`: a message as it was written, and with its errors corrected. `language`: the detected one."""
        found = Wish()
        for code in self._ordered.get(language, self._ordered[None]):
            for text in texts:
                wish = _read(self._tables[code].read(text))
                if wish.wanted:
                    return wish
                if code == language and wish.refused:
                    return wish  # a corrected text or another language gives no better result
                if code == language and wish.spoken:
                    found = wish
        return found


def _read(sentences: Sequence[Sequence[Word]]) -> Wish:
    verdicts = [verdict for sentence in sentences for verdict in _sentence(sentence)]
    verdicts += [True for first, second in pairwise(sentences) if _anybody_real(first, second)]
    if True in verdicts:
        return Wish(
            wanted=True, only=all(_is_bare(sentence) or _is_short(sentence) for sentence in sentences)
        )
    spoken = any(word.roles & (_PERSON | {"spoken"}) for sentence in sentences for word in sentence)
    return Wish(refused=False in verdicts, spoken=spoken)


def _is_short(sentence: Sequence[Word]) -> bool:
    return all(word.roles & (_BARE | _LEADS | {"call_me", "then", "there"}) for word in sentence)


def _is_bare(sentence: Sequence[Word]) -> bool:
    return all(word.roles & _BARE for word in sentence)


def _sentence(sentence: Sequence[Word]) -> list[bool]:
    """True for each request in a sentence, False for each person that is mentioned and not asked for."""
    if _DECIDING.isdisjoint(role for word in sentence for role in word.roles):
        return []
    if _answers_no(sentence):
        sentence = sentence[1:]
    verdicts = [_bare(part) for part in _ends(sentence)]
    verdicts += _led(sentence)
    verdicts += _asked_back(sentence)
    verdicts += _anybody_there(sentence)
    verdicts += _anything_but_a_bot(sentence)
    return [verdict for verdict in verdicts if verdict is not None]


def _answers_no(sentence: Sequence[Word]) -> bool:
    """ "No I want an agent", "non mais je préfère un agent": the first word refuses what was said before, not the person."""
    if len(sentence) < 3 or sentence[0].text not in _NO:
        return False
    after = sentence[2] if sentence[1].text in _BUT else sentence[1]
    own = after.text.startswith(_OWN) or after.text in _RATHER
    return ("want" in after.roles and own and "no" not in after.roles) or "getting" in after.roles


def _ends(sentence: Sequence[Word]) -> list[Sequence[Word]]:
    """A sentence, the part before its first comma, the part after its last, and those between that say please or now."""
    pauses = [place + 1 for place, word in enumerate(sentence) if word.pause and place + 1 < len(sentence)]
    if not pauses:
        return [sentence]
    between = [sentence[begin:end] for begin, end in pairwise(pauses)]
    asking = [part for part in between if any(word.roles & _ASKING for word in part)]
    return [sentence, sentence[: pauses[0]], sentence[pauses[-1] :], *asking]


def _bare(part: Sequence[Word]) -> bool | None:
    """ "agent please": nothing but a person and small words."""
    if not part or not _is_bare(part):
        return None
    if len(part) == 1 and "alone" in part[0].roles:
        return True
    refusing = False
    wished: bool | None = None
    for place, word in enumerate(part):
        if word.roles & _PERSON:
            wished = not refusing if wished is None else wished or not refusing
            refusing = False
        elif "alone" in word.roles:
            wished = True
        elif "no" in word.roles:
            refusing = True
            if place and part[place - 1].roles & _PERSON and not _is_bot_next(part, place + 1):
                wished = False  # "no agent" in the other order
        elif "bot" in word.roles:
            if wished and any(other.text in _OR for other in part[max(0, place - 2) : place]):
                return None  # "a human or a program?"
            refusing = False
    return wished


def _is_bot_next(part: Sequence[Word], place: int) -> bool:
    while place < len(part) and "link" in part[place].roles:
        place += 1
    return place < len(part) and "bot" in part[place].roles


def _led(sentence: Sequence[Word]) -> list[bool]:
    """Persons after words of wanting: "I want to talk to a real person"."""
    verdicts: list[bool] = []
    leads: set[str] = set()
    refused = denied = False
    for place, word in enumerate(sentence):
        denied = denied or "no" in word.roles
        opening = word.roles & _LEADS
        if "short" in word.roles and not _begins(sentence, place):
            opening -= {"want"}  # "does the pool need staff"
        if opening and not (leads and word.roles & _PERSON):
            if not leads:
                refused = _is_refused(sentence, place)
            leads |= opening
        elif leads and word.roles & _PERSON:
            verdicts.append(not refused and _is_for_us(sentence, place, leads))
            leads = set()
        elif (word.roles & _PERSON and _is_told(sentence, place)) or (
            word.roles & (_PERSON | {"some"}) and _is_declined(sentence, place)
        ):
            verdicts.append(False)
        elif leads and "some" in word.roles:
            if "link" in word.roles and "contact" not in leads:
                leads = set()
                continue  # "can I get one": a permit, not a person
            if refused or _is_for_us(sentence, place, leads):
                verdicts.append(not refused)
            leads = set()
        elif leads and "bot" in word.roles:
            if refused:
                verdicts.append(denied)
            leads = set() if refused else leads & {"getting"}  # "get me out of this bot and to an employee"
        elif leads and word.roles & {"no", "drop"}:
            refused = True
        elif not (leads and word.roles & _BETWEEN):
            leads = set()
        if word.pause:
            leads = set()
    return verdicts


def _is_told(sentence: Sequence[Word], place: int) -> bool:
    """ "I talked to a person", "am I talking to a human": it is told or asked, and not requested."""
    for before in reversed(sentence[max(0, place - 3) : place]):
        if "told" in before.roles:
            return True
        if not before.roles & _BETWEEN:
            return False
    return False


def _is_declined(sentence: Sequence[Word], place: int) -> bool:
    """ "I don't need a person any more": the phrase before it wants none."""
    before = next((word for word in reversed(sentence[:place]) if not word.roles & _BETWEEN), None)
    return before is not None and "no" in before.roles and " " in before.text


def _is_refused(sentence: Sequence[Word], place: int) -> bool:
    """Whether the words just before a lead refuse it, ask whether it is needed, or say that somebody else does it."""
    lead = sentence[place].roles
    for distance, before in enumerate(reversed(sentence[max(0, place - 3) : place])):
        if before.pause:
            return False
        if before.roles & _REFUSED:
            return True
        if distance == 0 and "subject" in before.roles and "contact" in lead and "want" not in lead:
            return True
        if before.roles & _LEADS or not before.roles & _BETWEEN:
            return False
    return False


def _is_for_us(sentence: Sequence[Word], place: int, leads: set[str]) -> bool:
    """Whether the person is wanted to talk to, rather than to fix a fence, and is not somebody else's agent."""
    word = sentence[place]
    before = sentence[place - 1].roles if place else frozenset()
    if "mine" in before:
        return False
    if "contact" in leads or "getting" in leads:
        return True
    if word.pause or place + 1 == len(sentence):
        return True
    following = sentence[place + 1]
    if _has_task(sentence, place + 1):
        return False
    if "then" in following.roles:
        after = sentence[place + 2 : place + 2 + 2]
        return any(other.roles & {"knows", "call_me", "contact"} for other in after)
    if "knows" in following.roles and "any" not in word.roles:
        return True
    return bool(following.roles & {"call_me", "contact", "about", "more", *_BETWEEN, *_PERSON, "no", "want"})


def _begins(sentence: Sequence[Word], place: int) -> bool:
    """Whether only small words precede the word in its part of the sentence."""
    before = sentence[place - 1] if place else None
    small = _BETWEEN | _LEADS | {"more", "no", "bot", "mine", "subject"}
    return before is None or before.pause or bool(before.roles & small)


def _has_task(sentence: Sequence[Word], place: int) -> bool:
    """Whether the person should do something, a few words later: "an agent of the city to sign"."""
    for number in range(place + 1, min(place + 1 + _NEAR, len(sentence) - 1)):
        if sentence[number].text in ("to", "que", "qui", "para", "pour"):
            return not sentence[number + 1].roles & {
                "knows",
                "call_me",
                "contact",
                "want",
                *_PERSON,
                *_BETWEEN,
            }
        if sentence[number].pause:
            return False
    return False


def _anybody_there(sentence: Sequence[Word]) -> list[bool]:
    """ "Is there a human around?": asking whether a person is there is a request for one, if nothing else is said about the person."""
    for place, word in enumerate(sentence):
        if "there" not in word.roles:
            continue
        rest = []
        for following in sentence[place + 1 :]:
            rest.append(following)
            if following.pause:
                break
        small = all(
            one.roles & (_BETWEEN | _PERSON | {"some", "any", "then", "contact", "call_me"}) for one in rest
        )
        if rest and small and any(one.roles & {"staff", "real"} for one in rest):
            return [True]
    return []


def _anybody_real(first: Sequence[Word], second: Sequence[Word]) -> bool:
    """ "Is anybody there? A real one." """
    asked = any("there" in word.roles for word in first) and any(word.roles & _PERSON for word in first)
    return asked and _is_bare(second) and any("real" in word.roles for word in second)


def _asked_back(sentence: Sequence[Word]) -> list[bool]:
    """ "Can someone call me", "is there anyone I can talk to"."""
    verdicts = []
    numbered = _has_number(sentence)  # "someone can call me at 555-0123" says where, and requests nothing
    for place, word in enumerate(sentence):
        if not word.roles & {"any", "staff", "some"}:
            continue
        before = sentence[max(0, place - _NEAR) : place]
        after = sentence[place + 1 : place + 1 + _NEAR]
        refused = any(other.roles & _REFUSED for other in before[-2:])
        if any("let" in other.roles for other in before[-2:]) and not refused:
            serving = {"serve", "serve_staff"} if "staff" in word.roles else {"serve"}
            if after and after[0].roles & serving:
                verdicts.append(True)
                continue
        if any("there" in other.roles for other in before):
            if _reaches(after, {"contact", "call_me"}):
                verdicts.append(True)
        elif not numbered and (
            _reaches(after, {"call_me"})
            or _is_ordered(sentence, place)
            or _reaches(tuple(reversed(before)), {"call_me"})
        ):
            verdicts.append(not refused)
    return verdicts


def _is_ordered(sentence: Sequence[Word], place: int) -> bool:
    """ "Someone from the parking team should call me": whoever it is."""
    far = sentence[place + 1 : place + 1 + _NEAR + 2]
    told = any("let" in word.roles for word in sentence[max(0, place - 1) : place])
    calls = {"ordered", "call_me"} if told else {"ordered"}
    return bool(far) and "about" in far[0].roles and any(word.roles & calls for word in far)


def _anything_but_a_bot(sentence: Sequence[Word]) -> list[bool]:
    """ "Who can I talk to that isn't a computer?" """
    asked = any(word.roles & (_LEADS | _PERSON | {"some", "there"}) for word in sentence)
    return [True] if asked and any("nobot" in word.roles for word in sentence) else []


def _has_number(sentence: Sequence[Word]) -> bool:
    return any(character.isdigit() for word in sentence for character in word.text)


def _reaches(words: Sequence[Word], wanted: set[str]) -> bool:
    """Whether one of `wanted` comes before anything but small words."""
    for word in words:
        if word.roles & wanted:
            return True
        if not word.roles & (_BETWEEN | {"then", "want", "no", "knows"}) or word.pause:
            return False
    return False
