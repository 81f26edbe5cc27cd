"""content/named_facts as the seed of the facts and as their export format, as in exchange.py for answers."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import msgspec
import yaml

from desk.knowledge.named_facts import Fact
from desk.knowledge.publishing.exchange import Dumper, read_texts
from desk.knowledge.publishing.published import body_of_fact, fact_of
from desk.people import audit
from desk.store.knowledge import answers, facts
from desk.store.pool import Executor, Store


async def seed_facts(store: Store, content: Path, seed: Mapping[str, Fact], now: datetime) -> list[str]:
    """Compare content/named_facts, from which `seed` was read, with the database; returns the names in conflict. What the database
    lacks is added, as published; a fact that nobody changed in the console follows its file; other conflicts stay."""
    texts = await asyncio.to_thread(read_texts, content / "named_facts")
    conflicts = []
    async with store.transaction() as transaction:
        await answers.lock(transaction)
        kept = {one.name: one for one in await facts.list_kept(transaction)}
        for name, fact in seed.items():
            file, text, one = body_of_fact(fact), texts[name], kept.get(name)
            if one is None:
                await facts.add_fact(transaction, name, file, now, None, text)
            elif file in (one.base, one.body):
                await facts.set_file(transaction, name, file, text, file)
            elif one.body == one.base and one.newest == one.published:
                await facts.add_version(transaction, name, one.newest + 1, file, now, None)
                await facts.set_published(transaction, name, one.newest + 1, now, None)
                await facts.set_file(transaction, name, file, text, file)
                await audit.record(transaction, None, "fact_published", None, now, fact=name)
            else:
                await facts.set_file(transaction, name, file, text, one.base)
                conflicts.append(name)
    return conflicts


async def list_fact_files(executor: Executor) -> dict[str, str]:
    """The text of each published fact's file, by name."""
    return {
        name: text if body == file else fact_as_yaml(fact_of(body))
        for name, (body, file, text) in (await facts.list_files(executor)).items()
    }


def fact_as_yaml(fact: Fact) -> str:
    """A fact as content/named_facts has it."""
    raw = msgspec.to_builtins(fact, builtin_types=(date,))
    values = [{name: one for name, one in value.items() if one} for value in raw["values"]]
    given = {**{name: one for name, one in raw.items() if one}, "values": values}
    return yaml.dump(given, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=110)
