"""Every regular expression of a package: those that its modules keep, and those written where they are used."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

ANCHORED = frozenset({"match", "fullmatch"})
SEARCHING = frozenset({"search", "findall", "finditer", "sub", "subn", "split"})
METHODS = ANCHORED | SEARCHING | {"compile"}
_METHOD = re.compile(rf"\.(?:{'|'.join(sorted(METHODS))})\(")


class Used(NamedTuple):
    """A compiled pattern (of `re` or of `regex`), and whether it is looked for everywhere in a text or at its start only."""

    pattern: Any
    searched: bool

    def look(self, text: str) -> None:
        """All that the code may do with a text."""
        subject = text.encode("utf-8", "surrogatepass") if isinstance(self.pattern.pattern, bytes) else text
        self.pattern.fullmatch(subject)
        if self.searched:
            for _ in self.pattern.finditer(subject):
                pass


def patterns_of(packages: Iterable[str], leave_out: Iterable[str] = ()) -> dict[str, Used]:
    """{"module.name" or "module:line": pattern}. Each module is imported, but for those that `leave_out` names."""
    modules = [module for package in packages for module in _modules(package, frozenset(leave_out))]
    calls = {module: _calls(Path(str(module.__file__))) for module in modules}
    methods = {module: _methods(calls[module]) for module in modules}
    everywhere = _methods(call for each in calls.values() for call in each)
    found: dict[str, Used] = {}
    known: set[tuple[object, int]] = set()

    def add(name: str, pattern: Any, searched: bool) -> None:
        if (pattern.pattern, pattern.flags) not in known:  # a module may have imported it
            known.add((pattern.pattern, pattern.flags))
            found[name] = Used(pattern, searched)

    for module in modules:
        for name, value in vars(module).items():
            called = (methods[module] if name.startswith("_") else everywhere).get(name, SEARCHING)
            for number, pattern in enumerate(_compiled(value)):
                searched = bool(called & SEARCHING)
                add(f"{module.__name__}.{name}" + (f"[{number}]" if number else ""), pattern, searched)
    for module in modules:
        for call, engine, text in _literals(calls[module]):
            name = f"{module.__name__}:{call.lineno}"
            add(name, engine.compile(text, _flags(call, engine)), _method(call) not in ANCHORED)
    return found


def _modules(package: str, leave_out: frozenset[str]) -> Iterator[ModuleType]:
    root = importlib.import_module(package)
    yield root
    for info in pkgutil.walk_packages(root.__path__, f"{package}."):
        if (
            info.name not in leave_out
            and not info.name.endswith(".__main__")
            and ".migrations" not in info.name
        ):
            yield importlib.import_module(info.name)


def _compiled(value: object) -> Iterator[Any]:
    if type(value).__name__ == "Pattern":
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _compiled(inner)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for inner in value:
            yield from _compiled(inner)


def _methods(calls: Iterable[ast.Call]) -> Mapping[str, frozenset[str]]:
    """What is called of each name: {"_WORD": {"findall"}} of `_WORD.findall(text)`."""
    found: dict[str, frozenset[str]] = {}
    for call in calls:
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        name = (
            owner.id
            if isinstance(owner, ast.Name)
            else owner.attr
            if isinstance(owner, ast.Attribute)
            else ""
        )
        if name and _method(call) in ANCHORED | SEARCHING:
            found[name] = found.get(name, frozenset()) | {_method(call)}
    return found


def _literals(calls: Iterable[ast.Call]) -> Iterator[tuple[ast.Call, ModuleType, str | bytes]]:
    """Patterns that are an argument, such as `re.sub(r"\\s+", " ", text)`."""
    for call in calls:
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        first = call.args[0] if call.args else None
        if not (
            isinstance(owner, ast.Name) and owner.id in ("re", "regex") and isinstance(first, ast.Constant)
        ):
            continue
        if isinstance(first.value, (str, bytes)):
            yield call, importlib.import_module(owner.id), first.value


def _calls(path: Path) -> list[ast.Call]:
    """The calls of a module that may be a pattern's. Most modules have none, and parsing is what costs time."""
    text = path.read_text(encoding="utf-8")
    if not _METHOD.search(text):
        return []
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return [call for call in calls if _method(call) in METHODS]


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _flags(call: ast.Call, engine: ModuleType) -> int:
    """The value of `re.IGNORECASE | re.DOTALL` among the arguments."""
    arguments = [*call.args[1:], *(keyword.value for keyword in call.keywords)]
    names = {
        node.attr
        for one in arguments
        for node in ast.walk(one)
        if isinstance(node, ast.Attribute) and node.attr.isupper()
    }
    flags = 0
    for name in names:
        flags |= int(getattr(engine, name, 0))
    return flags
