"""What a table is given: citizens, the city's texts, and the arithmetic of its rows."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import yaml

from bench.conversation.citizen import Citizen
from bench.report import FOLDER, Row
from city import City
from desk.knowledge.catalogue import Catalog

CASES = Path(__file__).parent / "cases"
AT_ONCE = 4  # conversations; one bot answers them all, and more would only wait
SHORT = 10  # a short run takes every tenth case
NOBODY = "none"

Case = TypeVar("Case")


class Scene:
    """`url` is the gateway's. `misses` are sentences about what went wrong, for people who fix it."""

    def __init__(
        self, http: aiohttp.ClientSession, url: str, city: City, catalog: Catalog, *, short: bool = False
    ) -> None:
        self.city, self.catalog, self.short = city, catalog, short
        self.misses: list[str] = []
        self._http, self._url = http, url

    def citizen(self, language: str | None) -> Citizen:
        """A new web chat, in a language of the widget's menu. Use as `async with`."""
        return Citizen(self._http, self._url, language)

    def cases(self, table: str) -> Any:
        """The content of bench/conversation/cases/<table>.yml."""
        return yaml.safe_load((CASES / f"{table}.yml").read_text(encoding="utf-8"))

    async def outcomes(self, cases: Sequence[Case], judge: Callable[[Case], Awaitable[str]]) -> list[str]:
        """What `judge` says of each case, in order; a few at once. A short run takes every tenth."""
        taken = cases[::SHORT] if self.short else cases
        free = asyncio.Semaphore(AT_ONCE)

        async def one(case: Case) -> str:
            async with free:
                return await judge(case)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(case)) for case in taken]
        return [task.result() for task in tasks]

    def share(
        self,
        name: str,
        outcomes: Sequence[str],
        counted: str,
        *,
        goal: float,
        limit: float,
        lower: bool = False,
    ) -> Row:
        """A row: the share of `counted` among the outcomes, in per cent. `lower`: less is better."""
        share = 100 * Counter(outcomes)[counted] / len(outcomes) if outcomes else 0.0
        unit = f"% of {len(outcomes)}"
        return Row(name, round(share, 1), 0, NOBODY, limit, goal, "lower" if lower else "higher", unit)

    def miss(self, sentence: str) -> None:
        """Remember a case that went wrong, with what was said and what came back."""
        self.misses.append(sentence)


def write_misses(table: str, misses: Sequence[str]) -> Path:
    """Save them beside the rows."""
    path = FOLDER / f"conversation-{table}.txt"
    path.write_text("".join(f"{one}\n" for one in misses), encoding="utf-8")
    return path
