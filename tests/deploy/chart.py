"""The Helm chart as helm renders it, validated with the strict Kubernetes schemas: an unknown field is an error."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from launch.charts import FOLDER, SCHEMAS, find_helm
from tests.deploy.compose import TOP

CHART = TOP / "deploy" / "helm" / "civicdesk"
RELEASE = "civicdesk"
LEAST: dict[str, Any] = {
    "publicUrl": "https://desk.example.org",
    "postgresql": {"port": 5432, "peers": [{"ipBlock": {"cidr": "10.0.5.10/32"}}]},
    "redis": {"port": 6379, "peers": [{"ipBlock": {"cidr": "10.0.5.11/32"}}]},
}
"""What a city must set; all else has a default."""

Object = dict[str, Any]


def helm(*arguments: str, values: dict[str, Any] | None = None) -> "subprocess.CompletedProcess[str]":
    """Run helm with these values on standard input."""
    program = _helm()
    assert program and SCHEMAS.exists(), "There is no helm here: run `make charts`"
    # No cluster, no home, no repository: what is on this machine must not change what is rendered.
    homes = {f"HELM_{name}_HOME": str(FOLDER / name.lower()) for name in ("CACHE", "CONFIG", "DATA")}
    environ = {"PATH": os.environ["PATH"], "HOME": str(FOLDER), "KUBECONFIG": os.devnull, **homes}
    return subprocess.run(
        [program, *arguments, "--values", "-"],
        input=yaml.safe_dump(LEAST if values is None else values),
        capture_output=True,
        text=True,
        env=environ,
        check=False,
    )


def render(release: str = RELEASE, **more: Any) -> list[Object]:
    """Every object of the chart. `more` is merged over LEAST."""
    done = helm("template", release, str(CHART), "--namespace", "desk", values=LEAST | more)
    assert done.returncode == 0, done.stderr
    # The safe loader in C: a thousand lines take half a second without it.
    return [found for found in yaml.load_all(done.stdout, Loader=yaml.CSafeLoader) if found]


def named(objects: list[Object], kind: str) -> dict[str, Object]:
    """Component (gateway, worker …) -> the object of this kind."""
    return {
        one["metadata"]["labels"]["app.kubernetes.io/component"]: one
        for one in objects
        if one["kind"] == kind
    }


def faults(found: Object) -> list[str]:
    """What the schema of its kind says against an object."""
    return list(_faults(json.dumps(found, sort_keys=True)))


@cache
def _faults(text: str) -> tuple[str, ...]:
    # Most objects are the same whatever the values are, and the schemas take their time.
    found = json.loads(text)
    group, _, version = found["apiVersion"].rpartition("/")
    name = "-".join(part for part in (found["kind"].lower(), group.split(".")[0], version) if part)
    errors = _validator(f"{name}.json").iter_errors(found)
    return tuple(f"{found['kind']} {error.json_path}: {error.message}" for error in errors)


@cache
def _helm() -> str | None:
    return find_helm()


@cache
def _validator(name: str) -> Any:
    # Every schema speaks of this one file, of 800 kinds: read once.
    definitions = Resource.from_contents(_schema("_definitions.json"), default_specification=DRAFT202012)
    registry = Registry().with_resource("_definitions.json", definitions)
    return Draft202012Validator(_schema(name), registry=registry)


@cache
def _schema(name: str) -> Any:
    return json.loads((SCHEMAS / Path(name).name).read_text())
