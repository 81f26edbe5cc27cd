"""What each process does with each table, read from its source. The roles' rights are compared with it.

From a process's entry, functions are followed by name. The SQL that they hold gives the verbs. It finds too much rather
than too little where two functions have one name.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("backends", "channels", "city", "console", "desk", "gateway")
ENTRIES = {"civicdesk_gateway": "gateway.__main__", "civicdesk_worker": "desk.worker"}
Needs = dict[str, set[str]]
"""Table -> verbs."""


@dataclass
class _Function:
    """A function, or a module's own top level. `names` are those it mentions, `sql` what it may send."""

    module: str
    names: set[str] = field(default_factory=set)
    stored: set[tuple[str, str]] = field(default_factory=set)
    sql: list[str] = field(default_factory=list)


@dataclass
class _Module:
    imports: set[str] = field(default_factory=set)
    functions: dict[str, list[_Function]] = field(default_factory=dict)
    top: _Function | None = None


def needs(role: str, tables: frozenset[str]) -> Needs:
    """What the process of this role does, by table."""
    modules = _imported(ENTRIES[role])
    seen: set[int] = set()
    found: Needs = {}
    waiting = [module.top for module in modules.values() if module.top]
    waiting += modules[ENTRIES[role]].functions["main"]
    by_name: dict[str, list[_Function]] = {}
    for name, module in modules.items():
        for bare, functions in module.functions.items():
            if not name.startswith("desk.store."):
                by_name.setdefault(bare, []).extend(functions)
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        for text in one.sql:
            for table, verb in _verbs(text, tables):
                found.setdefault(table, set()).add(verb)
        for name in one.names:
            waiting += by_name.get(name, [])
        for name, bare in one.stored:
            waiting += modules[name].functions.get(bare, []) if name in modules else []
    return found


def _imported(entry: str) -> dict[str, _Module]:
    found: dict[str, _Module] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in found and (path := _path(name)):
            found[name] = _read(name, path)
            waiting += found[name].imports
    return found


def _path(module: str) -> Path | None:
    base = ROOT / module.replace(".", "/")
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if module.split(".")[0] in PACKAGES and path.is_file():
            return path
    return None


@cache
def _read(name: str, path: Path) -> _Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    module, aliases, constants = _Module(), {}, {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            module.imports |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                module.imports |= {node.module, whole}
                aliases[alias.asname or alias.name] = whole
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _text(node.value):
            constants[node.targets[0].id] = _text(node.value)
            # Other modules mention it as they mention a function.
            module.functions[node.targets[0].id] = [_Function(name, sql=[_text(node.value)])]

    def function(nodes: list[ast.AST]) -> _Function:
        one = _Function(name)
        for root in nodes:
            for node in _walk(root):
                if isinstance(node, ast.Name):
                    one.names.add(node.id)
                    if name.startswith("desk.store."):
                        one.stored.add((name, node.id))
                    if node.id in constants:
                        one.sql.append(constants[node.id])
                    if aliases.get(node.id, "").startswith("desk.store."):
                        module_name, _, bare = aliases[node.id].rpartition(".")
                        one.stored.add((module_name, bare))
                elif isinstance(node, ast.Attribute):
                    one.names.add(node.attr)
                    if isinstance(node.value, ast.Name) and node.value.id in aliases:
                        one.stored.add((aliases[node.value.id], node.attr))
                elif text := _text(node):
                    one.sql.append(text)
        return one

    top: list[ast.AST] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            module.functions.setdefault(node.name, []).append(function([node]))
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    # Whoever names the class may run what Python itself calls.
                    called = node.name if inner.name.startswith("__") else inner.name
                    module.functions.setdefault(called, []).append(function([inner]))
        elif not isinstance(node, ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign):
            top.append(node)
    if not any(isinstance(node, ast.If) and "__main__" in ast.unparse(node.test) for node in top):
        module.top = function(top)
    return module


def _walk(root: ast.AST) -> Iterator[ast.AST]:
    """Every node, but not the pieces of a text that was put together."""
    yield root
    if not _text(root):
        for child in ast.iter_child_nodes(root):
            yield from _walk(child)
    elif isinstance(root, ast.JoinedStr):
        for part in root.values:
            if isinstance(part, ast.FormattedValue):
                yield from _walk(part.value)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "?" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left) + _text(node.right)
    return ""


def _verbs(text: str, tables: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Table and verb, as PostgreSQL asks for the right: who names a column of a row, or locks it, needs more than one."""
    text = " ".join(text.split())
    for words, verbs in (
        (r"INSERT INTO (\w+)", ("INSERT",)),
        (r"(?<!FOR )(?<!KEY )(?<!DO )UPDATE (\w+)", ("UPDATE", "SELECT")),
        (r"DELETE FROM (\w+)", ("DELETE", "SELECT")),
        (r"(?:FROM|JOIN|USING) (\w+)", ("SELECT",)),
        (r"FROM [\w ]+, (\w+)", ("SELECT",)),
    ):
        for found in re.finditer(words, text):
            for verb in verbs if found[1] in tables else ():
                yield found[1], verb
    if into := re.search(r"INSERT INTO (\w+)", text):
        rest = text[into.end() :]
        if into[1] in tables and ("ON CONFLICT" in rest or "RETURNING" in rest):
            yield into[1], "SELECT"
        if into[1] in tables and "DO UPDATE" in rest:
            yield into[1], "UPDATE"
    for found in re.finditer(r"FOR (?:NO KEY )?(?:UPDATE|SHARE)(?: OF (\w+))?", text):
        # Its own SELECT, or, where rows are named, any before it.
        before = text[: found.start()] if found[1] else text[: found.start()].rpartition("SELECT")[2]
        for table, alias in re.findall(r"(?:FROM|JOIN) (\w+)(?: AS)?(?: (\w+))?", before):
            if table in tables and found[1] in (None, table, alias):
                yield table, "UPDATE"
