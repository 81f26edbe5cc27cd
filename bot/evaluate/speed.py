"""Milliseconds of one parse in process: the model in use, one message after the other, each text once."""

from __future__ import annotations

import asyncio
import os
import random
import time


def measure(seed: int, messages: int = 400) -> dict[str, float]:
    for library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[library] = "1"  # as bot/__main__.py
    from bot.absent import leave_out_tensorflow
    from bot.quiet import hush

    leave_out_tensorflow("")
    hush()
    from rasa.core.channels.channel import UserMessage

    from bot.evaluate.own import slip
    from bot.lint.examples import read_examples
    from bot.model_file import models_folder, verified_model
    from bot.project import ROOT
    from bot.server import load_assistant

    assistant = load_assistant(verified_model(models_folder())[0], "http://127.0.0.1:9")
    draw = random.Random(seed)
    texts = [slip(e.text, draw) for e in draw.sample(read_examples(ROOT / "data" / "nlu"), messages + 50)]

    async def run() -> list[float]:
        took = []
        for text in texts:
            began = time.perf_counter()
            await assistant.parse_message(UserMessage(text))
            took.append((time.perf_counter() - began) * 1000)
        return sorted(took[50:])

    took = asyncio.run(run())
    return {"p50": took[len(took) // 2], "p95": took[int(len(took) * 0.95)]}
