"""`python -m bot.trained.trainer`: trains and compares models when an editor requests it in the console. A separate process
from the bots;
the training runs in a child process with the lowest priority and a time limit."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from bot.model_file import ModelError, code_hash, file_hash, models_folder, read_current, write_current
from bot.trained.alive import mark
from bot.trained.comparing import Comparing
from bot.trained.comparison_rows import ComparisonRows
from bot.trained.folder import write_content, write_model
from bot.trained.in_use import AWAY, fits, release_content, rows
from bot.trained.rows import Asked, TrainingRows

logger = logging.getLogger(__name__)

EVERY = 3.0
LONGEST = 40 * 60.0
"""Seconds of a training."""
KEPT = 5
"""Models to which one can roll back."""
REPORT = 60_000
"""Characters of a report."""
_CHATTER = re.compile(
    r"\d{4}-\d\d-\d\d [\d:,]+ INFO |The same with plots: |\S+ is in use from the bot's next start"
)
"""Lines of the log, of which the report has the figures, and what holds for `make train` alone: here a file of this folder, which is
deleted, and a model that an editor may only keep."""


class Trainer:
    """`command` trains in the folders that its environment names; tests pass one of their own."""

    def __init__(
        self,
        source: TrainingRows,
        command: tuple[str, ...] = (sys.executable, "-m", "bot.train"),
        longest: float = LONGEST,
        comparing: Comparing | None = None,
    ) -> None:
        self._source = source
        self._comparing = comparing
        self._command = command
        self._longest = longest

    async def run(self) -> None:
        """Train whenever it is asked for."""
        while True:
            mark()
            try:
                asked = await self._source.claim()
                if asked is not None:
                    await self.train(asked)
                    continue
                if self._comparing is not None and await self._comparing.once():
                    continue
            except AWAY as error:
                logger.warning("the database is away: %s", type(error).__name__)
            await asyncio.sleep(EVERY)

    async def train(self, asked: Asked) -> None:
        """One training, from its files to a model in use, or a report that says why not."""
        logger.info("training %s begins", asked.id)
        with tempfile.TemporaryDirectory(prefix="civicdesk-training-") as name:
            try:
                await self._train(asked, Path(name))
            except ModelError as error:
                await self._source.mark_finished(asked.id, "failed", str(error))

    async def _train(self, asked: Asked, folder: Path) -> None:
        content = await asyncio.to_thread(write_content, release_content(), asked.files, folder)
        models = await self._with_current(folder)
        before = read_current(models)
        code, said = await self._child(
            asked, {"CIVICDESK_CONTENT": str(content), "CIVICDESK_VAR": str(folder / "var")}
        )
        report, after = "\n".join(said)[-REPORT:], read_current(models)
        if code != 0 or after is None:
            await self._source.mark_finished(
                asked.id, "failed", report or "The training ended without a word."
            )
        elif before is not None and after.model == before.model and after.sha256 == before.sha256:
            state = "refused" if after.refused else "unchanged"
            await self._source.mark_finished(asked.id, state, report, after.report)
        else:
            model = models / after.model
            if file_hash(model) != after.sha256:
                raise ModelError("The trained model's SHA-256 differs from the recorded one.")
            worse, lines = await self._on_marked(models / before.model if before else None, model, content)
            report = "\n".join([report, *lines])[-REPORT:]
            if worse and not asked.forced:
                await self._source.mark_finished(asked.id, "refused", report, after.report)
                return
            await self._source.add_model(
                asked.id, after.sha256, code_hash(), model.read_bytes(), KEPT, held=asked.held
            )
            await self._source.mark_finished(asked.id, "trained", report, after.report)
        logger.info("training %s ended", asked.id)

    async def _on_marked(self, old: Path | None, new: Path, content: Path) -> tuple[bool, list[str]]:
        """Whether the new model is right on fewer of the questions that editors marked, and lines for the report."""
        if self._comparing is None:
            return False, []
        there = old is not None and await asyncio.to_thread(old.is_file)
        found, lines = await self._comparing.marked(old if there else None, new, content)
        worse = bool(found) and found["now"] < found["before"]
        return worse, [
            *lines,
            *(["The new model is right on fewer of these, and is not used."] if worse else []),
        ]

    async def _with_current(self, folder: Path) -> Path:
        """var/ of the training: the encoders, and the model in use, with which the gate compares."""
        release, models = models_folder(), folder / "var" / "models"
        models.mkdir(parents=True)
        if (release.parent / "encoders").exists():
            (folder / "var" / "encoders").symlink_to((release.parent / "encoders").resolve())
        current, in_use = read_current(release), await self._source.get_in_use()
        if in_use and fits(in_use):
            model, _ = await self._source.get_model(in_use.training)
            path = write_model(model, in_use.sha256, models)
            inputs = f"training {in_use.training}"
            if current:
                write_current(
                    models, replace(current, model=path.name, sha256=in_use.sha256, inputs=inputs, refused="")
                )
        elif current and (release / current.model).is_file():
            (models / current.model).symlink_to((release / current.model).resolve())
            write_current(models, replace(current, refused=""))
        return models

    async def _child(self, asked: Asked, environ: Mapping[str, str]) -> tuple[int, list[str]]:
        command = (*self._command, *(("--force",) if asked.forced else ()))
        child = await asyncio.create_subprocess_exec(
            *command,
            env={**os.environ, **environ, "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=1 << 20,
            start_new_session=True,
            preexec_fn=_last,
        )
        said: list[str] = []
        try:
            code = await asyncio.wait_for(self._listen(asked, child, said), self._longest)
        except asyncio.TimeoutError:
            said.append(f"The training took longer than {self._longest / 60:.0f} minutes and was stopped.")
            code = 1
        finally:
            if child.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                await child.wait()
        return code, said

    async def _listen(self, asked: Asked, child: asyncio.subprocess.Process, said: list[str]) -> int:
        assert child.stdout is not None
        beating = asyncio.create_task(self._beat(asked, said))
        try:
            while line := await child.stdout.readline():
                text = line.decode(errors="replace").rstrip()
                if not _CHATTER.match(text):
                    said.append(text)
            return await child.wait()
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating

    async def _beat(self, asked: Asked, said: list[str]) -> None:
        """Tell the console where the training is."""
        while True:
            mark()
            last = next((line for line in reversed(said) if line.strip()), "")
            with suppress(*AWAY):
                await self._source.mark_step(asked.id, last[:200])
            await asyncio.sleep(EVERY)


def _last() -> None:
    os.nice(15)  # bots and workers come first


async def _until_stopped(source: TrainingRows) -> None:
    """Train until SIGTERM or SIGINT; a training that runs is ended with its child, and done again by the next trainer."""
    comparing = Comparing(source, ComparisonRows(source.url))
    work = asyncio.create_task(Trainer(source, comparing=comparing).run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    with suppress(asyncio.CancelledError):
        await work


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    source = rows()
    if source is None:
        print("DATABASE_URL is not set: nobody can ask for a training.", file=sys.stderr)
        return 2
    asyncio.run(_until_stopped(source))
    return 0


if __name__ == "__main__":
    sys.exit(main())
