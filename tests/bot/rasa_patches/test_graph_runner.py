"""Our runner gives the same results as Rasa's, and refuses what cannot be run."""

from collections.abc import Iterable
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_patches.graph_runner import StraightRunner
from tests.bot.fixtures import Bot


def test_gives_what_dask_gives(bot: Bot) -> None:
    ours, metadata = bot.assistant.graph_runner, bot.assistant.model_metadata
    theirs = object.__new__(DaskGraphRunner)
    theirs._graph_schema, theirs._instantiated_nodes = ours._schema, ours._nodes
    theirs._execution_context = None
    tracker = DialogueStateTracker("c1", bot.assistant.domain.slots)
    tracker.update(ActionExecuted("action_listen"))
    for text in ("how do I renew my passport?", "¿cuándo recogen la basura?", "", "12 Mill Lane", "xyzzy"):
        inputs = {PLACEHOLDER_MESSAGE: [UserMessage(text)], PLACEHOLDER_TRACKER: tracker}
        read = [runner.run(inputs, [metadata.nlu_target])[metadata.nlu_target] for runner in (ours, theirs)]
        assert [message.as_dict() for message in read[0]] == [message.as_dict() for message in read[1]]
        said = [
            runner.run({PLACEHOLDER_TRACKER: tracker}, [metadata.core_target]) for runner in (ours, theirs)
        ]
        assert said[0] == said[1]


class _Node:
    def __init__(self, name: str, does: Any = None) -> None:
        self._name, self._does, self._component = name, does, None
        self.calls: list[dict[str, Any]] = []

    def __call__(self, *received: tuple[str, Any]) -> tuple[str, Any]:
        self.calls.append(dict(received))
        return self._name, self._does(dict(received)) if self._does else dict(received)


def _runner(needs: dict[str, dict[str, str]], **nodes: _Node) -> StraightRunner:
    schema = GraphSchema(
        {
            name: SchemaNode(
                needs=of, uses=object, constructor_name="create", fn="run", config={}, is_target=True
            )
            for name, of in needs.items()
        }
    )
    return StraightRunner(schema, {name: nodes.get(name) or _Node(name) for name in needs})


def test_each_node_runs_once_after_what_it_needs_and_others_do_not_run() -> None:
    order: list[str] = []

    def noting(name: str) -> _Node:
        def run(received: Iterable[str]) -> list[str]:
            order.append(name)
            return sorted(received)

        return _Node(name, run)

    needs = {"last": {"x": "left", "y": "right"}, "left": {"x": "first"}, "right": {"x": "first"}}
    needs |= {"first": {"x": "__given__"}, "other": {"x": "first"}}
    run = _runner(needs, **{name: noting(name) for name in needs})
    assert run.run({"__given__": 1}, ["last"]) == {"last": ["left", "right"]}
    assert sorted(order) == ["first", "last", "left", "right"]
    assert (order[0], order[-1]) == ("first", "last")


def test_a_missing_input_is_an_error() -> None:
    with pytest.raises(GraphRunError, match="needs __given__"):
        _runner({"first": {"x": "__given__"}}).run({}, ["first"])


def test_an_error_of_a_component_ends_the_run(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    runner, target = bot.assistant.graph_runner, bot.assistant.model_metadata.nlu_target

    def broken(*given: Any) -> None:
        raise ValueError

    monkeypatch.setattr(runner._nodes[target], "_fn", broken)
    inputs = {PLACEHOLDER_MESSAGE: [UserMessage("hello")], PLACEHOLDER_TRACKER: None}
    with pytest.raises(GraphComponentException):
        runner.run(inputs, [target])
