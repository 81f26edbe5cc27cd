"""A table: a CSV file with the street in its first column. Read once, at start."""

import csv
from collections.abc import Mapping
from pathlib import Path

from actions.lookup.source import Place, Values
from actions.words import fold
from city.errors import CityError

LARGEST = 16 * 1024 * 1024  # bytes: a city of 100,000 streets has 4 MB
_HAND_WRITTEN = "utf-8-sig"  # Excel begins a file with a byte order mark


class Table:
    """Rows by street, however the street's name is written."""

    def __init__(self, rows: Mapping[str, Values]) -> None:
        self._rows = rows

    @classmethod
    def load(cls, path: Path) -> "Table":
        """Read a table. Raises CityError with a sentence."""
        try:
            if path.stat().st_size > LARGEST:
                raise CityError(f"{path} is larger than {LARGEST // 1024 // 1024} MB. Use a service instead.")
            with path.open(encoding=_HAND_WRITTEN, newline="") as file:
                reader = csv.DictReader(file, strict=True)
                columns = [str(name).strip() for name in reader.fieldnames or ()]
                rows = list(reader)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CityError(f"{path} cannot be read as a table ({error}). It must be CSV in UTF-8.") from None
        if len(columns) < 2 or "" in columns:
            raise CityError(
                f"{path} needs a line of column names: the street's first, then at least one more."
            )
        found: dict[str, Values] = {}
        for number, row in enumerate(rows, 2):
            if None in row or None in row.values():
                raise CityError(f"{path}, line {number}: it has not as many fields as the first line.")
            values = {name.strip(): value.strip() for name, value in row.items()}
            street = fold(values[columns[0]])
            if not street or street in found:
                raise CityError(f"{path}, line {number}: the street is empty or stands in the table twice.")
            found[street] = values
        return cls(found)

    async def find(self, place: Place) -> Values | None:
        """The row for this street."""
        return self._rows.get(fold(place.street))

    def values(self, column: str) -> list[str]:
        """All values of a column."""
        return [row.get(column, "") for row in self._rows.values()]
