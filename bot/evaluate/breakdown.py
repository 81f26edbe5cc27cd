"""Measures which part of a turn takes how many milliseconds of processor time, in process, with the model in use as it is served.

Each text begins a conversation of its own, so that nothing of it is cached. Actions answer at once with nothing, and
dialogues are kept in memory: the time of HTTP and of the database client is left out. A part's time excludes that of the
parts that it calls.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any

WARM_UP = 50
_STAND_IN = {"events": [], "responses": [{"text": "Noted."}]}


class Parts:
    """The processor time of each part, without that of the parts that it called. For one turn at a time."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._open: list[str] = []
        self._since = 0.0

    def time(self, owner: object, method: str, part: str) -> None:
        """Count the calls of `method` as `part` from now on."""
        original = getattr(owner, method)
        if asyncio.iscoroutinefunction(original):

            async def waited(*given: Any, **named: Any) -> Any:
                self._enter(part)
                try:
                    return await original(*given, **named)
                finally:
                    self._leave()

            setattr(owner, method, waited)
            return

        def called(*given: Any, **named: Any) -> Any:
            self._enter(part)
            try:
                return original(*given, **named)
            finally:
                self._leave()

        setattr(owner, method, called)

    def _enter(self, part: str) -> None:
        self._count()
        self._open.append(part)

    def _leave(self) -> None:
        self._count()
        self._open.pop()

    def _count(self) -> None:
        now = time.process_time()
        if self._open:
            self.seconds[self._open[-1]] += now - self._since
        self._since = now


def measure(seed: int, messages: int = 400) -> dict[str, float]:
    """Milliseconds of a turn by part, the largest first; the first is the `whole`."""
    for library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[library] = "1"  # as bot/__main__.py
    os.environ.pop("DATABASE_URL", None)
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
    from bot.turn.request import TurnRequest

    class Answered(ActionsEndpoint):
        async def request(self, *args: Any, **kwargs: Any) -> Any:
            return _STAND_IN

    assistant = load_assistant(verified_model(models_folder())[0], Answered("http://127.0.0.1:9", "nobody"))
    settle()
    parts = Parts()
    for component in assistant.graph_runner.components:
        if hasattr(type(component), "process"):
            parts.time(component, "process", f"parse: {type(component).__name__}")
    reader = assistant.interpreter.read
    parts.time(reader, "_parse", "parse: Rasa's graph and the rest")
    parts.time(assistant, "take", "the rest: events, slots, replies")
    parts.time(assistant.tracker_store, "fetch", "the dialogue's row, without the database")
    parts.time(assistant.tracker_store, "write", "the dialogue's row, without the database")
    parts.time(assistant, "_predict_next_with_tracker", "predictions")
    parts.time(assistant, "_run_action", "actions, without their calls")
    parts.time(type(assistant.interpreter), "read_text", "parts of the message, follow-ups, details")
    parts.time(assistant.interpreter.follow_ups, "asked_in", "parts of the message, follow-ups, details")
    draw = random.Random(seed)
    texts = [
        slip(e.text, draw) for e in draw.sample(read_examples(ROOT / "data" / "nlu"), messages + WARM_UP)
    ]

    def turn(text: str) -> TurnRequest:
        about = {"inbox": "web", "channel": "web", "now": "2026-11-20T10:00:00+00:00"}
        return TurnRequest(str(uuid.uuid4()), str(uuid.uuid4()), text, None, metadata=about)

    async def run(take: Callable[[Any], Any]) -> None:
        for place, text in enumerate(texts):
            if place == WARM_UP:
                parts.seconds.clear()
            await take(turn(text))

    asyncio.run(run(assistant.take))
    taken = {
        part: 1000 * seconds / messages
        for part, seconds in sorted(parts.seconds.items(), key=lambda one: -one[1])
    }
    return {"whole": sum(taken.values()), **taken}
