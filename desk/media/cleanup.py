"""Deletes photos that were never sent, files without a row and rows without a file. Every worker runs it;
the database decides which of them does a task. Rows are deleted before their files: a worker that dies in
between leaves a file without a row.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from desk.media.files import MediaFiles
from desk.media.quotas import PhotoQuotas
from desk.runtime.periodic import repeat
from desk.store import media, periodic_tasks
from desk.store.inbound import uploads
from desk.store.pool import Store

log = structlog.get_logger("media")

LOOK = 60.0  # seconds between two checks for due tasks
EXPIRE_EVERY = timedelta(minutes=10)
ORPHANS_EVERY = timedelta(days=1)
UNSENT = timedelta(hours=24)
"""How long a photo that was uploaded but not sent is kept."""
GRACE = timedelta(hours=24)
"""How old a file or a row must be before its counterpart counts as missing: an upload takes two minutes."""
BATCH = 500

# The wrong folder or database, or an old copy of one, looks like thousands of orphans. Then nothing is
# deleted.
ORPHANS_ANYWAY = 50
ORPHANS_SHARE = 0.2
MOST_ORPHANS = 50_000  # names held at once; the rest is left for the next day
LOST_ANYWAY = 5
LOST_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Swept:
    """What was removed. `refused` if so much was missing that nothing was touched."""

    files: int = 0
    rows: int = 0
    refused: bool = False


class Cleanup:
    """Built once by the worker."""

    def __init__(self, store: Store, files: MediaFiles, quotas: PhotoQuotas, *, look: float = LOOK) -> None:
        self._store = store
        self._files = files
        self._quotas = quotas
        self._look = look

    async def run(self, stop: asyncio.Event) -> None:
        """Do what is due until `stop` is set."""
        await repeat(self.do_what_is_due, stop, log, "media_cleanup_broke", every=self._look)

    async def do_what_is_due(self) -> None:
        """Run each due task once, unless another worker has just done it."""
        if await periodic_tasks.mark_claimed(self._store.pool, "unsent_photos", EXPIRE_EVERY):
            await asyncio.to_thread(self._files.sweep)
            await self.expire()
            while await uploads.delete_old(self._store.pool, UNSENT, BATCH) == BATCH:
                pass
            await self._quotas.forget()
        if await periodic_tasks.mark_claimed(self._store.pool, "orphaned_photos", ORPHANS_EVERY):
            await self.sweep()

    async def expire(self) -> int:
        """Remove photos that were uploaded long ago and never sent; returns how many."""
        while await media.mark_attached(self._store.pool, UNSENT, BATCH) == BATCH:
            pass
        removed = 0
        while names := await media.delete_unattached(self._store.pool, UNSENT, BATCH):
            for name in names:
                await self._files.remove(name)
            removed += len(names)
        if removed:
            log.info("unsent_photos_removed", count=removed)
        return removed

    async def sweep(self) -> Swept:
        """Remove old files without a row, and old rows without a file."""
        orphans, of = await self._orphans()
        if len(orphans) > max(ORPHANS_ANYWAY, of * ORPHANS_SHARE):
            log.error("photos_without_rows", count=len(orphans), files=of)
            return Swept(refused=True)
        lost, of = await self._lost()
        if len(lost) > max(LOST_ANYWAY, of * LOST_SHARE) or (lost and len(lost) == of):
            log.error("rows_without_photos", count=len(lost), rows=of)
            return Swept(refused=True)
        for name in orphans:
            await self._files.remove(name)
        await media.delete_named(self._store.pool, lost)
        if orphans or lost:
            log.warning("orphaned_photos_removed", files=len(orphans), rows=len(lost))
        return Swept(len(orphans), len(lost))

    async def _orphans(self) -> tuple[list[str], int]:
        """The old files without a row, and how many files there are."""
        found: list[str] = []
        seen = 0
        oldest = time.time() - GRACE.total_seconds()
        batches = self._files.stored()
        while batch := await asyncio.to_thread(next, batches, None):
            seen += len(batch)
            names = [name for name, changed in batch if changed < oldest]
            known = await media.list_known(self._store.pool, names)
            found += [name for name in names if name not in known]
            if len(found) > MOST_ORPHANS:
                break
        return found, seen

    async def _lost(self) -> tuple[list[str], int]:
        """The old rows without a file, and how many old rows there are."""
        found: list[str] = []
        seen, after = 0, ""
        while names := await media.list_names(self._store.pool, after, GRACE, BATCH):
            seen, after = seen + len(names), names[-1]
            found += await asyncio.to_thread(self._missing, names)
        return found, seen

    def _missing(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if self._files.path(name) is None]
