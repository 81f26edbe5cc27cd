"""`python -m bench`: every benchmark of load, one after the other, each in a process of its own. `--short` tries them."""

import os
import subprocess
import sys
import time

BENCHES = ("cold", "message-cost", "intake", "turn", "surge", "growth", "idle")
SHORT = {
    "idle": ["--windows", "300", "--seconds", "10"],
}


def main(arguments: list[str]) -> int:
    """The worst exit code of all: 1 when a limit was passed, 2 when something could not be measured."""
    short = "--short" in arguments
    chosen = [one for one in arguments if not one.startswith("--")] or list(BENCHES)
    codes = {}
    for name in chosen:
        if name not in BENCHES:
            print(f"There is no benchmark '{name}'. There are: {', '.join(BENCHES)}.", file=sys.stderr)
            return 2
        options = SHORT.get(name, ["--short"]) if short else []
        began = time.monotonic()
        # Each is bounded by itself, and stops what it started.
        codes[name] = subprocess.run(
            [sys.executable, "-m", f"bench.{name.replace('-', '_')}", *options],
            env={"CIVICDESK_BENCH_FOLDER": "var/bench/short", **os.environ} if short else None,
            check=False,
        ).returncode
        print(f"== {name}: exit code {codes[name]} after {time.monotonic() - began:.0f} s\n", flush=True)
    return max(codes.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
