"""`python -m bench`: runs every load benchmark in turn, each in its own process. `--short` is a trial run."""

import os
import subprocess
import sys
import time

BENCHES = (
    "cold",
    "message-cost",
    "intake",
    "turn",
    "surge",
    "growth",
    "wall",
    "desk",
    "idle",
    "many-answers",
    "outage",
    "slow-line",
    "page-search",
    "publishing",
    "difference-run",
)
SHORT = {
    "idle": ["--windows", "300", "--seconds", "10"],
}


def main(arguments: list[str]) -> int:
    """The worst exit code of all: 1 if a limit was exceeded, 2 if something could not be measured."""
    short = "--short" in arguments
    chosen = [one for one in arguments if not one.startswith("--")] or list(BENCHES)
    codes = {}
    for name in chosen:
        if name not in BENCHES:
            print(f"There is no benchmark '{name}'. There are: {', '.join(BENCHES)}.", file=sys.stderr)
            return 2
        options = SHORT.get(name, ["--short"]) if short else []
        began = time.monotonic()
        # Each benchmark has its own time limit, and stops what it started.
        codes[name] = subprocess.run(
            [sys.executable, "-m", f"bench.{name.replace('-', '_')}", *options],
            env={"CIVICDESK_BENCH_FOLDER": "var/bench/short", **os.environ} if short else None,
            check=False,
        ).returncode
        print(f"== {name}: exit code {codes[name]} after {time.monotonic() - began:.0f} s\n", flush=True)
    return max(codes.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
