"""Measures the milliseconds of one parse in process, with the model in use as it is served, one message at a time, each text once.

Reports processor time too: on a shared machine only that is comparable.
"""

from __future__ import annotations

import os
import random
import time


def measure(seed: int, messages: int = 400) -> dict[str, float]:
    for library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[library] = "1"  # as bot/__main__.py
    from bot.rasa_patches.import_stubs import leave_out_the_unused
    from bot.rasa_patches.quiet import hush, read_config

    hush()
    leave_out_the_unused(read_config(), training=False)
    from bot.evaluate.own import slip
    from bot.lint.examples import read_examples
    from bot.model_file import models_folder, verified_model
    from bot.project import ROOT
    from bot.rasa_patches.actions_endpoint import ActionsEndpoint
    from bot.server import load_assistant, settle

    assistant = load_assistant(
        verified_model(models_folder())[0], ActionsEndpoint("http://127.0.0.1:9", "nobody is called")
    )
    settle()
    draw = random.Random(seed)
    texts = [slip(e.text, draw) for e in draw.sample(read_examples(ROOT / "data" / "nlu"), messages + 50)]

    clock, processor = [], []
    for text in texts:
        began, used = time.perf_counter(), time.process_time()
        assistant.interpreter.read(text, {})
        clock.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - used) * 1000)
    clock, processor = sorted(clock[50:]), sorted(processor[50:])
    high = int(messages * 0.95)
    return {
        "p50": clock[messages // 2],
        "p95": clock[high],
        "processor_p50": processor[messages // 2],
        "processor_p95": processor[high],
    }
