"""Reports the rows of a benchmark: a table for people, var/bench/<name>.json for programs."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

FOLDER = Path(os.environ.get("CIVICDESK_BENCH_FOLDER", "var/bench"))
"""Where figures and logs go. A short run has a folder of its own, so that it never replaces the figures of a whole one."""


@dataclass(frozen=True)
class Row:
    """One figure. `limit`: anything worse is a failure. `goal`: what we aim for."""

    name: str
    ours: float
    rival: float
    rival_name: str
    limit: float
    goal: float
    better: Literal["higher", "lower"]
    unit: str


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not below at least `share` of all values (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def table(title: str, rows: Sequence[Row], notes: Sequence[str]) -> str:
    """Format the rows as text."""
    head = ("", "Civicdesk", "rival", "goal", "limit", "")
    body = [
        (row.name, f"{row.ours:.1f}", f"{row.rival:.1f}", f"{row.goal:.0f}", f"{row.limit:.0f}", row.unit)
        for row in rows
    ]
    widths = [max(len(line[place]) for line in [head, *body]) for place in range(len(head))]
    lines = [
        "  ".join(
            text.ljust(widths[0]) if place == 0 else text.rjust(widths[place])
            for place, text in enumerate(line)
        )
        for line in [head, *body]
    ]
    rivals = sorted({row.rival_name for row in rows})
    return "\n".join(
        [title, "", *lines, "", *(f"rival: {name}" for name in rivals), *(f"note: {note}" for note in notes)]
    )


def write(name: str, rows: Sequence[Row], left_out: Mapping[str, str] = MappingProxyType({})) -> Path:
    """Save the rows atomically. Rows that were left out are listed there too, with the reason."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.json"
    draft = path.with_suffix(".new")
    listed: list[dict[str, object]] = [asdict(row) for row in rows]
    listed += [{"name": name, "left_out": why} for name, why in left_out.items()]
    draft.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    draft.rename(path)
    return path


def keep(bench: str, rows: Sequence[Row]) -> Path:
    """Replace a bench's rows in performance.json. Row names begin with the bench's name."""
    path = FOLDER / "performance.json"
    try:
        before = [Row(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        before = []  # none yet, or in an older format: every bench rewrites its own
    others = [row for row in before if not row.name.startswith(f"{bench}: ")]
    return write("performance", [*others, *(replace(row, name=f"{bench}: {row.name}") for row in rows)])
