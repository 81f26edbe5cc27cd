"""Everything that the product itself suggests to write: starters, tiles, examples, titles of answers and of buttons."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from tests.support.bot import LANGUAGES, ROOT

TILES: dict[str, Any] = {
    "bin_ask": "bin_collection",
    "passport_ask": "passport",
    "birth_ask": "birth_certificate",
    "parking_ask": "parking_permit",
    "tax_ask": "property_tax",
    "pothole_ask": ("report_problem", {"service": "pothole"}),
    "light_ask": ("report_problem", {"service": "street_light"}),
    "status_ask": ("ask_status", {}),
}
STARTERS: dict[str, Any] = {
    "start_1": "bin_collection",
    "start_2": ("report_problem", {}),
    "start_3": ("ask_status", {}),
    "person_text": ("talk_to_person", {}),
}
# What buttons of the dialogue mean wherever they are written; the others answer the question above them.
ANYWHERE = frozenset({"report_problem", "ask_status", "talk_to_person", "what_can_you_do", "choose_answer"})
BY_THE_DESK = frozenset({"partners", "ratings"})  # texts whose buttons never reach the assistant
SEVERAL = 3  # texts
_QUOTED = re.compile(r"\"([^\"\n]{8,80})\"|« ?([^»\n]{8,80}?) ?»")
_FIRST = re.compile(r"^\s*(\w+): \"(.*)\",$")
EXAMPLES = ("utter_unsure", "utter_what_can_you_do")  # whose quoted sentences are meant to be written


@dataclass(frozen=True)
class Words:
    """`text` in `language`, from `place`, does what pressing (intent, entities) does."""

    place: str
    language: str
    text: str
    intent: str
    entities: dict[str, Any] = field(default_factory=dict)


def _meant(place: str, language: str, text: str, what: Any) -> Words:
    if isinstance(what, str):
        return Words(place, language, text, "choose_answer", {"answer": what})
    return Words(place, language, text, *what)


def tiles() -> Iterator[Words]:
    """The tiles of the demo city's page."""
    page = (ROOT / "web/site/pages/index.html").read_text(encoding="utf-8")
    english = dict(re.findall(r'data-t="(\w+)">([^<]+)<', page))
    keys = re.findall(r'class="tile-ask" data-t="(\w+)"', page)
    assert set(keys) == set(TILES), "a tile without an expectation"
    spoken = {"en": english, **_blocks("web/site/speech.ts")}
    for language, texts in spoken.items():
        for key in keys:
            yield _meant(f"tile {key}", language, texts[key], TILES[key])


def starters() -> Iterator[Words]:
    """The questions that the widget begins with, and its button for a person."""
    for language in sorted(LANGUAGES):
        (texts,) = _blocks(f"web/widget/i18n/{language}.ts").values()
        for key, what in STARTERS.items():
            yield _meant(f"starter {key}", language, texts[key], what)


def answers() -> Iterator[Words]:
    """Titles of answers, and of the buttons below them."""
    for path in sorted((ROOT / "content/answers").glob("*.yml")):
        entry = yaml.safe_load(path.read_text(encoding="utf-8"))
        for language in sorted(LANGUAGES & set(entry)):
            yield _meant(f"title of {path.stem}", language, entry[language]["title"], path.stem)
            yield from _buttons(f"button of {path.stem}", entry, language)


def dialogue() -> Iterator[Words]:
    """Buttons of the dialogue that mean the same everywhere: those that stand below several texts."""
    told: dict[tuple[str, str], list[Words]] = {}
    for path in sorted((ROOT / "content/dialogue").glob("*.yml")):
        for name, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for language in sorted(LANGUAGES):
                for words in _buttons(f"button of {name}", entry, language):
                    told.setdefault((language, words.text), []).append(words)
    for same in told.values():
        if len(same) >= SEVERAL and same[0].intent in ANYWHERE and len({words.intent for words in same}) == 1:
            yield same[0]


def pressed() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(place, intent, entities) of every button of the dialogue and the answers, each meaning once."""
    seen: set[tuple[str, str]] = set()
    for folder in ("dialogue", "answers"):
        for path in sorted((ROOT / "content" / folder).glob("*.yml")):
            if path.stem in BY_THE_DESK:
                continue
            entry = yaml.safe_load(path.read_text(encoding="utf-8"))
            for name, text in (entry if folder == "dialogue" else {path.stem: entry}).items():
                for spec in text.get("buttons") or ():
                    words = _meant(name, "", "", spec["answer"]) if spec.get("answer") else None
                    intent = words.intent if words else spec["intent"]
                    entities = words.entities if words else spec.get("entities") or {}
                    if (intent, str(entities)) not in seen:
                        seen.add((intent, str(entities)))
                        yield name, intent, entities


def for_a_person() -> Iterator[Words]:
    """How a person is asked for in each language of the widget and of content/other_languages.yml: the city may speak it
    or not."""
    for language, texts in _widget_languages():
        for key in ("person", "person_text"):
            yield Words(f"widget {key}", language, texts[key], "talk_to_person")
    others = yaml.safe_load((ROOT / "content/other_languages.yml").read_text(encoding="utf-8"))
    for language, entry in others.items():
        yield Words("button of other languages", language, entry["person"], "talk_to_person")


def foreign_starters() -> Iterator[tuple[str, str]]:
    """(language, text) of starters in languages that the city does not speak. The widget hides them there."""
    for language, texts in _widget_languages():
        if language not in {*LANGUAGES, "pt"}:
            yield from ((language, texts[key]) for key in STARTERS if key.startswith("start_"))


def leaving_texts() -> Iterator[tuple[str, str]]:
    """(language, text) of what ends the wait, or the conversation with an agent: the widget's controls and the buttons."""
    for language, texts in _widget_languages():
        if language in {*LANGUAGES, "pt"}:
            yield from ((language, texts[key]) for key in ("leave_queue", "leave_person"))
    for path in sorted((ROOT / "content/dialogue").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).values():
            for spec in entry.get("buttons") or ():
                if spec["intent"] == "cancel_handoff":
                    for language in (*sorted(LANGUAGES), "pt"):
                        yield language, entry[language]["buttons"][spec["key"]]


def _widget_languages() -> Iterator[tuple[str, dict[str, str]]]:
    for path in sorted((ROOT / "web/widget/i18n").glob("??.ts")):
        yield path.stem, dict(re.findall(_FIRST.pattern, path.read_text(encoding="utf-8"), re.M))


def examples() -> Iterator[tuple[str, str]]:
    """(language, sentence): what the assistant suggests to write."""
    people = [
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "content/dialogue").glob("*.yml"))
    ]
    for texts in people:
        for name in EXAMPLES:
            for language in sorted(LANGUAGES & set(texts.get(name, ()))):
                for found in _QUOTED.finditer(texts[name][language]["text"]):
                    yield language, found[1] or found[2]


def titles_together() -> Iterator[tuple[str, list[str]]]:
    """Titles that stand below one text: a typed title must name one of them alone."""
    for folder in ("answers", "dialogue"):
        for path in sorted((ROOT / "content" / folder).glob("*.yml")):
            entry = yaml.safe_load(path.read_text(encoding="utf-8"))
            for name, text in (entry if folder == "dialogue" else {path.stem: entry}).items():
                for language in sorted(LANGUAGES & set(text)):
                    found = text[language].get("buttons") or {}
                    shown = {spec["key"] for spec in text.get("buttons") or ()}
                    yield f"{name} ({language})", [found[key] for key in shown if key in found]


def _buttons(place: str, entry: dict[str, Any], language: str) -> Iterator[Words]:
    titles = (entry.get(language) or {}).get("buttons") or {}
    for spec in entry.get("buttons") or ():
        title = titles.get(spec["key"])
        if title and spec.get("answer"):
            yield _meant(place, language, title, spec["answer"])
        elif title:
            yield Words(place, language, title, spec["intent"], spec.get("entities") or {})


def _blocks(path: str) -> dict[str, dict[str, str]]:
    """language -> key -> text of a TypeScript file with such tables."""
    found: dict[str, dict[str, str]] = {}
    now: dict[str, str] = {}
    for line in (ROOT / path).read_text(encoding="utf-8").splitlines():
        if opened := re.match(r"\s*(?:export const )?(en|es|fr|pt)(?:: \w+)?(?: = |: )\{", line):
            now = found.setdefault(opened[1], {})
        elif told := _FIRST.match(line):
            now[told[1]] = told[2]
    return found
