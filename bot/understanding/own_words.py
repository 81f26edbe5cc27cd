"""Titles of the product's own buttons and answers: typing one means the same as pressing it. Read from
content/, so that an editor's new title works from the next start. Titles of buttons that answer the question
above them ("No photo") are excluded: the desk finds those among the buttons that it showed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.project import Project, read_yaml
from bot.understanding.shape import plain

_GENERAL = frozenset(
    {"report_problem", "ask_status", "what_can_you_do"}
)  # have the same meaning below every text
_PERSON = "talk_to_person"
_OFTEN = 2  # how many texts have a button of this title: "Report a problem" is below many, "Try another number" below one


@dataclass(frozen=True)
class Meaning:
    """What a title means: an intent (an answer's topic is one), and the service of a report, if it names one."""

    intent: str
    service: str | None = None


class OwnWords:
    """Titles of all languages; one with two meanings is left out."""

    def __init__(self, project: Project) -> None:
        answers = [*_titles_of_answers(project)]
        times = Counter(_titles_of_dialogue(project))
        often = [told for told, count in times.items() if count >= _OFTEN]
        meanings: dict[str, set[Meaning]] = {}
        for title, meaning in [*answers, *often, *_asking_for_a_person(project)]:
            meanings.setdefault(plain(title), set()).add(meaning)
        self._meanings: Mapping[str, Meaning] = {
            title: meaning for title, found in meanings.items() if len(found) == 1 for meaning in found
        }

    def __call__(self, text: str) -> Meaning | None:
        """The meaning of a message that consists of a title only."""
        return self._meanings.get(plain(text)) if len(text) < 100 else None


def _titles_of_answers(project: Project) -> Iterator[tuple[str, Meaning]]:
    for path in sorted((project.content / "answers").glob("*.yml")):
        entry = read_yaml(path)
        for language in project.languages:
            if title := (entry.get(language) or {}).get("title"):
                yield str(title), Meaning(path.stem)
        yield from _titles_of_buttons(project, entry)


def _asking_for_a_person(project: Project) -> Iterator[tuple[str, Meaning]]:
    """The button for a person in languages that the city does not speak."""
    path = project.content / "other_languages.yml"
    for entry in (read_yaml(path) if path.exists() else {}).values():
        yield str(entry["person"]), Meaning(_PERSON)


def _titles_of_dialogue(project: Project) -> Iterator[tuple[str, Meaning]]:
    for path in sorted((project.content / "dialogue").glob("*.yml")):
        for entry in read_yaml(path).values():
            if isinstance(entry, dict):
                yield from _titles_of_buttons(project, entry)


def _titles_of_buttons(project: Project, entry: Mapping[str, Any]) -> Iterator[tuple[str, Meaning]]:
    for button in entry.get("buttons") or ():
        meaning = _meaning(button)
        for language in project.languages:
            title = ((entry.get(language) or {}).get("buttons") or {}).get(button.get("key"))
            if title and meaning:
                yield str(title), meaning


def _meaning(button: Mapping[str, Any]) -> Meaning | None:
    entities = button.get("entities") or {}
    topic = button.get("answer") or entities.get("answer")
    if topic:
        return Meaning(str(topic))
    if button.get("intent") not in _GENERAL:
        return None
    service = entities.get("service")
    return Meaning(str(button["intent"]), str(service) if service else None)
