"""Runs two models over the same questions: the last ones that people asked, those of shadow mode, and editors' marked ones.
Each model is loaded by a child with the lowest priority; nothing of it touches a turn."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.model_file import ModelError, models_folder, verified_model
from bot.trained.alive import mark
from bot.trained.comparison_rows import Asked, ComparisonRows, Marked, Pair
from bot.trained.folder import write_content, write_model
from bot.trained.in_use import fits, release_content
from bot.trained.reading import is_right
from bot.trained.rows import TrainingRows

logger = logging.getLogger(__name__)

AT_ONCE = 500
"""Questions that one child reads; then progress is written."""
LONGEST = 10 * 60.0
"""Seconds of one child."""
EVERY = 3.0


class Comparing:
    """`command` reads questions with the model that is its last argument; tests pass one of their own."""

    def __init__(
        self,
        source: TrainingRows,
        rows: ComparisonRows,
        command: tuple[str, ...] = (sys.executable, "-m", "bot.trained.reading"),
        longest: float = LONGEST,
    ) -> None:
        self._source = source
        self._rows = rows
        self._command = command
        self._longest = longest

    async def once(self) -> bool:
        """One run, or the questions of shadow mode that wait; whether there was something to do."""
        if (pair := await self._rows.claim()) is not None:
            await self._run(pair)
            return True
        if (pair := await self._rows.get_shadow()) is not None:
            await self._shadow(pair)
            return True
        return False

    async def marked(self, old: Path | None, new: Path, content: Path) -> tuple[dict[str, Any], list[str]]:
        """Both models on the regression questions: figures, and lines for a report; nothing where there are none."""
        questions = await self._rows.list_marked()
        if not questions:
            return {}, []
        asked = [Asked("", one.text, one.language, None, None) for one in questions]
        now = await self._read(new, content, asked)
        before = await self._read(old, content, asked) if old else now
        return figures(questions, before, now)

    async def _run(self, pair: Pair) -> None:
        logger.info("comparison %s begins", pair.id)
        with tempfile.TemporaryDirectory(prefix="civicdesk-comparison-") as name:
            try:
                figures = await self._compare(pair, Path(name))
            except (ModelError, LookupError) as error:
                await self._rows.mark_finished(pair.id, "failed", str(error), {})
            else:
                await self._rows.mark_finished(pair.id, "done", "", figures)
        logger.info("comparison %s ended", pair.id)

    async def _compare(self, pair: Pair, folder: Path) -> dict[str, Any]:
        old, old_content = await self._model(pair.old, folder / "old")
        new, new_content = await self._model(pair.new, folder / "new")
        while asked := await self._rows.list_asked(pair.id, AT_ONCE):
            before = await self._read(old, old_content, asked, pair.id)
            after = await self._read(new, new_content, asked, pair.id)
            await self._rows.set_read(
                pair.id,
                [(one.message_id, was, now) for one, was, now in zip(asked, before, after, strict=True)],
            )
        questions = await self._rows.list_marked()
        if not questions:
            return {}
        marked = [Asked("", one.text, one.language, None, None) for one in questions]
        before = await self._read(old, old_content, marked, pair.id)
        after = await self._read(new, new_content, marked, pair.id)
        return figures(questions, before, after)[0]

    async def _shadow(self, pair: Pair) -> None:
        with tempfile.TemporaryDirectory(prefix="civicdesk-shadow-") as name:
            try:
                new, content = await self._model(pair.new, Path(name))
                asked = await self._rows.list_asked(pair.id, AT_ONCE)
                read = await self._read(new, content, asked)
            except (ModelError, LookupError) as error:
                await self._rows.mark_finished(pair.id, "failed", str(error), {})
                return
        await self._rows.set_read(
            pair.id, [(one.message_id, one.old or now, now) for one, now in zip(asked, read, strict=True)]
        )

    async def _model(self, training: int | None, folder: Path) -> tuple[Path, Path]:
        """A model and its content/ on this machine. Raises ModelError or LookupError."""
        if training is None:
            return verified_model(models_folder())[0], release_content()
        kept = await self._source.get_kept(training)
        if not fits(kept):
            raise ModelError(f"Training {training} is of another release. Train again to compare.")
        model, files = await self._source.get_model(training)
        content = await asyncio.to_thread(write_content, release_content(), files, folder)
        return await asyncio.to_thread(write_model, model, kept.sha256, folder), content

    async def _read(
        self, model: Path, content: Path, asked: Sequence[Asked], comparison: int | None = None
    ) -> list[dict[str, Any]]:
        given = json.dumps(
            [{"text": one.text, "language": one.language, "moments": one.moments} for one in asked]
        )
        child = await asyncio.create_subprocess_exec(
            *self._command, str(model),
            env={**os.environ, "CIVICDESK_CONTENT": str(content), "OMP_NUM_THREADS": "1"},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            start_new_session=True, preexec_fn=lambda: os.nice(15) and None,
        )  # fmt: skip
        beating = asyncio.create_task(self._beat(comparison, len(asked)))
        try:
            said, _ = await asyncio.wait_for(child.communicate(given.encode()), self._longest)
        except asyncio.TimeoutError:
            raise ModelError(
                f"Reading {len(asked)} questions took longer than {self._longest / 60:.0f} minutes."
            ) from None
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating
            if child.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                await child.wait()
        try:
            found: list[dict[str, Any]] = json.loads(said)
        except ValueError:
            found = []
        if child.returncode != 0 or len(found) != len(asked):
            raise ModelError("A model could not be loaded, or did not read the questions.")
        return found

    async def _beat(self, comparison: int | None, count: int) -> None:
        while True:
            mark()
            if comparison is not None:
                with suppress(Exception):  # the next one tells
                    await self._rows.mark_seen(comparison, f"{count} questions are read")
            await asyncio.sleep(EVERY)


def figures(
    questions: Sequence[Marked], before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], list[str]]:
    """How many regression questions are right before and now, and which broke; the same as lines of a report."""
    judged = [
        (one, is_right(was, one.accepted, one.refused), is_right(new, one.accepted, one.refused), new)
        for one, was, new in zip(questions, before, now, strict=True)
    ]
    broken: list[dict[str, Any]] = [
        {"text": one.text, "language": one.language, "new": new}
        for one, was, good, new in judged
        if was and not good
    ]
    found: dict[str, Any] = {
        "all": len(judged),
        "before": sum(was for _, was, _, _ in judged),
        "now": sum(good for _, _, good, _ in judged),
        "broken": broken[:50],
    }
    lines = [
        f"Questions that editors marked: {found['before']} of {found['all']} right before, {found['now']} now"
    ]
    lines += [f"  broken: {one['text']!r} -> {one['new']['intent']}" for one in broken[:20]]
    return found, lines
