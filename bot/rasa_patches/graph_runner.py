"""Runs the trained graph node by node, in an order computed once.

Rasa passes every message and every prediction to dask, which plans the graph, creates a future for each node and
tracks them all. For nodes that take a tenth of a millisecond that is most of the time, and our graph has
nothing to run in parallel. Nodes are created as by Rasa; their functions are called without hooks, which
ours lack, and without debug logging.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException, RasaException

Call = Callable[[Mapping[str, Any]], Any]  # {node or input: its output} -> this node's output


class StraightRunner(GraphRunner):
    """For a loaded model. A node that fails raises as it does under dask: GraphComponentException or a RasaException."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._plans: dict[tuple[str, ...], list[tuple[str, Call, list[str]]]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> StraightRunner:
        nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, hooks)
            for name, node in graph_schema.nodes.items()
        }
        return cls(graph_schema, nodes)

    @property
    def components(self) -> Iterator[GraphComponent]:
        """The loaded components."""
        return (node._component for node in self._nodes.values() if node._component is not None)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Returns {target: its output}. `inputs` are the values that no node produces. Raises GraphRunError."""
        wanted = tuple(targets or self._schema.target_names)
        found: dict[str, Any] = dict(inputs or {})
        for name, call, needs in self._plan(wanted):
            for need in needs:
                if need not in found:
                    raise GraphRunError(f"The node {name} needs {need}, and nothing gives it.")
            found[name] = call(found)
        return {name: found[name] for name in wanted}

    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, Call, list[str]]]:
        """Returns the nodes that `targets` need, each after its own dependencies."""
        if targets not in self._plans:
            needed = self._schema.minimal_graph_schema(list(targets)).nodes
            ordered: list[str] = []

            def visit(name: str) -> None:
                if name in ordered or name not in needed:  # not in the graph, so it is an input
                    return
                for need in needed[name].needs.values():
                    visit(need)
                ordered.append(name)

            for target in targets:
                visit(target)
            self._plans[targets] = [
                (name, _call_of(self._nodes[name], needs), needs)
                for name in ordered
                for needs in [list(dict.fromkeys(needed[name].needs.values()))]
            ]
        return self._plans[targets]


def _call_of(node: GraphNode, needs: list[str]) -> Call:
    """Returns the call for the node. One that is not simply a loaded component is called as Rasa does."""
    if type(node) is not GraphNode or not node._eager or node._hooks:
        return lambda found: node(*((need, found[need]) for need in needs))[1]
    parameters = list(node._inputs.items())

    def call(found: Mapping[str, Any]) -> Any:
        given = {parameter: found[need] for parameter, need in parameters}
        # Rasa calls the method on the class; policies.py replaces methods on the object
        own = vars(node._component).get(node._fn_name)
        try:
            return own(**given) if own else node._fn(node._component, **given)
        except (InvalidConfigException, RasaException):
            raise
        except Exception as error:
            raise GraphComponentException(
                f"Error running graph component for node {node._node_name}."
            ) from error

    return call
