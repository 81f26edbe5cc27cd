"""Adding an answer is one file in content/answers and one in data/nlu, and nothing else."""

import shutil
import uuid
from pathlib import Path

import pytest

from bot.project import ProjectError, load_project
from bot.training.importer import ContentImporter, read_answers
from bot.turn.request import TurnRequest
from tests.bot.fixtures import PROJECT, ROOT, train

ANSWER = """
id: dog_licence
owner: Animals
area: civic
source: https://www.testville.example/dogs
reviewed_on: 2026-10-05
review_by: 2027-04-05
en: {title: Dog licence, text: "A dog licence costs $12. Call {phone}."}
es: {title: Licencia de perro, text: "La licencia de perro cuesta 12 dólares. Llame al {phone}."}
"""
EXAMPLES = """
version: "3.1"
nlu:
- intent: dog_licence
  examples: |
    - how do I license my dog
    - dog licence price
    - register a puppy
    - licencia para mi perro
    - cuánto cuesta registrar un perro
"""


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tiny project that a test may change."""
    copied = tmp_path / "project"
    shutil.copytree(PROJECT, copied)
    monkeypatch.setenv("CIVICDESK_CITY", str(copied / "city.yml"))
    monkeypatch.setenv("CIVICDESK_CONTENT", str(copied / "content"))
    return copied


def importer(project: Path) -> ContentImporter:
    return ContentImporter(None, str(project / "domain.yml"), [str(project / "data")])


def test_an_answer_brings_its_intent_response_and_rule(copy: Path) -> None:
    domain = importer(copy).get_domain()
    assert {"bins", "passport"} <= set(domain.intents)
    response = domain.responses["utter_bins"][0]
    assert response["metadata"] == {"answer": "bins", "variables": ["phone"]}
    assert response["buttons"][0]["title"] == "Report it"
    assert {"utter_bins", "utter_greet"} <= set(domain.action_names_or_texts)
    rules = {step.block_name for step in importer(copy).get_stories().story_steps}
    assert {"answer bins", "answer passport", "greet"} <= rules
    titles = [
        e.get("text") for e in importer(copy).get_nlu_data().intent_examples if e.get("intent") == "bins"
    ]
    assert {"bin day", "día de la basura"} <= set(titles)


async def test_an_added_answer_is_given(copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    from bot.rasa_patches.actions_endpoint import ActionsEndpoint
    from bot.server import load_assistant

    (copy / "content/answers/dog_licence.yml").write_text(ANSWER, encoding="utf-8")
    (copy / "data/dog_licence.yml").write_text(EXAMPLES, encoding="utf-8")
    assistant = load_assistant(train(copy, tmp_path), ActionsEndpoint("http://127.0.0.1:1", "secret"))
    asked = TurnRequest(str(uuid.uuid4()), str(uuid.uuid4()), "what is the price of a dog licence?", None)
    answer = await assistant.take(asked)
    assert answer["replies"][0]["answer"] == "dog_licence"
    assert answer["replies"][0]["text"] == "A dog licence costs $12. Call 555-0199."


def test_a_file_with_another_id_is_refused_with_its_name(copy: Path) -> None:
    (copy / "content/answers/cats.yml").write_text(ANSWER, encoding="utf-8")
    with pytest.raises(ProjectError, match=r"cats\.yml.*'dog_licence'"):
        read_answers(load_project())


@pytest.mark.parametrize("broken", ["en: {text: [", "- a list", ""])
def test_a_broken_file_is_named(copy: Path, broken: str) -> None:
    (copy / "content/answers/bins.yml").write_text(broken, encoding="utf-8")
    with pytest.raises(ProjectError, match=r"bins\.yml"):
        read_answers(load_project())


def test_a_missing_city_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICDESK_CITY", str(tmp_path / "city.yml"))
    with pytest.raises(ProjectError, match=r"city\.yml cannot be read"):
        load_project()


def test_near_misses_and_sentences_of_answers_are_no_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CIVICDESK_CITY", "CIVICDESK_CONTENT"):
        monkeypatch.delenv(name, raising=False)
    data = ContentImporter(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]
    ).get_nlu_data()
    strange = [message for message in data.training_examples if message.get("near_miss")]
    assert len(strange) > 100
    lines = [message for message in data.training_examples if message.get("answer_line")]
    assert {message.get("answer_line") for message in lines} >= {"passport", "noise"}
    assert not data.has_e2e_examples()
    for mark in ("near_miss", "answer_line"):
        assert not any(message.get(mark) for message in [*data.nlu_examples, *data.intent_examples])
