"""Runs the trained graph one node after the other, in an order that is worked out once.

Rasa hands every message and every prediction to dask, which plans the graph, makes a future for each node and
keeps books on all of them: for nodes that take a tenth of a millisecond that is most of the time. Ours has
nothing to run in parallel. Nodes are made and called as Rasa makes and calls them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class StraightRunner(GraphRunner):
    """For a loaded model. A node that fails raises as it does under dask: GraphComponentException or a RasaException."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._plans: dict[tuple[str, ...], list[tuple[str, GraphNode, list[str]]]] = {}

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
        given = dict(inputs or {})
        found: dict[str, Any] = {}
        for name, node, needs in self._plan(wanted):
            received = []
            for need in needs:
                if need in found:
                    received.append((need, found[need]))
                elif need in given:
                    received.append((need, given[need]))
                else:
                    raise GraphRunError(f"The node {name} needs {need}, and nothing gives it.")
            found[name] = node(*received)[1]
        return {name: found[name] for name in wanted}

    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, GraphNode, list[str]]]:
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
                (name, self._nodes[name], list(dict.fromkeys(needed[name].needs.values())))
                for name in ordered
            ]
        return self._plans[targets]
