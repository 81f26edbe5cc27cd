"""Adds content/ to the training data: a new answer is one file in content/answers and one in data/nlu.

- content/answers/<topic>.yml gives the intent <topic>, the response utter_<topic>, the rule between them, and the
  titles as additional training examples; an answer from the console contains its examples and near misses;
- content/dialogue/*.yml gives the responses that the dialogue's rules and actions name;
- bot/understanding/entities/component.py gives its entities.

Texts are in the city's first language; the desk chooses the language that a citizen reads.
"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from bot.project import Project, ProjectError, load_project, read_yaml
from bot.training.answer_lines import answer_lines
from bot.understanding.shape import plain

ENTITIES = (
    "reference", "street", "address", "service", "date", "holiday", "time", "amount", "postal_code", "email", "phone",
)  # fmt: skip
NEAR_MISS = "near_miss"  # marks a message that trains the scope score (bot/understanding/classifier/component.py), with its reason
ANSWER_LINE = "answer_line"  # marks a sentence of an answer, with its topic
NEAR_MISSES = Path("near_misses", "dev.yml")  # next to the folder nlu
DANGERS = "danger"  # a folder next to nlu, and the mark of its messages (bot/understanding/people/danger_component.py)
LOOK_UP = "action_look_up"  # the action of topics that have a lookup
DESK_ONLY = "desk.yml"  # texts that only the desk sends
_VARIABLE = re.compile(r"\{(\w+)\}")


class Example(Message):
    """A training example that is cheap to copy and compare: Rasa does both a dozen times with each while merging."""

    @classmethod
    def of(cls, message: Message) -> Example:
        return cls(message.data, message.output_properties, message.time, message.features)

    def __hash__(self) -> int:
        """Equal examples have equal texts and intents; Rasa's own hash is a checksum of everything."""
        return hash((self.get(TEXT), self.get(INTENT)))

    def __deepcopy__(self, memo: dict[int, Any]) -> Example:
        data = {
            name: value if isinstance(value, str) else copy.deepcopy(value, memo)
            for name, value in self.data.items()
        }
        return type(self)(data, set(self.output_properties), self.time, list(self.features))


class NonExample(Example):
    """A text that is no example: a question that no intent answers, a sentence of an answer. Rasa takes a text without an intent for a story told in whole sentences, and
    then trains the dialogue on texts, which doubles its work; this says that it is none."""

    def is_e2e_message(self) -> bool:
        return False

    def is_core_or_domain_message(self) -> bool:
        return True


class ContentImporter(RasaFileImporter):
    """Rasa's own importer with content/ added."""

    @cached_method
    def get_domain(self) -> Domain:
        project = load_project()
        topics = read_answers(project)
        responses = {f"utter_{topic}": [_answer(topic, entry, project)] for topic, entry in topics.items()}
        responses |= {name: [_response(entry, project)] for name, entry in _dialogue(project).items()}
        added = Domain.from_dict(
            {
                "intents": list(topics),
                "entities": list(ENTITIES),
                "responses": responses,
                "actions": list(responses),
            }
        )
        return super().get_domain().merge(added)

    @cached_method
    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        written = super().get_stories(exclusion_percentage)
        ruled = {rule.block_name for rule in written.story_steps}
        looked_up = topics_with_lookups(load_project())
        rules = [
            {
                "rule": f"answer {topic}",
                "steps": [
                    {"intent": topic},
                    {"action": LOOK_UP if topic in looked_up else f"utter_{topic}"},
                ],
            }
            for topic in read_answers(load_project())
            if f"answer {topic}" not in ruled
        ]
        steps = YAMLStoryReader().read_from_parsed_yaml({"rules": rules})
        return written.merge(StoryGraph(steps))

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The same for every `language`: the examples themselves are multilingual."""
        return self._all_examples()

    @cached_method
    def _all_examples(self) -> TrainingData:
        written = super().get_nlu_data()
        written.training_examples = [Example.of(example) for example in written.training_examples]
        known = {str(example.get(TEXT)).lower() for example in written.intent_examples}
        titles: dict[str, str] = {}
        project = load_project()  # loaded once
        for topic, entry in read_answers(project).items():
            for code in project.languages:
                title = str((entry.get(code) or {}).get("title") or "").strip()
                if title and title.lower() not in known:
                    titles.setdefault(title.lower(), topic)
        examples = [Example({TEXT: title, INTENT: topic}) for title, topic in titles.items()]
        of_console = [
            Example({TEXT: text, INTENT: topic, METADATA: {"language": code}})
            for text, topic, code in _own(project, "examples")
            if text.lower() not in known
        ]
        taught = {*written.intents, *(example.get(INTENT) for example in of_console)}
        extra = [NonExample({TEXT: text, NEAR_MISS: reason}) for text, reason in self._near_misses()]
        extra += [
            NonExample({TEXT: text, ANSWER_LINE: topic, METADATA: {"language": code}})
            for text, topic, code in answer_lines(project)
        ]
        extra += [
            NonExample({TEXT: text, DANGERS: label, METADATA: {"language": code}})
            for text, label, code in self._dangers()
        ]
        extra += [
            NonExample({TEXT: text, NEAR_MISS: f"beside {topic}"})
            for text, topic, _ in _own(project, "near_misses")
        ]
        own = [*of_console, *(e for e in examples if e.get(INTENT) in taught)]
        return written.merge(TrainingData(own + extra))

    def _dangers(self) -> list[tuple[str, str, str]]:
        """Sentences of data/danger with the kind of danger, `by_words` if the rules name it, or `calm`, and the language."""
        languages = load_project().languages
        folders = sorted({Path(path).parent.parent / DANGERS for path in self._nlu_files})
        found: list[tuple[str, str, str]] = []
        for path in (path for folder in folders for path in sorted(folder.glob("*.yml"))):
            entry = read_yaml(path)
            if entry["language"] not in languages:
                continue
            said = {**entry["by_model"], "by_words": entry["by_words"]["urgent"]}
            said["calm"] = [*said["calm"], *entry["by_words"]["calm"]]
            found += [(text, label, entry["language"]) for label, texts in said.items() for text in texts]
        return found

    def _near_misses(self) -> list[tuple[str, str]]:
        """Questions for scope and thresholds, with their reasons. They have no intent."""
        files = sorted({Path(path).parent.parent / NEAR_MISSES for path in self._nlu_files})
        groups = [group for path in files if path.is_file() for group in read_yaml(path)["near_misses"]]
        languages = load_project().languages
        return [
            (text, str(group["why"]))
            for group in groups
            for code in languages
            for text in group.get(code) or ()
        ]


def read_answers(project: Project) -> dict[str, dict[str, Any]]:
    """topic -> the content of its file. Raises ProjectError for a file whose id differs from its name."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((project.content / "answers").glob("*.yml")):
        entry = read_yaml(path)
        if entry.get("id", path.stem) != path.stem:
            raise ProjectError(f"{path} has the id {entry['id']!r}; it must be its file name, {path.stem!r}.")
        found[path.stem] = entry
    return found


def _own(project: Project, field: str) -> list[tuple[str, str, str]]:
    """(text, topic, language) of the examples or near misses that an answer's own file has."""
    return [
        (str(text), topic, code)
        for topic, entry in read_answers(project).items()
        for code, texts in (entry.get(field) or {}).items()
        if code in project.languages
        for text in texts
    ]


def places_with_hours(project: Project) -> dict[str, str]:
    """Names of places whose hours are looked up, as `plain` writes them, and the topic of each."""
    found: dict[str, str] = {}
    for path in (project.content / "lookups").glob("*.yml"):
        raw = read_yaml(path)
        for names in (raw.get("places") or {}).values():
            found |= {plain(str(name)): str(raw["answers"][0]) for name in names}
    return found


def topics_by_street(project: Project) -> set[str]:
    """Those whose lookup is a table or a service that is asked with a street."""
    found: set[str] = set()
    for path in (project.content / "lookups").glob("*.yml"):
        entry = read_yaml(path)
        if "table" in entry or "service" in entry:
            found.update(str(topic) for topic in entry.get("answers") or ())
    return found


def topics_with_lookups(project: Project) -> set[str]:
    """The topics that content/lookups names: their answers begin with what is looked up."""
    files = (project.content / "lookups").glob("*.yml")
    return {str(topic) for path in files for topic in read_yaml(path).get("answers") or ()}


def _dialogue(project: Project) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((project.content / "dialogue").glob("*.yml")):
        if path.name != DESK_ONLY:
            found |= {name: entry for name, entry in read_yaml(path).items() if name.startswith("utter_")}
    return found


def _answer(topic: str, entry: dict[str, Any], project: Project) -> dict[str, Any]:
    response = _response(entry, project)
    response["metadata"]["answer"] = topic
    return response


def _response(entry: dict[str, Any], project: Project) -> dict[str, Any]:
    """A Rasa response variation. Its buttons are for `rasa shell`; for citizens the desk adds them."""
    spoken = [entry[code] for code in project.languages if isinstance(entry.get(code), dict)]
    if not spoken:
        raise ProjectError(f"A response in {project.content} has no text in any of the city's languages.")
    titles = spoken[0].get("buttons") or {}
    buttons = [_button(button, titles) for button in entry.get("buttons") or []]
    names = sorted({name for text in spoken for name in _VARIABLE.findall(str(text.get("text", "")))})
    response: dict[str, Any] = {"text": str(spoken[0].get("text", "")), "metadata": {"variables": names}}
    if buttons:
        response["buttons"] = buttons
    return response


def _button(button: dict[str, Any], titles: dict[str, str]) -> dict[str, Any]:
    intent, entities = button.get("intent"), button.get("entities") or {}
    if button.get("answer"):
        intent, entities = "choose_answer", {"answer": button["answer"]}
    key = button.get("key")
    payload = f"/{intent}" + (json.dumps(entities) if entities else "")
    return {"title": titles.get(key, key) if key else key, "payload": payload, "own": True}
