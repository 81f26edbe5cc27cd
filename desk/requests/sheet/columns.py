"""The columns of the request book as a table, how it is written, and how its lines are read. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from desk.model import Refused
from desk.requests.book import without_marker
from desk.store.georeport import GeoRequest

COLUMNS = (
    "number", "service", "status", "note", "crew", "address", "latitude", "longitude", "description", "reported",
    "changed", "expected",
)  # fmt: skip
"""Those after `crew` are read for new requests only; `changed` tells whether a line is out of date, `reported` and `expected`
are never read."""
ANSWER = "answer:"
"""Before the code of a service's question, in the name of a column. Several values are divided by |."""
MAX_OUT = 10_000
MAX_LINES = 2_000
MAX_BYTES = 1_048_576
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: `number` as a spreadsheet counts them. `answers` are by the code of their question."""

    number: int
    fields: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def get(self, column: str) -> str:
        """The value, empty if the table has none."""
        return self.fields.get(column, "")


def write_sheet(requests: Iterable[GeoRequest], zone: tzinfo) -> str:
    """The requests as CSV with a byte order mark, which spreadsheets need for UTF-8."""
    rows = list(requests)
    codes = sorted({code for one in rows for code in one.attributes})
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, *(safe_cell(f"{ANSWER}{code}") for code in codes)])
    for one in rows:
        times = (one.requested_at, one.updated_at, one.expected_at)
        cells: list[object] = [
            one.reference, one.service_code, one.status, one.status_notes, one.crew, one.address,
            one.latitude, one.longitude, without_marker(one.description),
            *(at.astimezone(zone).isoformat() if at else None for at in times),
            *(_joined(one.attributes.get(code)) for code in codes),
        ]  # fmt: skip
        writer.writerow([cell if isinstance(cell, float) else safe_cell(str(cell or "")) for cell in cells])
    return "\ufeff" + out.getvalue()


def safe_cell(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula: with an apostrophe before it."""
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def read_cell(text: str) -> str:
    """What `safe_cell` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*_FORMULA, "'")) else text


def read_sheet(text: str) -> list[Line]:
    """The lines of a table that is divided by commas, semicolons or tabs. Raises Refused with a sentence."""
    text = text.removeprefix("\ufeff").replace("\x00", "")
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[Line] = []
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check_columns(names)
        for number, cells in enumerate(reader, 2):
            if any(cell.strip() for cell in cells):
                lines.append(_line(number, names, cells))
            if len(lines) > MAX_LINES:
                raise Refused(
                    "too_many",
                    f"The table has more than {MAX_LINES:,} lines. Split it. Nothing was changed.",
                )
    except csv.Error as error:
        raise Refused(
            "no_table",
            f"Line {reader.line_num} is not valid CSV ({error}). Save the table as CSV and try again.",
        ) from None
    if not lines:
        raise Refused("no_table", "The table has no lines below its header. Nothing was changed.")
    return lines


def read_bytes(data: bytes) -> str:
    """The text of a file: UTF-8, or what spreadsheets on Windows write."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _line(number: int, names: list[str], cells: list[str]) -> Line:
    given = {name: read_cell(cell).strip() for name, cell in zip(names, cells, strict=False)}
    answers = {
        name.removeprefix(ANSWER): tuple(one.strip() for one in value.split("|") if one.strip())
        for name, value in given.items()
        if name.startswith(ANSWER) and value
    }
    return Line(number, {name: value for name, value in given.items() if name in COLUMNS}, answers)


def _check_columns(names: list[str]) -> None:
    unknown = [name for name in names if name not in COLUMNS and not name.startswith(ANSWER)]
    if unknown or len(set(names)) != len(names):
        wrong = unknown[0][:60] if unknown else "one name twice"
        raise Refused(
            "no_table",
            f"The first line has an unknown column: {wrong}. Use {', '.join(COLUMNS)}, and "
            f"{ANSWER} with the code of a question.",
        )
    if "number" not in names and "service" not in names:
        raise Refused("no_table", "The first line needs the column number, or service for new requests.")


def _joined(values: object) -> str:
    listed = values if isinstance(values, list) else [] if values is None else [values]
    return "|".join(str(one) for one in listed)
