"""`make coverage`: runs every test under coverage.py, including the processes that the tests start.

Prints the share of executed statements of each package, and the modules that no test reaches: never imported,
or imported without any of their functions being called. A process to which a test gives its own environment,
or which it kills with SIGKILL, is not measured.
"""

import json
import shutil
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path("var/coverage")
PACKAGES = (
    "actions", "backends", "bench", "bot", "channels", "city", "console", "deploy", "desk", "forms", "gateway", "launch",
)  # fmt: skip


@dataclass
class Reach:
    """Statements by package (executed, all), and the modules that no test reaches."""

    packages: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    never_imported: list[str] = field(default_factory=list)
    never_called: list[str] = field(default_factory=list)


def environment() -> dict[str, str]:
    """The variables that make coverage.py measure every Python process. Removes an earlier run's data."""
    folder = FOLDER.absolute()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # Absolute paths: a test may start a process in another folder.
    sources = "\n".join(f"    {Path(name).absolute()}" for name in PACKAGES)
    config = folder / "config.ini"
    config.write_text(
        f"[run]\ndata_file = {folder / 'data'}\nparallel = true\nsigterm = true\nconcurrency = thread,multiprocessing\n"
        f"source =\n{sources}\n"
    )
    return {"COVERAGE_PROCESS_START": str(config)}


def report() -> str:
    """Combine what the processes recorded, and return the table as text."""
    config = f"--rcfile={FOLDER / 'config.ini'}"
    found = FOLDER / "coverage.json"
    for command in (["combine", config, "--quiet"], ["json", config, "--quiet", "-o", str(found)]):
        subprocess.run([sys.executable, "-m", "coverage", *command], check=True)
    reach = reached(json.loads(found.read_text(encoding="utf-8"))["files"], Path.cwd())
    lines = [
        f"{name:<10} {100 * executed / all_of_them:5.1f} % of {all_of_them:,} statements"
        for name, (executed, all_of_them) in sorted(reach.packages.items())
    ]
    for title, modules in (
        ("Imported by no test", reach.never_imported),
        ("Imported, but no test calls a function of", reach.never_called),
    ):
        lines += ["", f"{title}: {len(modules)}", *(f"  {name}" for name in modules)]
    return "\n".join(lines)


def reached(files: dict[str, Any], root: Path) -> Reach:
    """Compute the reach from the `files` of coverage.py's JSON report, whose paths may be absolute."""
    reach = Reach()
    for path, one in sorted(files.items()):
        relative = Path(path).relative_to(root) if Path(path).is_absolute() else Path(path)
        name = ".".join(relative.with_suffix("").parts)
        executed, statements = one["summary"]["covered_lines"], one["summary"]["num_statements"]
        if not statements:
            continue
        reach.packages[relative.parts[0]][0] += executed
        reach.packages[relative.parts[0]][1] += statements
        functions = [part["summary"] for title, part in one["functions"].items() if title]
        bodies = [part for part in functions if part["num_statements"]]
        if not executed:
            reach.never_imported.append(name)
        elif bodies and not any(part["covered_lines"] for part in bodies):
            reach.never_called.append(name)
    return reach
