"""Charts as SVG, drawn by the server: no script, no foreign code. The table below a chart says the same in text. Pure.

Only numbers, and words of ours or of city.yml, are drawn; `markupsafe` escapes every text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, ROW, LABEL, VALUE = 640, 28, 190, 96
HEIGHT, FOOT, LEFT = 180, 24, 8


@dataclass(frozen=True, slots=True)
class Bar:
    """`value` decides the length, `said` is the text beside it."""

    title: str
    value: float
    said: str


def bars(title: str, rows: Sequence[Bar]) -> Markup:
    """Horizontal bars, one a row."""
    most = max((row.value for row in rows), default=0) or 1
    space = WIDTH - LABEL - VALUE
    parts = []
    for place, row in enumerate(rows):
        y, length = place * ROW, max(1, round(row.value / most * space))
        parts.append(
            Markup(
                '<text class="label" x="{x}" y="{text}" text-anchor="end">{title}</text>'
                '<rect class="bar" x="{left}" y="{y}" width="{length}" height="{thick}"/>'
                '<text class="value" x="{end}" y="{text}">{said}</text>'
            ).format(
                x=LABEL - 8, text=y + 19, title=_short(row.title), left=LABEL, y=y + 4, length=length,
                thick=ROW - 8, end=LABEL + length + 8, said=row.said,
            )
        )  # fmt: skip
    return _svg(title, WIDTH, max(ROW, ROW * len(rows)), Markup("").join(parts))


def columns(title: str, rows: Sequence[Bar]) -> Markup:
    """Vertical bars side by side, for days: the first and the last are named below."""
    most = max((row.value for row in rows), default=0) or 1
    step = (WIDTH - 2 * LEFT) / max(1, len(rows))
    parts = []
    for place, row in enumerate(rows):
        length = round(row.value / most * (HEIGHT - FOOT - 8))
        parts.append(
            Markup(
                '<rect class="bar" x="{x}" y="{y}" width="{width}" height="{length}"><title>{title}: {said}</title></rect>'
            ).format(
                x=f"{LEFT + place * step:.1f}", y=HEIGHT - FOOT - length, width=f"{max(1.0, step - 2):.1f}",
                length=length, title=row.title, said=row.said,
            )
        )  # fmt: skip
    if rows:
        ends = ((LEFT, "start", rows[0]), (WIDTH - LEFT, "end", rows[-1]))
        parts += [
            Markup('<text class="label" x="{x}" y="{y}" text-anchor="{anchor}">{title}</text>').format(
                x=x, y=HEIGHT - 6, anchor=anchor, title=row.title
            )
            for x, anchor, row in ends
        ]
    return _svg(title, WIDTH, HEIGHT, Markup("").join(parts))


def _svg(title: str, width: int, height: int, inner: Markup) -> Markup:
    return Markup(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-label="{title}" focusable="false">{inner}</svg>'
    ).format(width=width, height=height, title=escape(title), inner=inner)


def _short(text: str) -> str:
    return text if len(text) <= 26 else f"{text[:25]}…"
