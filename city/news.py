"""News before answers: content/news/*.yml. While an item is current it is shown first, before the general answer.

The desk has the texts and checks the days; the bot (bot/turn/news.py) decides which message an item is about.
"""

from datetime import date
from pathlib import Path

import msgspec
import yaml

from city.errors import CityError
from city.hours import Language


class NewsItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item. It is given from `from` until `until` (both included), to a question about one of `topics`.

    With `streets` (names of the gazetteer) or `words` (by language), the question must name one of them.
    """

    id: str
    since: date = msgspec.field(name="from")
    until: date
    source: str
    topics: tuple[str, ...]
    texts: dict[Language, dict[str, str]]
    streets: tuple[str, ...] = ()
    words: dict[Language, tuple[str, ...]] = {}

    def current(self, today: date) -> bool:
        """Whether it applies today."""
        return self.since <= today <= self.until

    @property
    def response(self) -> str:
        """What its text is called in a reply of the bot."""
        return f"news_{self.id}"


def load_news(folder: Path, languages: tuple[str, ...]) -> dict[str, NewsItem]:
    """All items by id; none where there is no such folder. Raises CityError with a sentence."""
    return {path.stem: _load(path, languages) for path in sorted(folder.glob("*.yml"))}


def _load(path: Path, languages: tuple[str, ...]) -> NewsItem:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CityError(f"{path} cannot be read as YAML ({' '.join(str(error).split())}).") from None
    if not isinstance(raw, dict):
        raise CityError(f"{path} must hold named fields; it holds none.")
    texts = {key: value for key, value in raw.items() if len(str(key)) == 2 and isinstance(value, dict)}
    fields = {key: value for key, value in raw.items() if key not in texts}
    try:
        item = msgspec.convert({**fields, "texts": texts}, NewsItem)
    except msgspec.ValidationError as error:
        raise CityError(f"{path}: {error}.") from None
    if item.id != path.stem:
        raise CityError(f"{path}: the id is {item.id!r}; it must be the file's name.")
    if item.until < item.since:
        raise CityError(f"{path}: 'until' lies before 'from'.")
    if not item.topics:
        raise CityError(f"{path}: 'topics' is empty. Name the answers that the item comes before.")
    for language in languages:
        for name in ("title", "text"):
            if not item.texts.get(language, {}).get(name, "").strip():
                raise CityError(f"{path}: '{language}.{name}' is missing.")
    return item
