"""The report as self-contained HTML: the text, two SVG plots, and every confusion and change."""

from __future__ import annotations

from html import escape

from bot.report.compare import Comparison
from bot.report.evidence import ModelEvidence, calibration, confusions, scope_curve

SIDE, EDGE = 320, 40  # pixels
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
    "pre{white-space:pre-wrap}td,th{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top}"
    "svg{margin-right:2rem}.broken{color:#a3001b}"
)


def html(text: str, evidence: ModelEvidence, comparison: Comparison | None, name: str) -> str:
    """`text` is the text report. Everything else is escaped, because examples are free text."""
    plots = _plot(
        "Calibration: how sure (across), how often right (up)",
        [(said, right) for said, right, _ in calibration(evidence.examples)],
        diagonal=True,
    ) + _plot(
        "Scope: real questions lost (across), near misses kept out (up)",
        [(lost, kept) for _, lost, kept in scope_curve(evidence, 51)],
        diagonal=False,
    )
    body = [f"<h1>Understanding: {escape(name)}</h1>", plots, f"<pre>{escape(text)}</pre>"]
    if comparison:
        body.append("<h2>Every example that changed</h2>" + _changes(comparison))
    body.append("<h2>Every confusion</h2>" + _confusions(evidence))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Understanding: {escape(name)}</title><style>{_STYLE}</style><body>{''.join(body)}</body></html>\n"
    )


def _plot(title: str, points: list[tuple[float, float]], *, diagonal: bool) -> str:
    inner = SIDE - 2 * EDGE

    def place(x: float, y: float) -> str:
        return f"{EDGE + x * inner:.1f},{SIDE - EDGE - y * inner:.1f}"

    ticks = "".join(
        f'<text x="{EDGE + at * inner:.0f}" y="{SIDE - EDGE + 16}" text-anchor="middle">{at:.1f}</text>'
        f'<text x="{EDGE - 6}" y="{SIDE - EDGE - at * inner + 4:.0f}" text-anchor="end">{at:.1f}</text>'
        for at in (0.0, 0.5, 1.0)
    )
    line = f'<polyline fill="none" stroke="#0b5fa5" stroke-width="2" points="{" ".join(place(x, y) for x, y in points)}"/>'
    dots = "".join(
        f'<circle r="3" fill="#0b5fa5" cx="{xy[0]}" cy="{xy[1]}"/>'
        for xy in (place(*p).split(",") for p in points)
    )
    even = (
        f'<polyline fill="none" stroke="#777" stroke-dasharray="4" points="{place(0, 0)} {place(1, 1)}"/>'
        if diagonal
        else ""
    )
    frame = f'<rect x="{EDGE}" y="{EDGE}" width="{inner}" height="{inner}" fill="none" stroke="#777"/>'
    return (
        f'<figure style="display:inline-block;margin:0"><figcaption>{escape(title)}</figcaption>'
        f'<svg width="{SIDE}" height="{SIDE}" font-size="12" role="img" aria-label="{escape(title)}">'
        f"{frame}{ticks}{even}{line}{dots}</svg></figure>"
    )


def _changes(comparison: Comparison) -> str:
    rows = [
        f'<tr class="{kind}"><td>{kind}<td>{escape(new.text)}<td>{escape(old.guess)}<td>{escape(new.guess)}'
        for kind, pairs in (("mended", comparison.mended), ("broken", comparison.broken))
        for old, new in pairs
    ]
    return f"<table><tr><th><th>example<th>before<th>now{''.join(rows)}</table>"


def _confusions(evidence: ModelEvidence) -> str:
    rows = [
        f"<tr><td>{len(found)}<td>{escape(intent)}<td>{escape(guess)}<td>{'<br>'.join(escape(e.text) for e in found)}"
        for intent, guess, found in confusions(evidence.examples)
    ]
    return f"<table><tr><th><th>intent<th>taken for<th>examples{''.join(rows)}</table>"
