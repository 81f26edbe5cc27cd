"""Reads a set of shared answers: a folder or an HTTPS address with a list, set.json, and a file for each answer, answers/<id>.yml.
Every file is compared with its hash in the list before it is parsed; size, number and depth are limited."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urljoin, urlsplit

import msgspec

from city.model import SharedSetConfig
from desk.knowledge.content import ContentError, parse_untrusted
from desk.knowledge.pages.fetching import Gone, PageFetcher
from desk.media.fetch import NotFetched

LIST = "set.json"
FORMAT = "civicdesk-answers/1"
LARGEST_LIST, LARGEST_FILE = 128 * 1024, 64 * 1024
MOST = 500
"""Answers of a set."""

Id = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z_]{2,39}$")]
Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Read = Callable[[str, int], Awaitable[bytes]]


class SetUnread(Exception):
    """The set cannot be read: a sentence. What was taken in stays as it is."""


class SetList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """set.json: `answers` are the hashes (SHA-256, hexadecimal) of the files by id; `version` grows with every change."""

    format: Literal["civicdesk-answers/1"]
    version: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    answers: Annotated[dict[Id, Digest], msgspec.Meta(max_length=MOST)]


@dataclass(frozen=True, slots=True)
class ReadSet:
    """`digest` is that of the list; `raw` are the fields of the answers whose files changed, `problems` sentences for those that cannot
    be used."""

    version: int
    digest: str
    files: Mapping[str, str]
    raw: Mapping[str, dict[str, Any]]
    problems: Mapping[str, str]


class SetReader:
    """Built once by the worker."""

    def __init__(self, fetcher: PageFetcher) -> None:
        self._fetcher = fetcher

    async def read(
        self, config: SharedSetConfig, version: int, digest: str, known: Mapping[str, str]
    ) -> ReadSet | None:
        """The set; None if its list is still the one with this digest. `version` was read last, `known` are the files' hashes that were
        taken in, which are not read again. Raises SetUnread."""
        async with self._opened(config) as read:
            data = await self._one(read, LIST, LARGEST_LIST)
            now = digest_of(data)
            if now == digest:
                return None
            try:
                listed = msgspec.json.decode(data, type=SetList)
            except (msgspec.MsgspecError, RecursionError) as error:
                raise SetUnread(f"{LIST} is wrong: {error}.") from None
            if listed.version < version:
                raise SetUnread(f"It went back from version {version} to {listed.version}.")
            if digest and listed.version == version:
                raise SetUnread(f"It was changed, and still says that it is version {version}.")
            raw, problems = {}, {}
            for id, wanted in listed.answers.items():
                if known.get(id) != wanted:
                    try:
                        raw[id] = await self._answer(read, id, wanted)
                    except (SetUnread, ContentError) as error:
                        problems[id] = str(error)
            return ReadSet(listed.version, now, listed.answers, raw, problems)

    async def _answer(self, read: Read, id: str, wanted: str) -> dict[str, Any]:
        name = f"answers/{id}.yml"
        data = await self._one(read, name, LARGEST_FILE)
        if digest_of(data) != wanted:
            raise SetUnread(f"{name} is not the file of which {LIST} has the hash.")
        return await asyncio.to_thread(parse_untrusted, data, Path(name))

    async def _one(self, read: Read, name: str, largest: int) -> bytes:
        try:
            data = await read(name, largest)
        except (NotFetched, Gone) as error:
            raise SetUnread(f"{name} cannot be read ({error}).") from None
        except OSError as error:
            raise SetUnread(f"{name} cannot be read ({type(error).__name__}).") from None
        if len(data) > largest:
            raise SetUnread(f"{name} is larger than {largest // 1024} KB.")
        return data

    @asynccontextmanager
    async def _opened(self, config: SharedSetConfig) -> AsyncIterator[Read]:
        if config.folder is not None:
            folder = Path(config.folder)
            yield lambda name, largest: asyncio.to_thread(_read_file, folder / name, largest)
            return
        base = f"{(config.address or '').rstrip('/')}/"
        async with self._fetcher.begin([urlsplit(base).hostname or ""]) as fetching:

            async def read(name: str, largest: int) -> bytes:
                return (await fetching.get(urljoin(base, name), largest=largest)).body or b""

            yield read


def digest_of(data: bytes) -> str:
    """A file's hash as set.json has it."""
    return hashlib.sha256(data).hexdigest()


def list_of(version: int, files: Mapping[str, str]) -> str:
    """The set.json of these answers' files, so that others can take them in."""
    answers = {id: digest_of(text.encode()) for id, text in sorted(files.items())}
    made = {"format": FORMAT, "version": max(1, version), "answers": answers}
    return msgspec.json.format(msgspec.json.encode(made), indent=1).decode() + "\n"


def _read_file(path: Path, largest: int) -> bytes:
    if path.is_symlink():
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        return file.read(largest + 1)
