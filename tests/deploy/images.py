"""The images and how their Dockerfiles read."""

import re
from pathlib import Path

from tests.deploy.compose import TOP

FILES = {name: TOP / "deploy" / f"{name}.Dockerfile" for name in ("app", "bot")}
IMAGE_OF = {"gateway": "app", "worker": "app", "actions": "app", "prepare": "app", "bot": "bot"}


def instructions(path: Path) -> list[tuple[str, str]]:
    """(INSTRUCTION, the rest) in order; continued lines joined, comments out."""
    text = re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.M).replace("\\\n", " ")
    return [
        (line.split(None, 1)[0].upper(), line.split(None, 1)[1]) for line in text.splitlines() if line.strip()
    ]


def final_stage(path: Path) -> list[tuple[str, str]]:
    found = instructions(path)
    last = max(index for index, (name, _) in enumerate(found) if name == "FROM")
    return found[last:]
