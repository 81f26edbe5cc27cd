"""The measurements of the understanding benchmark. Each runs once for the same code and data."""

import hashlib
import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, stdev

from bench.report import FOLDER
from bench.support.processes import BenchError
from bench.support.product import bot_python

HOURS = 1.0
CODE = ("spelling", "features", "classifier", "scope")  # of bot/understanding
OWN = ("data/nlu", "data/near_misses", "data/evaluation", "content/answers")


def measured(what: str, seed: int, data: Path | None, *, again: bool) -> dict[str, float]:
    """One run of `python -m bot.evaluate`, cached under var/bench by a hash of its inputs. Raises BenchError."""
    kept = FOLDER / "understanding" / f"{what}-{seed}-{_hash(what, data)}.json"
    if kept.is_file() and not again:
        return dict(json.loads(kept.read_text(encoding="utf-8")))
    print(f"measuring {what}, seed {seed} ...", flush=True)
    kept.parent.mkdir(parents=True, exist_ok=True)
    log = kept.with_suffix(".log")
    environ = {**os.environ, "PYTHONPATH": str(Path.cwd()), "PYTHONWARNINGS": "ignore"}
    with log.open("wb") as file:
        done = subprocess.run(
            [bot_python(), "-m", "bot.evaluate", what, str(seed), *([str(data)] if data else [])],
            env=environ, stdout=subprocess.PIPE, stderr=file, timeout=HOURS * 3600, check=False,
        )  # fmt: skip
    if done.returncode:
        raise BenchError(f"{what} could not be measured; {log} says why.")
    found: dict[str, float] = json.loads(done.stdout.decode().splitlines()[-1])
    kept.write_text(json.dumps(found), encoding="utf-8")
    return found


def spread(runs: Sequence[dict[str, float]], name: str) -> tuple[float, float]:
    """Mean and standard deviation of a percentage over the seeds."""
    values = [100 * run[name] for run in runs]
    return mean(values), stdev(values) if len(values) > 1 else 0.0


def _hash(what: str, data: Path | None) -> str:
    folders = [
        Path("bot/encoders"),
        Path("bot/evaluate"),
        *(map(Path, OWN) if what.startswith("own") else [data] if data else []),
    ]
    files = [path for folder in folders for path in folder.rglob("*")]
    files += [path for name in CODE for path in Path("bot/understanding", name).rglob("*.py")]
    files.append(Path("bot/understanding/text.py"))
    digest = hashlib.sha256()
    for path in sorted(path for path in files if path.suffix in (".py", ".yml", ".tsv")):
        digest.update(f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:12]
