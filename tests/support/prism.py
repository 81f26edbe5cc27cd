"""Prism, which serves an OpenAPI description and refuses every call that its schemas forbid."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from launch.web import node_environment
from tests.support.ports import free_ports

PRISM = (
    Path(__file__).parents[1] / "peers" / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
)


@contextmanager
def prism(served: Any, folder: Path) -> Iterator[str]:
    """Prism while the block runs; gives its address."""
    assert PRISM.exists(), f"{PRISM} is missing: run `make peers`"
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
