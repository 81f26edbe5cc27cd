"""`python -m bench.rumours`: how surely is a claim recognised as one that has a verdict, across three languages? Compared with the words
that two texts share. Reads bench/rumours/claims.yml with the bot's encoder; takes half a minute."""

import argparse
import base64
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from bench.report import Row, keep, table
from bench.support.usage import machine
from desk.knowledge.pages.vectors import likeness
from desk.rumours.asking import plain
from desk.rumours.matching import ALIKE, SAME_WORDS, SURE, same_sense
from desk.store.rumours.rumours import VerdictVersion

_EMBED = "import json, sys; from bot.turn.channel import _vectors; json.dump(_vectors(json.load(sys.stdin)), sys.stdout)"
STEPS = (0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)


@dataclass(frozen=True)
class Pair:
    """A published claim and one that is asked about."""

    claim: str
    asked: str
    same: bool
    likeness: float
    words: float
    sense: bool


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if another claim would have got a verdict as its own."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.rumours", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.parse_args(arguments)
    pairs = _pairs()
    for step in STEPS:
        same = [one.likeness >= step for one in pairs if one.same]
        other = [one.likeness >= step and one.sense for one in pairs if not one.same]
        print(f"likeness {step:.2f}: {_share(same):5.1f} % of same claims, {_share(other):5.1f} % of others")
    for one in sorted((one for one in pairs if not one.same), key=lambda each: -each.likeness)[:8]:
        print(f"  {one.likeness:.2f} other: {one.asked!r} / {one.claim!r}")
    for one in sorted((one for one in pairs if one.same), key=lambda each: each.likeness)[:8]:
        print(f"  {one.likeness:.2f} same: {one.asked!r} / {one.claim!r}")
    rows = [
        _row("same claim: verdict at once", pairs, True, SURE, SAME_WORDS, 0.0, "higher"),
        _row("same claim: at once, or “Do you mean …?”", pairs, True, ALIKE, SAME_WORDS, 50.0, "higher"),
        _row("other claim: verdict at once", pairs, False, SURE, SAME_WORDS, 0.0, "lower"),
    ]
    written = keep("rumours", rows)
    note = f"{sum(one.same for one in pairs)} wordings of the same, {sum(not one.same for one in pairs)} other claims; {machine()}"
    print(table("Claims that have a verdict", rows, [note, f"the figures are in {written}"]))
    return int(rows[2].ours > rows[2].limit)


def _pairs() -> list[Pair]:
    groups = yaml.safe_load((Path(__file__).parent / "claims.yml").read_text(encoding="utf-8"))
    texts = sorted(
        {text for one in groups for text in (*one["published"].values(), *one["same"], *one["other"])}
    )
    vectors = dict(zip(texts, _embed(texts), strict=True))
    found = []
    for one in groups:
        published = one["published"]
        verdict = VerdictVersion(1, 1, "false", published, {}, (), datetime.now(UTC), "")
        others = [text for group in groups if group is not one for text in group["same"]]
        for asked, same in [(text, True) for text in one["same"]] + [
            (text, False) for text in (*one["other"], *others)
        ]:
            alike = max(likeness(vectors[asked], vectors[text]) for text in published.values())
            said = set(plain(asked).split())
            words = max(
                len(said & each) / len(said | each)
                for each in (set(plain(text).split()) for text in published.values())
            )
            found.append(Pair(published["en"], asked, same, alike, words, same_sense(asked, verdict)))
    return found


def _embed(texts: list[str]) -> list[bytes]:
    python = os.environ.get("CIVICDESK_BOT_PYTHON") or str(Path(".venv-bot/bin/python").absolute())
    done = subprocess.run(
        [python, "-c", _EMBED], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    return [base64.b64decode(one) for one in json.loads(done.stdout)]


def _row(
    name: str, pairs: list[Pair], same: bool, least: float, words: float, limit: float, better: str
) -> Row:
    of = [one for one in pairs if one.same is same]
    ours = _share([one.likeness >= least and (one.sense or least == ALIKE) for one in of])
    rival = _share([one.words >= words for one in of])
    goal = 100.0 if better == "higher" else 0.0
    return Row(
        name, ours, rival, "words alone", limit, goal, "higher" if better == "higher" else "lower", "%"
    )


def _share(of: list[bool]) -> float:
    return 100 * sum(of) / len(of) if of else 0.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
