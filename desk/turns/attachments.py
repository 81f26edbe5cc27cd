"""Fetches a citizen's photos before their turn. A photo that cannot be fetched does not delay the message."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from uuid import UUID

import structlog

from channels.base import Channel, ChannelError, Fetches, MediaRef, RetryLater
from channels.kit.text import clean_name
from desk.media.fetch import Fetcher, NotFetched
from desk.media.files import MediaFiles, Stored
from desk.media.photos import BadPhoto
from desk.media.quotas import PhotoQuotas, of_contact
from desk.model import Event, NotShown, ReceivedFile
from desk.runtime.error_place import where
from desk.runtime.timing import FetchTiming
from desk.store import media
from desk.store.inbound import events
from desk.store.pool import UNREACHABLE, Store

log = structlog.get_logger("media")

PHOTO_BYTES = 10_485_760
KINDS: Mapping[str, str] = {"text/vcard": "contact", "text/x-vcard": "contact", "text/calendar": "calendar"}
"""What a file is called to its author, where its label says it."""
PHOTOS = 10  # per message; no provider's album is larger


class Attachments:
    """Called before each turn by the worker that holds the contact's lease."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        files: MediaFiles,
        fetcher: Fetcher,
        quotas: PhotoQuotas,
        timing: FetchTiming | None = None,
    ) -> None:
        self._store = store
        self._channels = channels
        self._files = files
        self._fetcher = fetcher
        self._quotas = quotas
        self._timing = timing or FetchTiming()

    async def arrive(self, event: Event) -> Event:
        """The event with our own media ids in place of the provider's, with `lost`, the number of photos that
        could not be fetched, and with `over_quota` if one was refused because the contact has sent too many.

        Done once for each event: the result is stored with it."""
        channel: object = self._channels.get(event.inbox)
        refs = event.received.media
        if not refs or event.received.lost is not None or not isinstance(channel, Fetches):
            return event
        # Audio and video are never pictures, however unreliable labels are otherwise.
        pictures = [one for one in refs if not one.content_type.startswith(("video/", "audio/"))]
        wanted = [MediaRef(one.id, one.content_type, one.name, one.url) for one in pictures[:PHOTOS]]
        turns = asyncio.Semaphore(self._timing.at_once)

        async def one(ref: MediaRef) -> ReceivedFile | BadPhoto | None:
            async with turns:
                return await self._fetch_and_record(event, channel, ref)

        tasks = [asyncio.create_task(one(ref)) for ref in wanted]
        if tasks:
            await asyncio.wait(tasks, timeout=self._timing.whole)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        results = [None if task.cancelled() else task.result() for task in tasks]
        kept = [found for found in results if isinstance(found, ReceivedFile)]
        others = [one for one in refs if one not in pictures] + [
            pictures[place] for place, found in enumerate(results) if _is_no_picture(pictures[place], found)
        ]
        unshown = (*event.received.unshown, *(NotShown(_kind_of(one), _name_of(one)) for one in others))
        lost = len(refs) - len(kept) - len(others)
        over_quota = any(isinstance(found, BadPhoto) and found.code == "photo_quota" for found in results)
        await events.set_files(self._store.pool, event.id, kept, lost, unshown, over_quota=over_quota)
        received = replace(
            event.received, media=tuple(kept), lost=lost, over_quota=over_quota, unshown=unshown
        )
        return replace(event, received=received)

    async def _fetch_and_record(
        self, event: Event, channel: Fetches, ref: MediaRef
    ) -> ReceivedFile | BadPhoto | None:
        """The stored file, or the reason for refusing it; None if it cannot be fetched."""
        for tried in range(self._timing.tries):
            try:
                await self._quotas.check([of_contact(event.contact_id)])
                stored = await self._fetch(channel, ref, of_contact(event.contact_id))
                return await self._record(event.contact_id, stored)
            except (RetryLater, NotFetched, BadPhoto) as error:
                if not _is_worth_a_try(error) or tried + 1 == self._timing.tries:
                    log.warning("media_lost", event_id=event.id, inbox=event.inbox, reason=str(error)[:200])
                    return error if isinstance(error, BadPhoto) else None
                pause = max(self._timing.pause * 2**tried, getattr(error, "after", None) or 0.0)
                await asyncio.sleep(pause)
            except ChannelError as error:
                log.warning("media_lost", event_id=event.id, inbox=event.inbox, reason=type(error).__name__)
                return None
            except UNREACHABLE:
                raise
            except Exception as error:
                log.error("media_broke", event_id=event.id, error=type(error).__name__, where=where(error))
                return None
        return None

    async def _fetch(self, channel: Fetches, ref: MediaRef, who: str) -> Stored:
        source = await channel.media(ref)
        if source.content is not None:
            return await self._files.keep_photo(_whole(source.content), PHOTO_BYTES, who=who)
        async with self._fetcher.fetch(source.url, source.hosts, source.headers, PHOTO_BYTES) as chunks:
            return await self._files.keep_photo(chunks, PHOTO_BYTES, who=who)

    async def _record(self, contact_id: UUID, stored: Stored) -> ReceivedFile:
        try:
            async with self._store.transaction() as transaction:
                await self._quotas.charge(transaction, [of_contact(contact_id)], stored.size)
                row = await media.add_file(
                    transaction,
                    contact_id,
                    stored.file_name,
                    stored.content_type,
                    stored.size,
                    stored.sha256,
                )
        except BaseException:
            await self._files.remove(stored.file_name)
            raise
        return ReceivedFile(str(row.id), row.content_type)


def _is_no_picture(ref: ReceivedFile, found: ReceivedFile | BadPhoto | None) -> bool:
    """Whether the file is of another kind, so that "send the photo again" would be wrong."""
    if isinstance(found, ReceivedFile):
        return False
    if isinstance(found, BadPhoto) and found.code == "not_a_photo":
        # Without a label or a name it was more probably meant as a photo.
        return bool(ref.name) or (bool(ref.content_type) and not ref.content_type.startswith("image/"))
    return ref.content_type.startswith(("application/", "text/")) and not isinstance(found, BadPhoto)


def _kind_of(ref: ReceivedFile) -> str:
    if ref.content_type in KINDS:
        return KINDS[ref.content_type]
    label = ref.content_type.partition("/")[0]
    return label if label in ("video", "audio") else "document"


def _name_of(ref: ReceivedFile) -> str | None:
    return clean_name(ref.name)


def _is_worth_a_try(error: Exception) -> bool:
    if isinstance(error, BadPhoto):
        return error.code == "photo_busy"
    return isinstance(error, RetryLater) or bool(getattr(error, "again", False))


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
