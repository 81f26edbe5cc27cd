"""Runs the trained graph one node after the other, in an order that is worked out once.

Rasa hands every message and every prediction to dask, which plans the graph, makes a future for each node and
keeps books on all of them: for nodes that take a tenth of a millisecond that is most of the time. Ours has
nothing to run in parallel. Nodes are made as Rasa makes them; what a node calls is called without its hooks, which
ours lack, and without a line for its debug log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.exceptions import InvalidConfigException, RasaException

Call = Callable[[Mapping[str, Any]], Any]  # from {node or input: what it gave} to what this node gives


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
        """What the nodes have loaded."""
        return (node._component for node in self._nodes.values() if node._component is not None)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """{target: what it gives}. `inputs`: what nodes need and no node gives. Raises GraphRunError."""
        wanted = tuple(targets or self._schema.target_names)
        found: dict[str, Any] = dict(inputs or {})
        for name, call, needs in self._plan(wanted):
            for need in needs:
                if need not in found:
                    raise GraphRunError(f"The node {name} needs {need}, and nothing gives it.")
            found[name] = call(found)
        return {name: found[name] for name in wanted}

    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, Call, list[str]]]:
        """The nodes that `targets` need, each after those it needs itself."""
        if targets not in self._plans:
            needed = self._schema.minimal_graph_schema(list(targets)).nodes
            ordered: list[str] = []

            def visit(name: str) -> None:
                if name in ordered or name not in needed:  # what is not in the graph is an input
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
    """How to run the node. One that is not simply a loaded component is called as Rasa calls it."""
    if type(node) is not GraphNode or not node._eager or node._hooks:
        return lambda found: node(*((need, found[need]) for need in needs))[1]
    parameters = list(node._inputs.items())

    def call(found: Mapping[str, Any]) -> Any:
        given = {parameter: found[need] for parameter, need in parameters}
        # Rasa calls the class; what policies.py has put on a loaded policy is on the object
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
