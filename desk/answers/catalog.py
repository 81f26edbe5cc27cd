"""Catalog: every text a citizen reads, from content/, checked strictly at load."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from city import City
from desk.model import Composed, DeskError, Reply


class ContentError(DeskError):
    """A content file is wrong: one sentence with file and field."""


class Catalog:
    """Answers and dialogue texts by language."""

    @classmethod
    def load(cls, content_dir: Path | str, city: City) -> "Catalog":
        """Read content/answers and content/dialogue. Raises ContentError."""
        raise NotImplementedError

    def compose(self, reply: Reply, language: str, *, today: date) -> Composed:
        """Say it in `language` (or the city's first). Never empty."""
        raise NotImplementedError

    def system(self, key: str, language: str, variables: Mapping[str, object] | None = None) -> Composed:
        """A message of the desk itself (content/dialogue/desk.yml)."""
        raise NotImplementedError
