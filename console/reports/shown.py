"""Formats figures for people and for CSV. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from csv import writer
from io import StringIO

from desk.reporting.figures import Figure, Value
from desk.reporting.intervals import Share, Spread
from desk.reporting.load import Load, WorkLoad
from desk.reporting.periods import NONE


def duration(seconds: float) -> str:
    """ "45 s", "7 min", "2 h 5 min", "3 days 4 h"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} days {hours} h" if hours else f"{days} days"


def said(figure: Figure, value: Value) -> tuple[str, str]:
    """The value, with its confidence interval or its spread."""
    match value:
        case None:
            return "–", "nothing to count"
        case Share():
            low, high = round(value.low * 100), round(value.high * 100)
            return f"{value.value:.1%}", f"{low} to {high} %, {value.count} of {value.of} {figure.base_title}"
        case Spread() if figure.unit == "percent":
            return f"{value.median:.0f} %", f"{value.of} reviewed"
        case Spread():
            return duration(value.median), f"90 % within {duration(value.p90)}, of {value.of}"
        case _:
            return f"{value:,}", ""


def height(value: Value) -> float:
    """The length of its bar: a count, percent, or minutes."""
    match value:
        case None:
            return 0.0
        case Share():
            return value.value * 100
        case Spread():
            return value.median
        case _:
            return float(value)


FIGURE_COLUMNS = ("figure", "value", "unit", "low", "high", "p90", "of", "definition")


def figure_row(figure: Figure, value: Value) -> tuple[object, ...]:
    """A line of CSV; shares are between 0 and 1, times in seconds."""
    match value:
        case Share():
            numbers: tuple[object, ...] = (
                round(value.value, 6), figure.unit, round(value.low, 6), round(value.high, 6), "", value.of,
            )  # fmt: skip
        case Spread():
            numbers = (
                value.median,
                "seconds" if figure.unit == "time" else figure.unit,
                "",
                "",
                value.p90,
                value.of,
            )
        case _:
            numbers = ("" if value is None else value, figure.unit, "", "", "", "")
    return (figure.title, *numbers, figure.definition)


LOAD_COLUMNS = (
    "agent",
    "most at once",
    "at once on average",
    "at once in their turn",
    "seconds with any",
    "seconds at work",
    "at once while at work",
    "seconds with any while at work",
)


def load_row(name: str, in_hand: Load, active: Load | None, at_work: WorkLoad | None) -> tuple[object, ...]:
    """A line of CSV. What is not known is empty."""
    return (
        name,
        in_hand.peak,
        round(in_hand.mean, 3),
        round(active.mean, 3) if active else 0,
        round(in_hand.busy),
        *((round(at_work.seconds), round(at_work.mean, 3), round(at_work.busy)) if at_work else ("", "", "")),
    )


def csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV with a line of titles. No cell begins a formula in a spreadsheet."""
    out = StringIO()
    lines = writer(out)
    lines.writerow(columns)
    for row in rows:
        lines.writerow([_cell(one) for one in row])
    return out.getvalue()


def _cell(value: object) -> object:
    text = value if isinstance(value, str) else ""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and text != NONE else value


def label(labels: Mapping[str, Mapping[str, str]], dimension: str, value: str) -> str:
    """The title of a dimension's value."""
    return labels.get(dimension, {}).get(value) or ("none" if value == NONE else value)


Labels = Callable[[str, str], str]
