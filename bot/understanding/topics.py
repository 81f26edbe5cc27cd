"""The topics that have an answer: their words as roots, and the part that a question asks for. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.understanding.asked_part import Asked
from bot.understanding.text import tokens

DOUBT = "close"  # the reason of a parse about which the citizen is asked
_INSTEAD = {"validity": "when"}  # "¿cuándo vence?" of a tax asks until when it is paid
_STATUS = "ask_status"
_OF_A_BILL = frozenset({"late", "appeal", "payment"})  # parts of what one receives
_ROOT = 5  # letters that the forms of a word share: "permit", "permits"

Choice = tuple[Sequence[str], Sequence[str], "str | None"]
"""Topics, names of their parts, and DOUBT or None."""


@dataclass(frozen=True)
class Topic:
    """An answer's words, in all languages, as roots. `parts`: the names of its parts, with the roots of their texts.
    `titles` has the title of each language by itself."""

    title: frozenset[str]
    words: frozenset[str]
    parts: Mapping[str, frozenset[str]]
    titles: tuple[frozenset[str], ...] = ()

    @classmethod
    def of(cls, entry: Mapping[str, Any], languages: Collection[str]) -> Topic:
        """From a file of content/answers."""
        texts = [entry[code] for code in languages if isinstance(entry.get(code), Mapping)]
        parts: dict[str, frozenset[str]] = {}
        for text in texts:
            for name, part in (text.get("parts") or {}).items():
                said = str(part.get("text", "")) if isinstance(part, Mapping) else ""
                parts[str(name)] = parts.get(str(name), frozenset()) | _roots(said)
        titles = tuple(_roots(str(text.get("title", ""))) for text in texts)
        title = frozenset[str]().union(*titles)
        body = frozenset[str]().union(*(_roots(str(text.get("text", ""))) for text in texts))
        return cls(title, title | body, parts, titles)


class Topics(Mapping[str, Topic]):
    """Topics by intent."""

    def __init__(self, topics: Mapping[str, Topic]) -> None:
        self._topics = topics

    def __getitem__(self, intent: str) -> Topic:
        return self._topics[intent]

    def __iter__(self) -> Iterator[str]:
        return iter(self._topics)

    def __len__(self) -> int:
        return len(self._topics)

    def names_other(self, asked: Asked, intent: str, topics: Sequence[str]) -> bool:
        """Whether the words name the topic that the model found: "fine" does in "where do I pay a parking fine?"."""
        other = self._topics.get(intent)
        if other is None:
            return False
        ours = frozenset[str]().union(*(self._topics[topic].title for topic in topics))
        return bool(frozenset(root(word) for word in asked.said) & (other.title - ours))

    def is_title(self, asked: Asked, intent: str) -> bool:
        """Whether the words contain a whole title of this topic."""
        other = self._topics.get(intent)
        said = frozenset(root(word) for word in asked.said)
        return bool(other and any(title and title <= said for title in other.titles))

    def tells_of(self, topic: str, parse: Mapping[str, Any]) -> bool:
        """ "I got it yesterday" after a fine: to the model it asks for a report, but none was sent, and nothing is asked."""
        intent = str((parse.get("intent") or {}).get("name"))
        named = {entity.get("entity") for entity in parse.get("entities") or ()}
        if intent != _STATUS or parse.get("question") or named & {"reference", "service", "address"}:
            return False
        return bool(_OF_A_BILL & set(self._topics[topic].parts))

    def chosen(self, asked: Asked, about: Sequence[str], before: str | None) -> Choice:
        """The topics and parts; of several topics only one, if only it has what is asked for."""
        parts = {topic: self._names(asked, topic, before) for topic in about}
        having = [topic for topic in about if all(name in self._topics[topic].parts for name in parts[topic])]
        chosen = having if len(having) == 1 else about
        if len(chosen) > 1:
            return chosen, asked.parts or asked.qualifiers, DOUBT
        return chosen, parts[chosen[0]], None

    def mentioned(self, about: Sequence[str], left: frozenset[str]) -> Choice | None:
        """ "What about the photo?": the first part that mentions a photo, one without a qualifier if there is one."""
        topic = about[0]
        speaking = [name for name, words in self._topics[topic].parts.items() if left <= words]
        speaking.sort(key=lambda name: "_" in name)
        return ([topic], speaking[:1], None) if speaking else None

    def _names(self, asked: Asked, topic: str, before: str | None) -> list[str]:
        """The parts' names in this topic's answer: for "and for children?" after "how much?" the cost for children."""
        known = self._topics[topic]
        qualifiers: Sequence[str] = asked.qualifiers
        if asked.parts and not any(
            name.partition("_")[2] in qualifiers or name in qualifiers for name in known.parts
        ):
            # "What do I need for my child?" in an answer that is about children.
            words = frozenset(root(word) for word in asked.narrowing)
            qualifiers = () if words & known.words else qualifiers
        parts = asked.parts or ((before,) if before and qualifiers else ())
        if "late" in known.parts:
            parts = tuple(
                other
                if part not in known.parts and (other := _INSTEAD.get(part, part)) in known.parts
                else part
                for part in parts
            )
        if not qualifiers:
            return list(parts)
        names = []
        for qualifier in qualifiers:
            for part in parts or (None,):
                both = f"{part}_{qualifier}" if part else qualifier
                missing = qualifier if not asked.parts else both
                names.append(next((name for name in (both, qualifier) if name in known.parts), missing))
        return list(dict.fromkeys(names))


def _roots(text: str) -> frozenset[str]:
    return frozenset(root(token.word) for token in tokens(text) if token.word[0].isalnum())


def root(word: str) -> str:
    """The letters that forms of a word share."""
    return word[:_ROOT] if len(word) > _ROOT else word.rstrip("s") or word
