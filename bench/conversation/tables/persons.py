"""Requests for a person: people who ask for one get one, and nobody else does.

The sentences are in data/evaluation/persons: those combined from parts, those tried while the rules were written, and
those held out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from bench.conversation.scene import Scene
from bench.report import Row

TITLE = "Wishes for a person"
HANDED, KEPT = "handed over", "kept"
LANGUAGES = {"en": "English", "es": "Spanish", "fr": "French"}
COMBINED = 150  # wordings made of parts, for each language
FOLDER = Path("data/evaluation/persons")


@dataclass(frozen=True)
class Case:
    """A sentence that opens a conversation."""

    language: str
    say: str
    wish: bool
    held_out: bool


async def rows(scene: Scene) -> list[Row]:
    """Wishes that were fulfilled and sentences that were wrongly taken for one, in each language."""

    async def judge(case: Case) -> str:
        async with scene.citizen(case.language) as citizen:
            response = await citizen.say(case.say)
        outcome = HANDED if response.owner != "bot" else KEPT
        if (outcome == HANDED) != case.wish and not case.held_out:
            scene.miss(f"{outcome}: {case} -> {response.text[:120]!r}")
        return outcome

    found = []
    for language, name in LANGUAGES.items():
        written = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
        parts = [Case(language, text, wish=True, held_out=False) for text in _combined(written["parts"])]
        outcomes = await scene.outcomes(parts, judge)
        found.append(scene.share(f"wishes, {name}, combined", outcomes, HANDED, goal=100, limit=98))
        for half, kind in (("tried", "known"), ("held_out", "held out")):
            wishes = await scene.outcomes(_cases(written, language, "wishes", half), judge)
            others = await scene.outcomes(_cases(written, language, "no_wish", half), judge)
            found += [
                scene.share(f"wishes, {name}, {kind}", wishes, HANDED, goal=98, limit=90),
                scene.share(f"no wishes, {name}, {kind}", others, HANDED, goal=2, limit=10, lower=True),
            ]
    return found


def _combined(parts: dict[str, list[str]]) -> Sequence[str]:
    """COMBINED of all combinations, spread evenly."""
    every = [
        f"{before}{asking} {person}{after}"
        for before, asking, person, after in product(
            parts["before"], parts["asking"], parts["person"], parts["after"]
        )
    ]
    step = len(every) / COMBINED
    return [every[int(number * step)] for number in range(COMBINED)]


def _cases(written: Any, language: str, kind: str, half: str) -> list[Case]:
    return [Case(language, text, kind == "wishes", half == "held_out") for text in written[kind][half]]
