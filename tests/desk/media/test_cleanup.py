"""Unsent uploads expire, orphaned files and rows are deleted, and nothing else is touched."""

import asyncio
import os
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from channels.base import Inbound, MediaRef
from desk.media.cleanup import EXPIRE_EVERY, Cleanup, Swept
from desk.media.decoder import PhotoDecoder
from desk.media.files import MediaFiles
from desk.media.quotas import PhotoQuotas
from desk.model import Contact, Media, Refused
from desk.runtime.clock import utc_now
from desk.store import media, periodic_tasks
from desk.store.dialogue import conversations, messages
from desk.store.inbound import events
from desk.store.people import contacts
from desk.store.pool import Store
from tests.support.desk import Desk

DAYS = 90_000  # seconds: a little more than one


class Folder:
    """A media folder, its rows, and photos in both."""

    def __init__(self, store: Store, decoder: PhotoDecoder, path: Path) -> None:
        self.store, self.path = store, path
        self.files = MediaFiles(path, decoder)
        self.cleanup = Cleanup(store, self.files, PhotoQuotas(store, utc_now, "a-secret-of-the-tests"))

    async def contact(self) -> Contact:
        return await contacts.add_contact(self.store.pool, "web", uuid4().hex, "en")

    async def photo(self, contact: Contact, age: float = DAYS) -> Media:
        """A photo that was uploaded `age` seconds ago."""
        name = self.file(age=age)
        row = await media.add_file(self.store.pool, contact.id, name, "image/jpeg", 5, "0" * 64)
        await self.store.pool.execute(
            """UPDATE media SET created_at = now() - make_interval(secs => $2),
                                touched_at = now() - make_interval(secs => $2) WHERE id = $1""",
            row.id,
            age,
        )
        return row

    def file(self, age: float = DAYS) -> str:
        """A file that was last changed `age` seconds ago."""
        name = f"{uuid4().hex}.jpg"
        (self.path / name).write_bytes(b"photo")
        changed = time.time() - age
        os.utime(self.path / name, (changed, changed))
        return name

    async def rows(self) -> set[str]:
        return {row["file_name"] for row in await self.store.pool.fetch("SELECT file_name FROM media")}

    def names(self) -> set[str]:
        return {path.name for path in self.path.iterdir() if path.is_file()}

    async def message(self, contact: Contact, content: Mapping[str, object]) -> None:
        async with self.store.transaction() as transaction:
            known = await contacts.lock(transaction, contact.id)
            assert known is not None
            conversation = await conversations.get_open(transaction, contact.id)
            conversation = conversation or await conversations.add_conversation(transaction, known, "en")
            await messages.add_message(
                transaction, conversation, messages.NewRow("contact", "", "en", content=content)
            )


@pytest.fixture
def folder(store: Store, decoder: PhotoDecoder, tmp_path: Path) -> Folder:
    return Folder(store, decoder, tmp_path)


def attached(*photos: Media) -> dict[str, object]:
    return {"attachments": [{"id": str(one.id), "content_type": one.content_type} for one in photos]}


async def test_uploads_unsent_for_a_day_expire_and_the_rest_stays(folder: Folder) -> None:
    contact = await folder.contact()
    unsent = await folder.photo(contact)
    fresh = await folder.photo(contact, age=80_000)
    sent, other = await folder.photo(contact), await folder.photo(contact)
    await folder.message(contact, attached(sent, other))
    waits = await folder.photo(contact)
    await events.add_event(
        folder.store.pool, "web", "e1", contact.id, {"media": [{"id": str(waits.id), "url": None}]}, None
    )
    stranger = await folder.contact()
    foreign = await folder.photo(stranger)
    await folder.message(contact, attached(foreign))  # somebody else's message keeps nothing of theirs
    assert await folder.cleanup.expire() == 2
    kept = {one.file_name for one in (fresh, sent, other, waits)}
    assert await folder.rows() == kept and folder.names() == kept
    assert unsent.file_name not in kept and foreign.file_name not in kept


async def test_what_was_once_in_a_message_is_not_looked_for_again(folder: Folder) -> None:
    contact = await folder.contact()
    sent = await folder.photo(contact)
    await folder.message(contact, attached(sent))
    assert await media.mark_attached(folder.store.pool, timedelta(hours=24), 10) == 1
    assert await media.mark_attached(folder.store.pool, timedelta(hours=24), 10) == 0
    await folder.store.pool.execute("UPDATE messages SET content = '{}'")
    assert await folder.cleanup.expire() == 0


async def test_a_message_and_the_sweep_at_the_same_moment_leave_no_message_without_its_photo(
    desk: Desk, decoder: PhotoDecoder, tmp_path: Path
) -> None:
    """Either the message comes first and the photo stays, or it is refused and the photo is asked for again."""
    folder = Folder(desk.store, decoder, tmp_path)
    contact = await folder.contact()
    photos = [await folder.photo(contact) for _ in range(30)]

    async def send(photo: Media) -> bool:
        inbound = Inbound(
            f"{contact.id}:{uuid4()}",
            contact.external_id,
            "message",
            None,
            media=(MediaRef(str(photo.id), ""),),
        )
        try:
            await desk.intake.receive_from(contact, inbound)
        except Refused as refused:
            assert refused.code == "unknown_media" and "Attach it again" in str(refused)
            return False
        return True

    sends = [send(one) for one in photos]
    _, *accepted = await asyncio.gather(folder.cleanup.expire(), *sends)
    kept = await folder.rows()
    assert [one.file_name in kept for one in photos] == accepted
    assert folder.names() == kept


async def test_a_photo_that_a_message_names_starts_its_day_anew(folder: Folder) -> None:
    contact = await folder.contact()
    photo = await folder.photo(contact)
    assert await media.mark_touched(folder.store.pool, contact.id, [photo.id]) == 1
    assert await media.mark_touched(folder.store.pool, (await folder.contact()).id, [photo.id]) == 0
    assert await media.mark_touched(folder.store.pool, contact.id, [photo.id, UUID(int=1)]) == 1
    assert await folder.cleanup.expire() == 0


async def test_files_and_rows_without_the_other_go_once_they_are_old(folder: Folder) -> None:
    contact = await folder.contact()
    whole = [await folder.photo(contact) for _ in range(20)]
    old, new = folder.file(), folder.file(age=3_600)  # `new` may be an upload whose row is not written yet
    lost, just_now = await folder.photo(contact), await folder.photo(contact, age=3_600)
    for one in (lost, just_now):
        (folder.path / one.file_name).unlink()
    (folder.path / "incoming").mkdir()
    assert await folder.cleanup.sweep() == Swept(files=1, rows=1)
    names = {one.file_name for one in whole}
    assert folder.names() == names | {new}
    assert await folder.rows() == names | {just_now.file_name}
    assert old not in folder.names() and lost.file_name not in await folder.rows()


async def test_a_folder_that_is_not_there_deletes_no_rows(folder: Folder) -> None:
    contact = await folder.contact()
    for one in [await folder.photo(contact) for _ in range(3)]:
        (folder.path / one.file_name).unlink()  # as if the volume had not been mounted
    assert (await folder.cleanup.sweep()).refused
    assert len(await folder.rows()) == 3


async def test_a_database_that_knows_nothing_deletes_no_files(folder: Folder) -> None:
    names = {folder.file() for _ in range(60)}  # another city's folder, or an empty database
    assert (await folder.cleanup.sweep()).refused
    assert folder.names() == names


async def test_an_erased_contacts_photos_go_from_the_disk(folder: Folder) -> None:
    contact, other = await folder.contact(), await folder.contact()
    erased, stays = await folder.photo(contact), await folder.photo(other)
    await folder.message(other, attached(stays))
    await folder.store.pool.execute("DELETE FROM contacts WHERE id = $1", contact.id)
    assert await folder.cleanup.sweep() == Swept(files=1)
    assert folder.names() == {stays.file_name} and erased.file_name not in folder.names()


async def test_of_many_workers_one_does_it(folder: Folder) -> None:
    claims = [periodic_tasks.mark_claimed(folder.store.pool, "unsent_photos", EXPIRE_EVERY) for _ in range(8)]
    assert sorted(await asyncio.gather(*claims)) == [False] * 7 + [True]
    await folder.store.pool.execute("UPDATE periodic_tasks SET due_at = now()")
    assert await periodic_tasks.mark_claimed(folder.store.pool, "unsent_photos", EXPIRE_EVERY)


async def test_the_worker_runs_it(folder: Folder) -> None:
    unsent = await folder.photo(await folder.contact())
    (folder.path / "incoming").mkdir()
    left = folder.path / "incoming" / "left"
    left.write_bytes(b"half")
    os.utime(left, (1, 1))
    stop = asyncio.Event()
    cleanup = Cleanup(
        folder.store, folder.files, PhotoQuotas(folder.store, utc_now, "a-secret-of-the-tests"), look=0.01
    )
    running = asyncio.create_task(cleanup.run(stop))
    async with asyncio.timeout(20):
        while unsent.file_name in folder.names() or left.exists():
            await asyncio.sleep(0.01)
    stop.set()
    await running
