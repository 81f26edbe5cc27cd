"""`python -m bot.evaluate WHAT SEED [FOLDER]`: one measurement as JSON on the last line of standard output.

WHAT: own | parse | breakdown | encoders | banking77-10 | clinc150-10 | clinc150-full; the last three with the suffix -english, all but parse, breakdown and
encoders with the suffix -boosted (understanding.py, `configuration`)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    what, seed = arguments[0], int(arguments[1])
    if what == "parse":
        from bot.evaluate.speed import measure as measure_parse

        found = measure_parse(seed)
    elif what == "breakdown":
        from bot.evaluate.breakdown import measure as measure_parts

        found = measure_parts(seed)
    elif what == "encoders":
        from bot.evaluate.encoders import measure as measure_encoders

        found = measure_encoders()
    else:
        found = _accuracy(what, seed, arguments[2:])
    print(json.dumps(found))
    return 0


def _accuracy(what: str, seed: int, folder: list[str]) -> dict[str, float]:
    from bot.rasa_patches.import_stubs import leave_out_tensorflow
    from bot.rasa_patches.quiet import hush

    leave_out_tensorflow("")
    hush()
    from bot.evaluate import own, public
    from bot.evaluate.understanding import configuration

    name, *rest = what.split("-")
    encoders = configuration("-".join(part for part in rest if part in ("english", "boosted")))
    if name == "own":
        return own.measure(seed, encoders)
    data = Path(folder[0])
    full = "full" in rest
    training = public.read(data / f"{name}_train.tsv") if full else public.few(data, name, seed)
    strange = public.read(data / "clinc150_oos_test.tsv") if name == "clinc150" else []
    return public.measure(training, public.read(data / f"{name}_test.tsv"), strange, encoders)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
