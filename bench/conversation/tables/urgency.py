"""Danger: nobody in danger is missed, and nobody else is told to call for help.

The sentences are in data/evaluation/urgency: tried while the rules were written, held out, and `blind`: written later
to be unlike all others, because the held-out ones are too similar to the known ones to show what is missed. `second_blind`
is like `blind`, written before data/danger grew to three times its size.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bench.conversation.scene import Scene
from bench.report import Row

TITLE = "Danger"
URGENT, CALLED, NAMED, CALM = "urgent", "told to call", "named in an answer", "calm"
EMERGENCIES = "emergencies"  # the answer that tells how to call for help
LANGUAGES = {"en": "English", "es": "Spanish", "fr": "French"}
# What fails the command: handed over, missed, called. The blind sentences are far from their goals (docs/performance.md),
# so their limits only keep what was reached.
LIMITS = {"known": (95, 3, 12), "held out": (95, 3, 12), "blind": (50, 33, 30), "blind, second": (50, 33, 30)}
SETS = (("tried", "known"), ("held_out", "held out"), ("blind", "blind"), ("second_blind", "blind, second"))
FOLDER = Path("data/evaluation/urgency")


@dataclass(frozen=True)
class Case:
    """A sentence that opens a conversation."""

    language: str
    say: str
    danger: bool
    held_out: bool


async def rows(scene: Scene) -> list[Row]:
    """Dangers that were missed, and harmless sentences that were taken for one.

    An answer about stray animals or power cuts names the emergency number too, because its editor wrote it there; that is
    no alarm and has a row of its own.
    """

    async def judge(case: Case) -> str:
        async with scene.citizen(case.language) as citizen:
            response = await citizen.say(case.say)
        called = scene.city.emergency_number in response.text
        outcome = (URGENT if response.owner != "bot" else CALLED) if called else CALM
        title = scene.catalog.answers[EMERGENCIES].texts[case.language].title
        if outcome == CALLED and response.sources and title not in response.sources:
            outcome = NAMED
        if (outcome == URGENT) != case.danger and not case.held_out:
            scene.miss(f"{outcome}: {case} -> {response.text[:120]!r}")
        return outcome

    found = []
    for language, name in LANGUAGES.items():
        written = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))
        for half, kind in SETS:
            handed, missed, called = LIMITS[kind]
            urgent = await scene.outcomes(_cases(written, language, "urgent", half), judge)
            calm = await scene.outcomes(_cases(written, language, "calm", half), judge)
            told = [CALLED if outcome == URGENT else outcome for outcome in calm]
            found += [
                scene.share(f"handed over urgently, {name}, {kind}", urgent, URGENT, goal=100, limit=handed),
                scene.share(f"missed, {name}, {kind}", urgent, CALM, goal=0, limit=missed, lower=True),
                scene.share(
                    f"called without need, {name}, {kind}", told, CALLED, goal=2, limit=called, lower=True
                ),
                scene.share(
                    f"the number in an answer to the question, {name}, {kind}",
                    told,
                    NAMED,
                    goal=100,
                    limit=100,
                    lower=True,
                ),
            ]
    return found


def _cases(written: Any, language: str, kind: str, half: str) -> list[Case]:
    return [Case(language, text, kind == "urgent", half != "tried") for text in written[kind][half]]
