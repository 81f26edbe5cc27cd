"""Every regular expression of a package: those that its modules keep, and those written where they are used."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

CALLS = frozenset({"compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"})


def patterns_of(*packages: str) -> dict[str, Any]:
    """{"module.name" or "module:line": compiled pattern} of the packages and all that is in them. Each module is imported."""
    found: dict[str, Any] = {}
    for package in packages:
        for module in _modules(package):
            for name, value in vars(module).items():
                for number, pattern in enumerate(_compiled(value)):
                    if pattern not in found.values():  # a module may have imported it
                        found[f"{module.__name__}.{name}" + (f"[{number}]" if number else "")] = pattern
            found |= {f"{module.__name__}:{line}": pattern for line, pattern in _written(module)}
    return found


def _modules(package: str) -> Iterator[ModuleType]:
    root = importlib.import_module(package)
    yield root
    for info in pkgutil.walk_packages(root.__path__, f"{package}."):
        if not info.name.endswith(".__main__") and ".migrations" not in info.name:
            yield importlib.import_module(info.name)


def _compiled(value: object) -> Iterator[Any]:
    if hasattr(value, "finditer") and hasattr(value, "pattern"):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _compiled(inner)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for inner in value:
            yield from _compiled(inner)


def _written(module: ModuleType) -> Iterator[tuple[int, Any]]:
    """Patterns that are a literal argument, such as `re.sub(r"\\s+", " ", text)`; they are compiled as they stand there."""
    path = Path(module.__file__ or "")
    if path.suffix != ".py":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        used, first = node.func.value, node.args[0]
        if isinstance(used, ast.Name) and used.id in ("re", "regex") and node.func.attr in CALLS:
            if isinstance(first, ast.Constant) and isinstance(first.value, (str, bytes)):
                engine = importlib.import_module(used.id)
                yield node.lineno, engine.compile(first.value, _flags(node, engine))


def _flags(node: ast.Call, engine: ModuleType) -> int:
    """What `re.IGNORECASE | re.DOTALL` among the arguments comes to."""
    named = {inner.attr for argument in (*node.args[1:], *(k.value for k in node.keywords)) for inner in ast.walk(argument) if isinstance(inner, ast.Attribute)}
    flags = 0
    for name in named:
        flag = getattr(engine, name, None)
        if isinstance(flag, re.RegexFlag) or (name.isupper() and isinstance(flag, int)):
            flags |= int(flag)
    return flags
