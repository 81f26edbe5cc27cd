"""Rules for every test: nothing is skipped, nothing waits for a fixed time, nothing is imported from a test module."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FILES = sorted(path for path in TESTS.rglob("*.py") if "node_modules" not in path.parts)
SKIPS = {"skip", "skipif", "skipIf", "skipUnless", "skipTest", "importorskip", "xfail"}
LONGEST_PAUSE = 0.5
"""Seconds between two looks at a condition."""


def imported_tests(tree: ast.AST, home: str) -> Iterator[str]:
    """Modules that a file of the folder `home` may not import."""
    for module in _modules(tree):
        parts = module.split(".")
        if parts[0] != "tests":
            continue
        if any(part == "conftest" or part.startswith("test_") for part in parts):
            yield f"{module}: a test module or a conftest; what is shared belongs in tests/support"
        elif len(parts) > 1 and parts[1] not in ("support", home):
            yield f"{module}: of another folder; what is shared belongs in tests/support"


def skips(tree: ast.AST) -> Iterator[str]:
    """Whatever would leave a test out. A test whose needs are not met fails, with what to do."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in SKIPS and _names_a_runner(node):
            yield f"line {node.lineno}: {node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module in ("pytest", "unittest"):
            yield from (f"line {node.lineno}: {one.name}" for one in node.names if one.name in SKIPS)


def sleeps(tree: ast.AST, lines: list[str]) -> Iterator[str]:
    """Waiting for a fixed time: not between two looks in a loop, not 0 (which lets others run), and without a reason."""
    inside_loops = {
        id(inner)
        for loop in ast.walk(tree)
        if isinstance(loop, ast.While | ast.For | ast.AsyncFor)
        for inner in ast.walk(loop)
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and _called(node) == "sleep" and node.args):
            continue
        seconds = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        short = isinstance(seconds, int | float) and seconds <= LONGEST_PAUSE
        if seconds == 0 or (short and id(node) in inside_loops) or "  # " in lines[node.lineno - 1]:
            continue
        yield f"line {node.lineno}: sleep; wait for a condition (tests/support/waiting.py), or say why in a comment"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TESTS)))
def test_every_file_keeps_to_it(path: Path) -> None:
    text = path.read_text("utf-8")
    tree, parts = ast.parse(text), path.relative_to(TESTS).parts
    found = [*imported_tests(tree, parts[0]), *skips(tree), *sleeps(tree, text.splitlines())]
    assert found == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("from tests.desk.outbound.test_delivery import Provider", 1),
        ("from tests.desk import test_delivery", 1),
        ("import tests.desk.conftest", 1),
        ("from tests.gateway.parts import one", 1),
        ("from tests.desk.parts import one\nfrom tests.support import clock\nimport json", 0),
        ("import pytest\npytest.skip('no')", 1),
        ("@pytest.mark.skipif(True, reason='no')\ndef test(): ...", 1),
        ("from pytest import importorskip", 1),
        ("class Case(unittest.TestCase):\n    def test(self): self.skipTest('no')", 1),
        ("form.skip()", 0),
        ("time.sleep(0.5)", 1),
        ("await asyncio.sleep(1)  # the provider's own pause", 0),
        ("while not done():\n    time.sleep(0.01)", 0),
        ("while not done():\n    time.sleep(5)", 1),
        ("await asyncio.sleep(0)", 0),
    ],
)
def test_the_rules_see_what_is_wrong(text: str, count: int) -> None:
    tree = ast.parse(text)
    found = [*imported_tests(tree, "desk"), *skips(tree), *sleeps(tree, text.splitlines())]
    assert len(found) == count


def _modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "tests":
            names = [one.name for one in node.names]
            parts = node.module.split(".")
            # `from tests.desk import test_delivery` names a module too.
            is_module = [
                name for name in names if name.startswith("test_") or name == "conftest" or len(parts) == 1
            ]
            yield from (f"{node.module}.{name}" for name in is_module)
            if len(is_module) < len(names):
                yield node.module


def _names_a_runner(node: ast.Attribute) -> bool:
    """`pytest.skip`, `pytest.mark.skipif`, `unittest.skipIf`, `self.skipTest`; not `form.skip`."""
    root: ast.expr = node
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(root, ast.Name) and (root.id in ("pytest", "unittest") or node.attr == "skipTest")


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""
