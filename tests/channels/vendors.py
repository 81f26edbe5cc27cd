"""The vendors' own API descriptions, and Prism, which serves them: it refuses every call that their schemas forbid.

They are not part of this repository. Where they are absent the tests that need them are skipped, and say so.
"""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from launch.web import node_environment
from tests.e2e.product import free_ports

SPECS = Path(__file__).parents[3] / "shared" / "specs"
PRISM = (
    Path(__file__).parents[1] / "peers" / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
)


def description(name: str) -> Any:
    """A vendor's description, parsed; copy it before you change it. Skips the test, with the reason, if it is not there."""
    path = SPECS / name
    if not path.exists():
        pytest.skip(f"NOT TESTED against {name}: it is expected at ../shared/specs, beside this project")
    return _parsed(path)


@cache
def _parsed(path: Path) -> Any:
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=yaml.CSafeLoader)


def cut(whole: Any, paths: Iterable[str]) -> Any:
    """The description with these paths alone and what they refer to: Prism starts many times faster."""
    wanted = {path: whole["paths"][path] for path in paths}
    components: dict[str, dict[str, Any]] = {}
    waiting = list(_references(wanted))
    while waiting:
        _, _, section, name = waiting.pop().split("/")
        if name not in components.setdefault(section, {}):
            components[section][name] = whole["components"][section][name]
            waiting += _references(components[section][name])
    if "securitySchemes" in whole["components"]:
        components["securitySchemes"] = whole["components"]["securitySchemes"]
    kept = {name: whole[name] for name in ("openapi", "info", "servers", "security") if name in whole}
    return {**kept, "paths": wanted, "components": components}


@contextmanager
def prism(served: Any, folder: Path) -> Iterator[str]:
    """Prism while the block runs; gives its address. Skips if `make peers` did not run."""
    if not PRISM.exists():
        pytest.skip("NOT TESTED against the vendor's description: run `make peers` first")
    file = folder / "described.json"
    file.write_text(json.dumps(served), encoding="utf-8")
    (port,) = free_ports(1)
    with (folder / "prism.log").open("ab") as log:
        process = subprocess.Popen(
            ["node", str(PRISM), "mock", "--errors", "--port", str(port), str(file)],
            env=node_environment(),
            stdout=log,
            stderr=log,
        )
    try:
        _wait(f"http://127.0.0.1:{port}/", process, folder / "prism.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 90
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError as error:
            error.close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("Prism does not answer:\n" + "\n".join(log.read_text().splitlines()[-20:]))


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, child in node.items():
            if key == "$ref" and isinstance(child, str):
                yield child
            elif key == "mapping":
                yield from (one for one in child.values() if isinstance(one, str) and one.startswith("#/"))
            elif key not in ("example", "examples"):
                yield from _references(child)
    elif isinstance(node, list):
        for child in node:
            yield from _references(child)
