"""`python -m bench.mail_quotes`: how well replies and forwards are separated from quoted text.

Reads the written cases of tests/fixtures/mail_quotes. `--wrong` also prints each case that is not right; use it
for the seen cases only, or the held-out ones are no longer held out.
"""

import argparse
import sys

from bench.mail_quotes.cases import FILES, counted, read_cases
from bench.report import Row, keep, table

RIVAL = "none: what the rules before these made of the same cases is in docs/channels.md"
GOAL = 95.0  # per cent right


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.mail_quotes", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument(
        "--wrong", choices=list(FILES), help="print the cases of this file that are not right"
    )
    options = parser.parse_args(arguments)
    rows: list[Row] = []
    for which in FILES:
        cases = read_cases(which)
        found = counted(cases)
        share = 100 / len(cases)
        cut = len(found["too much cut"])
        rows += [
            Row(f"{which}: right, of {len(cases)}", len(found["right"]) * share, 0, RIVAL, GOAL, GOAL, "higher", "%"),
            Row(f"{which}: too much kept", len(found["too much kept"]), 0, RIVAL, len(cases) * 0.05, 0, "lower", "cases"),
            Row(f"{which}: too much cut", cut, 0, RIVAL, 0, 0, "lower", "cases"),
        ]  # fmt: skip
        if options.wrong == which:
            for outcome in ("too much kept", "too much cut"):
                for case, got in found[outcome]:
                    print(f"=== {outcome}: {case.title}\n{got}\n--- wanted\n{case.wanted}\n")
    print(table("\nReplies and forwards", rows, []))
    print(f"\nwritten: {keep('mail-quotes', rows)}")
    return int(any(row.ours < row.limit if row.better == "higher" else row.ours > row.limit for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
