"""Whether somebody is in danger, and of which kind: "the tree fell on a car and someone is hurt" is more than a fallen tree.

A rule names roles of words (bot/languages/dangers) that must be near each other, and roles that make them
harmless: "someone could get hurt", "fire permit", "missing passport". The first advice differs (bleeding,
gas, a missing child), so the result is a kind of danger. The rules are the same in every language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.languages.dangers import DANGERS
from bot.languages.phrases import Table
from bot.understanding.people.roles import RoleTable, Word, ordered

NEAR = 8  # distance, in words and phrases, within which the roles of a rule must be
PERHAPS = "perhaps"  # a cry for help that says nothing else
KINDS = (
    "suicide", "overdose", "missing", "domestic", "violence", "break_in", "gas", "fire", "medical", "danger",
)  # fmt: skip

_PERSONS = ("child", "kin", "person")
_SAFE = frozenset({"maybe", "nobody", "past", "paper", "figure", "calm", "ask"})


@dataclass(frozen=True)
class Rule:
    """`needs`: for each place the roles that may fill it. `unless`: roles that make it harmless. `asks`:
    whether it applies in a sentence that begins like a question about a service."""

    kind: str
    needs: tuple[frozenset[str], ...]
    unless: frozenset[str]


def _rule(kind: str, *needs: str, unless: str = "", holds: str = "") -> Rule:
    """`unless`: roles in addition to those of _SAFE; `holds`: roles of _SAFE to ignore."""
    harmless = (_SAFE | frozenset(unless.split())) - frozenset(holds.split())
    return Rule(kind, tuple(frozenset(need.split("|")) for need in needs), harmless)


_SOMEBODY = "person|child|kin|self"

# The first rule that applies decides the kind: the most specific come first.
RULES = (
    _rule("suicide", "die", holds="maybe nobody past ask"),
    _rule("suicide", _SOMEBODY, "jump", "height", unless="often pet water", holds="maybe"),
    _rule("overdose", "overdose", unless="pet", holds="nobody"),
    _rule("overdose", "swallow", "poison", unless="pet often"),
    _rule("overdose", "swallow", "pills", "many|child", unless="pet often"),
    _rule("missing", "kidnapped", unless="pet", holds="past maybe"),
    _rule("missing", "child", "drag", "auto", unless="thing pet often", holds="maybe"),
    _rule("missing", "tries", "grab", "child", unless="thing pet", holds="past"),
    _rule("missing", "child", "confused", unless="thing pet chore"),
    _rule("missing", "seize", "child", "flees", unless="thing pet", holds="past"),
    _rule("missing", "child|kin", "gone", unless="thing pet", holds="past maybe nobody paper"),
    _rule("domestic", "abused", unless="pet", holds="past"),
    _rule("domestic", "kin", "violent", unless="pet", holds="past maybe often"),
    _rule("domestic", "kin", "attack", "victim", unless="pet car", holds="past often"),
    _rule("domestic", "afraid", "kin", unless="thing pet", holds="past maybe"),
    _rule("violence", "weapon", "holds", unless="often"),
    _rule("violence", "violent", unless="pet", holds="maybe"),
    _rule("violence", "attack", "person|child", "person|child|kin", unless="pet car prey"),
    _rule("violence", "person", "attack", "victim", unless="car prey"),
    _rule("break_in", "enter", unless="car waste", holds="maybe nobody"),
    _rule("break_in", "intruder", "inside", unless="pet"),
    _rule("break_in", "there", "person", "indoors", unless="thing"),
    _rule("break_in", "came_in", "indoors", unless="pet thing"),
    _rule("break_in", "tries", "force", "door", unless="pet car", holds="maybe"),
    _rule("gas", "leak", holds="maybe nobody past ask"),
    _rule("gas", "gas", "smell", holds="maybe nobody"),
    _rule("gas", "monoxide", "rings", holds="maybe"),
    _rule("fire", "ablaze", unless="waste often", holds="nobody"),
    _rule("danger", "suspect", holds="maybe"),
    _rule("danger", "drown", unless="pet"),
    _rule("danger", "vehicle", "plunge", "water", unless="pet thing"),
    _rule("danger", "person|child|kin", "tracks", unless="pet often thing"),
    _rule("danger", "child", "shut", "auto", unless="pet thing often"),
    _rule("medical", "collapse|plunge|onto|ablaze", "within", unless="pet"),
    _rule("medical", "animal", "maul", _SOMEBODY, unless="often prey"),
    _rule("medical", "animal", "attack", "sick", unless="often"),
    _rule("medical", "vehicle", "ran_over", "person|child|kin", unless="goods pet often"),
    _rule("medical", "knocked", "person|child|kin", unless="goods thing pet"),
    _rule("medical", "collapse", "upon", "person|child|kin", unless="goods thing pet car"),
    _rule(
        "medical",
        "person|child|kin|self",
        "toppled",
        "mute",
        unless="thing pet goods car",
        holds="nobody ask",
    ),
    _rule("medical", "child|person", "silent", unless="thing pet chore", holds="nobody ask"),
    _rule("medical", "person", "dead", unless="pet thing", holds="maybe"),
    _rule("danger", "person|child|kin", "into", "water", unless="car pet"),
    _rule("danger", "wire", "live"),
    _rule("danger", "person|child|kin|self", "stuck", "where", unless="pet"),
    _rule("medical", "onto", "person|child|kin", unless="goods"),
    _rule("medical", "sick", unless="pet often", holds="nobody"),
    _rule("medical", "person|child|kin", "harm", unless="pet"),
    _rule("medical", "self", "harm", unless="pet often thing"),
    _rule("danger", "cry", unless="chore", holds="nobody maybe"),
)


class Urgency:
    """Recognises danger in every language that has a table."""

    def __init__(self, tables: Mapping[str, Table] = DANGERS) -> None:
        self._tables = {
            code: _of_danger(code) if roles is DANGERS.get(code) else RoleTable(_named(roles))
            for code, roles in tables.items()
        }
        self._ordered = ordered(self._tables)

    def __call__(self, texts: Sequence[str], language: str | None) -> str | None:
        """The kind of danger, PERHAPS, or None. `texts`: as written, and with errors corrected."""
        codes = self._ordered.get(language, self._ordered[None])
        for code in codes:
            for text in texts:
                kind = _kind(self._tables[code].read(text))
                if kind:
                    return kind
        if any(self._cries(text, code) for code in codes for text in texts[:1]):
            return PERHAPS
        return None

    def roles(self, texts: Sequence[str], language: str | None) -> frozenset[str]:
        """The roles of all words, in the table of the language, or in all tables if it has none."""
        tables = [self._tables[language]] if language in self._tables else list(self._tables.values())
        return frozenset[str]().union(
            *(
                word.roles
                for table in tables
                for text in texts
                for sentence in table.read(text)
                for word in sentence
                if word.roles
            )
        )

    def denies(self, texts: Sequence[str], language: str | None) -> bool:
        """Whether it says that nobody is in danger, in words of its language: "nobody was hurt"."""
        return language in self._tables and bool(self.roles(texts, language) & _DENIED)

    def needed(self, texts: Sequence[str], language: str | None) -> str | None:
        """How sure the model must be (the name of a threshold) that somebody is in danger if no rule says so:
        the words support it, might, or do not. None: they say that nobody is in danger."""
        own = self._tables.get(language or "")
        said = [
            word.roles for text in texts for sentence in (own.read(text) if own else ()) for word in sentence
        ]
        every = frozenset().union(*said)
        if every & _DENIED:
            return None
        dangerous = any(roles & (_STRONG | _WEAK) and not roles & _CALMING for roles in said)
        if "paper" in every and "ask" not in every and not dangerous:
            return None  # "somebody parks in front of the fire exit"
        if every & _CALMING and "ask" not in every and not texts[0].rstrip().endswith("?"):
            return "strict"
        hints = [
            word.roles
            for table in self._tables.values()
            for text in texts
            for sentence in table.read(text)
            for word in sentence
        ]
        if any(roles & _STRONG for roles in hints):
            return "lenient"
        return "sure" if any(roles & _WEAK for roles in hints) else "strict"

    def _cries(self, text: str, code: str) -> bool:
        """ "HELP ME!!": but "help" alone asks what the assistant can do."""
        sentences = self._tables[code].read(text)
        if not sentences or any(_CRIED.isdisjoint(word.roles) for said in sentences for word in said):
            return False
        words = [word for sentence in sentences for word in sentence]
        if any("help" in word.roles for word in words):
            return True
        loud = text.count("!") > 1 or ("!" in text and (text.isupper() or " " in text.strip()))
        return loud and any("soft" in word.roles for word in words)


_CRIED = frozenset({"help", "soft", "small"})
_DENIED = frozenset({"nobody", "figure", "calm"})
_CALMING = frozenset({"past", "paper", "waste", "often", "chore"})
_ANYWHERE = frozenset({"chore"})  # harmless also behind a comma: "help, my bin was not emptied"
_STRONG = frozenset(
    {
        "die", "overdose", "kidnapped", "enter", "intruder", "violent", "weapon", "abused", "sick", "ablaze", "leak",
        "monoxide", "drown", "cry",
    }
)  # fmt: skip
_WEAK = frozenset({"poison", "gone", "attack", "harm", "gas", "live", "afraid", "stuck"})


@lru_cache(maxsize=16)  # for the rules and for the model that learns danger
def _of_danger(code: str) -> RoleTable:
    return RoleTable(_named(DANGERS[code]))


def _named(table: Table) -> Table:
    """The table; a phrase for a victim ("a mi hijo") also has the role of the person it names, and an office that does not
    answer is a chore."""
    named = {role: list(phrases) for role, phrases in table.items()}
    for role in _PERSONS:
        words = set(table.get(role, ()))
        named.setdefault(role, []).extend(
            phrase for phrase in table.get("victim", ()) if words & set(phrase.split())
        )
    # "La mairie ne répond pas": an office that does not answer is in no danger.
    silent = [f"{office} {mute}" for office in table.get("office", ()) for mute in table.get("mute", ())]
    if silent:
        named.setdefault("chore", []).extend(silent)
    return {role: tuple(phrases) for role, phrases in named.items()}


@dataclass(frozen=True)
class _Sentence:
    """`part`: for each word the number of its part between commas; `roles`: the roles of all words of each part;
    `all`: those of the sentence."""

    words: Sequence[Word]
    part: Sequence[int]
    roles: Sequence[frozenset[str]]
    all: frozenset[str]

    @classmethod
    def of(cls, words: Sequence[Word]) -> _Sentence:
        part: list[int] = []
        roles: list[set[str]] = [set()]
        for word in words:
            part.append(len(roles) - 1)
            roles[-1] |= word.roles - {"ask"}
            if word.pause:
                roles.append(set())
        return cls(words, part, [frozenset(one) for one in roles], frozenset[str]().union(*roles))


def _kind(sentences: Sequence[Sequence[Word]]) -> str | None:
    possible = {number for words in sentences for number in _possible(_roles_of(words))}
    if not possible:
        return None
    read = [_Sentence.of(words) for words in sentences if any(word.roles for word in words)]
    found = [
        RULES[number].kind
        for number in sorted(possible)
        if any(_holds(RULES[number], sentence) for sentence in read)
    ]
    if any("calm" in roles for sentence in read for roles in sentence.roles):
        return "suicide" if "suicide" in found else None
    return found[0] if found else None


def _roles_of(words: Sequence[Word]) -> frozenset[str]:
    return frozenset[str]().union(*[word.roles for word in words if word.roles])


@lru_cache(maxsize=1024)  # sentences have few sets of roles: most have none or one
def _possible(roles: frozenset[str]) -> tuple[int, ...]:
    """The numbers of the rules whose needs these roles could fill."""
    return tuple(number for number, rule in enumerate(RULES) if all(need & roles for need in rule.needs))


def _holds(rule: Rule, sentence: _Sentence) -> bool:
    """Whether the roles occur together somewhere in the sentence, without anything harmless beside them."""
    if not all(need & sentence.all for need in rule.needs):
        return False  # another sentence has them
    if rule.unless & _ANYWHERE and any(roles & rule.unless & _ANYWHERE for roles in sentence.roles):
        return False
    asks = "ask" in rule.unless and "ask" in sentence.words[0].roles
    for start, end in _places(rule.needs, sentence.words):
        first, last = sentence.part[start], sentence.part[end]
        around = sentence.roles[first : last + 1]  # a few parts at most: the roles are near each other
        if not any(roles & rule.unless for roles in around) and not (asks and first == 0):
            return True
    return False


def _places(needs: Sequence[frozenset[str]], sentence: Sequence[Word]) -> list[tuple[int, int]]:
    """The first and last position where each role is filled by a word of its own within NEAR words. Linear: each word is visited once."""
    found: list[tuple[int, int]] = []
    latest: list[int] = [-1] * len(needs)
    for place, word in enumerate(sentence):
        fitting = [number for number, need in enumerate(needs) if word.roles & need]
        # A word fills one need: the one that has waited longest.
        if fitting:
            latest[min(fitting, key=lambda number: latest[number])] = place
            if min(latest) >= 0 and max(latest) - min(latest) <= NEAR:
                found.append((min(latest), max(latest)))
    return found
