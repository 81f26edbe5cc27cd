"""`python -m bot.trained.reading <model>`: how one model reads questions, without any dialogue. A child of the trainer.

Standard input is a JSON list of {text, language, moments}; standard output a JSON list of outcomes, in the same order.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FALLBACK = "nlu_fallback"


def outcome_of(parse: Mapping[str, Any]) -> dict[str, Any]:
    """{intent, offers}: what is answered, or what is offered where nothing is sure."""
    name = (parse.get("intent") or {}).get("name") or FALLBACK
    return {"intent": name, "offers": list(parse.get("candidates") or []) if name == FALLBACK else []}


def is_right(outcome: Mapping[str, Any], accepted: Sequence[str], refused: Sequence[str]) -> bool:
    """Whether this is what an editor called right; where only wrong outcomes are known, any other is."""
    name = str(outcome["intent"])
    return (not accepted or name in accepted) and name not in refused


def main(arguments: Sequence[str]) -> int:
    from bot.rasa_patches.import_stubs import leave_out_the_unused
    from bot.rasa_patches.quiet import hush, read_config

    hush()
    leave_out_the_unused(read_config(), training=False)
    from bot.project import load_project
    from bot.rasa_patches.processor import Processor
    from bot.turn.reading import Reader
    from bot.understanding.entities.component import day_of

    asked, zone = json.load(sys.stdin), load_project().zone
    _, metadata, runner = Processor._load_model(Path(arguments[0]))
    read = Reader(runner, str(metadata.nlu_target), lambda given: day_of(given, zone))
    found = [
        outcome_of(
            read(
                one["text"],
                {"language": one["language"] or None}
                | ({"moments": one["moments"]} if one["moments"] is not None else {}),
            )
        )
        for one in asked
    ]
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
