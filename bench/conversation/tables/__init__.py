"""One module for each table: TITLE, and `rows(scene)`. Every module of this package is run."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.conversation.scene import Scene
from bench.report import Row

Rows = Callable[[Scene], Awaitable[list[Row]]]


@dataclass(frozen=True)
class Table:
    """`name` is the module's, with hyphens; it begins the names of the table's rows."""

    name: str
    title: str
    rows: Rows


def tables() -> dict[str, Table]:
    """All tables by name, in the order of their names."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        name = module.name.replace("_", "-")
        found[name] = Table(name, loaded.TITLE, loaded.rows)
    return found
