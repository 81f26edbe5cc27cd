"""content/answers as the seed of the answers and as their export format: byte for byte where nobody changed
anything. What was edited in both places is never overwritten; an editor decides."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from desk.knowledge.content import Answer
from desk.knowledge.publishing.published import answer_of, body_of
from desk.people import audit
from desk.store.knowledge import answers, shared
from desk.store.knowledge.answers import Body
from desk.store.pool import Executor, Store


async def seed_answers(store: Store, content: Path, seed: Mapping[str, Answer], now: datetime) -> list[str]:
    """Compare content/answers, from which `seed` was read, with the database; returns the ids in conflict.

    What the database lacks is added, as published. An answer that nobody changed in the console follows its file. What both
    changed, or what was withdrawn, stays as the console has it until an editor decides. An answer without a file stays.
    """
    texts = await asyncio.to_thread(read_texts, content / "answers")
    conflicts = []
    async with store.transaction() as transaction:
        await answers.lock(transaction)
        kept = {one.id: one for one in await answers.list_kept(transaction)}
        for id, answer in seed.items():
            file, text, one = body_of(answer), texts[id], kept.get(id)
            if one is None:
                await answers.add_answer(transaction, id, file, text, now)
            elif file in (one.base, one.body):
                await answers.set_file(transaction, id, file, text, file)
            elif one.body == one.base and one.state == "published":
                await follow(transaction, id, one.newest + 1, file, now)
                await answers.set_file(transaction, id, file, text, file)
            else:
                await answers.set_file(transaction, id, file, text, one.base)
                conflicts.append(id)
    return conflicts


async def follow(
    transaction: Executor, id: str, version: int, body: Body, now: datetime, why: str = ""
) -> None:
    """Publish a version that came from a file, or from a shared set."""
    await answers.add_version(transaction, id, version, body, now, None)
    await answers.set_newest(transaction, id, version, "published")
    await answers.set_published(transaction, id, version)
    await answers.add_state(transaction, id, version, "published", why, now, None)
    await audit.record(transaction, None, "answer_published", None, now, answer=id, version=str(version))


async def list_answer_files(executor: Executor) -> dict[str, str]:
    """The text of each published answer's file, by id."""
    return {
        id: text if body == file else answer_as_yaml(answer_of(id, body))
        for id, (body, file, text) in (await answers.list_files(executor)).items()
    }


async def list_own_files(executor: Executor) -> dict[str, str]:
    """The same, without what a shared set says in the same words and no file of ours has."""
    said = await shared.list_shared(executor)
    of_others = {
        id
        for id, (body, file, _) in (await answers.list_files(executor)).items()
        if file is None and id in said and body in (said[id].body, said[id].base)
    }
    return {id: text for id, text in (await list_answer_files(executor)).items() if id not in of_others}


def answer_as_yaml(answer: Answer) -> str:
    """An answer as content/answers has it: its fields, then one block for each language."""
    body = body_of(answer)
    days = {name: getattr(answer, name) for name in ("reviewed_on", "review_by", "expires_on")}
    buttons = [_plain(one) for one in body.pop("buttons")]
    texts = {language: _plain(text) for language, text in body.pop("texts").items()}
    head = {name: days.get(name, value) for name, value in body.items()}
    written = {"id": answer.id, **head, **({"buttons": buttons} if buttons else {}), **texts}
    return yaml.dump(written, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=110)


class Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks, days without quotes."""

    def represent_text(self, text: str) -> yaml.Node:
        style = "|" if "\n" in text else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


Dumper.add_representer(str, Dumper.represent_text)


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in value.items() if one not in (None, {}, [], "")}


def read_texts(folder: Path) -> dict[str, str]:
    """The files of a folder, byte for byte, by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yml"))}
