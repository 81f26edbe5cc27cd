"""Written dialogues against the real bot: what a citizen says, and what must come back. Each prediction is compared with the
one that Rasa's own policies make; a turn with another one fails.

A step is `say` (text), `press` (a button's intent and entities) or `press_title` (a button of the last
answer, by its key or intent). `expect` may have:
    said         the responses and answers, in order, all of them
    last         the last response or answer only
    one_of       the last response or answer is one of these
    never        none of these was said
    parts        the part of each answer that was given, in order, null for a whole answer
    form         the active form, null for none
    language     the language of the answer
    directives   each given directive, by the fields named; without the key there must be none
    variables    fields of the last reply's variables
    offers       answers or intents that the last reply's buttons lead to
"""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from tests.support.bot import COMPARE, LANGUAGES, METADATA, Bot

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parent
DIALOGUES: dict[str, dict[str, Any]] = {
    f"{path.stem}: {dialogue['name']}": dialogue
    for path in sorted(FOLDER.glob("*.yml"))
    for dialogue in yaml.safe_load(path.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("dialogue", DIALOGUES.values(), ids=DIALOGUES)
def test_dialogue(bot: Bot, dialogue: dict[str, Any]) -> None:
    conversation = str(uuid4())
    contact = {"id": str(uuid4()), "name": None, "email": None, "phone": None, **dialogue.get("contact", {})}
    metadata = {**METADATA, COMPARE: True, **dialogue.get("metadata", {}), "contact": contact}
    language: str | None = dialogue.get("conversation_language")
    answer: dict[str, Any] = {}
    for number, step in enumerate(dialogue["steps"], 1):
        told = {**metadata, **step.get("metadata", {})}
        body = {**_message(step, answer), "language": language, "metadata": told}
        answer = bot.turn(conversation, body)
        where = f"step {number}, {step.get('say') or body.get('intent')!r}: parsed as {_parsed(answer)}"
        _check(answer, step.get("expect", {}), dialogue["language"], where)
        language = answer["language"]


def test_there_are_enough_dialogues_in_each_language() -> None:
    spoken = [dialogue["language"] for dialogue in DIALOGUES.values()]
    assert len(spoken) >= 65
    assert all(spoken.count(language) >= 12 for language in LANGUAGES), {
        one: spoken.count(one) for one in LANGUAGES
    }


def _message(step: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    if "say" in step:
        return {"kind": "text", "text": step["say"]}
    pressed = step["press"]
    if isinstance(pressed, str):
        offered = [button for reply in before["replies"] for button in reply["buttons"]]
        found = [button for button in offered if pressed in (button["title"], button["key"])]
        assert found, f"no button {pressed!r} among {offered}"
        return {"kind": "payload", "intent": found[0]["intent"], "entities": found[0]["entities"]}
    return {"kind": "payload", "text": pressed.get("text"), **{"entities": {}, **pressed}}


def _check(answer: dict[str, Any], expect: dict[str, Any], language: str, where: str) -> None:
    said = [reply["answer"] or reply["response"] for reply in answer["replies"]]
    where = f"{where}; said {said}"
    if "said" in expect:
        assert said == expect["said"], where
    if "last" in expect:
        assert said and said[-1] == expect["last"], where
    if "one_of" in expect:
        assert said and said[-1] in expect["one_of"], where
    if "parts" in expect:
        given = [reply["part"] for reply in answer["replies"] if reply["answer"]]
        assert given == expect["parts"], f"{where}; parts {given}"
    assert not set(said) & set(expect.get("never", [])), where
    if "form" in expect:
        assert answer["form"] == expect["form"], where
    assert answer["language"] == expect.get("language", language), where
    wanted = expect.get("directives", [])
    assert len(answer["directives"]) == len(wanted), f"{where}; directives {answer['directives']}"
    for given, directive in zip(answer["directives"], wanted, strict=True):
        for field, value in directive.items():
            if isinstance(value, dict) and set(value) == {"contains"}:
                assert value["contains"] in given[field], f"{where}; {field}: {given[field]!r}"
            else:
                assert given.get(field) == value, f"{where}; {field} of {given}"
    variables = answer["replies"][-1]["variables"] if answer["replies"] else {}
    for name, value in expect.get("variables", {}).items():
        if isinstance(value, dict):
            assert value["contains"] in variables[name], f"{where}; {name}: {variables[name]!r}"
        else:
            assert variables.get(name) == value, f"{where}; {name}: {variables.get(name)!r}"
    offered = [
        button["entities"].get("answer") or button["intent"]
        for reply in answer["replies"][-1:]
        for button in reply["buttons"]
    ]
    assert set(expect.get("offers", [])) <= set(offered), f"{where}; offered {offered}"


def _parsed(answer: dict[str, Any]) -> str:
    parse = answer["parse"]
    return f"{parse['intent']} ({parse['confidence']:.2f})"
