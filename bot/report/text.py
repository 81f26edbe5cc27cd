"""The report as one page of text. Lists are cut; the HTML has them in full."""

from __future__ import annotations

from bot.report.compare import Comparison
from bot.report.evidence import ModelEvidence, by_language, calibration, confusions, scope_curve
from bot.report.full_text import GOAL, Beside

PAIRS, CHANGED = 8, 12


def page(
    evidence: ModelEvidence,
    comparison: Comparison | None,
    seconds: float,
    size: int,
    beside: Beside | None = None,
) -> str:
    """`size` in bytes; `beside`: what a full text search finds."""
    figures = evidence.figures
    if not figures:
        return "Too few examples to measure anything: at least two intents with two examples each are needed."
    parts = [
        f"{figures['examples']:.0f} examples of {figures['intents']:.0f} intents; trained in {seconds:.0f} s; "
        f"the model has {size / 1e6:.1f} MB. All figures are of examples that the model had not seen"
        + (", nor any paraphrase or translation of them." if figures.get("families") else "."),
        _languages(evidence),
        *([_search(beside)] if beside else []),
        _thresholds(figures),
        _curves(evidence),
        _confusions(evidence),
    ]
    return "\n\n".join([*parts, *([_changes(comparison)] if comparison else [])])


def _languages(evidence: ModelEvidence) -> str:
    lines = [f"{'':10}{'examples':>10}{'right':>9}{'macro-F1':>10}"]
    for code, (count, accuracy, f1) in by_language(evidence.examples).items():
        lines.append(f"{code:10}{count:>10}{accuracy:>9.1%}{f1:>10.3f}")
    figures = evidence.figures
    if "accuracy_anywhere" in figures:
        lines.append(
            f"each in the moment of a dialogue in which it is said; were all moments alike: {figures['accuracy_anywhere']:.1%}"
        )
    lines.append(
        f"among the first three {figures['accuracy_top3']:.1%}; calibration error {figures['calibration_error']:.3f}; "
        f"C {figures['strength']:g}, temperature {figures['temperature']:.2f}"
    )
    return "\n".join(lines)


def _search(beside: Beside) -> str:
    lines = [
        f"Beside a full text search over the same answers, on {beside.questions} held-out questions about them",
        f"{'':18}{'first place':>12}{'first three':>12}",
        f"{'  the assistant':18}{beside.first:>12.1%}{beside.among_three:>12.1%}",
        f"{'  full text search':18}{beside.search_first:>12.1%}{beside.search_among_three:>12.1%}",
        f"  ahead at first place by {100 * beside.ahead:.0f} points; the goal is {100 * GOAL:.0f}"
        + ("" if beside.ahead >= GOAL else ": MISSED"),
    ]
    return "\n".join(lines)


def _thresholds(figures: dict[str, float]) -> str:
    lines = [
        "Thresholds and what they cost",
        "  "
        + ", ".join(
            f"{name} {figures[name]:.2f}" for name in ("floor", "lenient", "sure", "strict", "scope")
        ),
        f"  answered at once: {figures['answered_at_once']:.1%} of questions, {figures['right_when_answered']:.1%} of these rightly",
    ]
    if "near_misses" in figures:
        lines.append(
            f"  near misses ({figures['near_misses']:.0f}): {figures['near_misses_answered']:.1%} answered, which is wrong; "
            f"told apart from real questions with an AUROC of {figures['near_misses_auroc']:.1%}"
        )
    return "\n".join(lines)


def _curves(evidence: ModelEvidence) -> str:
    lines = ["Calibration: said / right / examples"]
    lines += [
        f"  {said:.2f}  {right:.2f}  {count:>5}" for said, right, count in calibration(evidence.examples)
    ]
    curve = scope_curve(evidence)
    if curve:
        lines.append("Scope: threshold / real questions lost / near misses kept out")
        lines += [f"  {at:6.2f}  {lost:6.1%}  {kept:6.1%}" for at, lost, kept in curve]
    return "\n".join(lines)


def _confusions(evidence: ModelEvidence) -> str:
    lines = ["Most confused"]
    for intent, guess, found in confusions(evidence.examples)[:PAIRS]:
        lines.append(f"  {len(found):>3}  {intent} -> {guess}: {found[0].text!r}")
    return "\n".join(lines)


def _changes(comparison: Comparison) -> str:
    lines = [
        f"Beside the model in use, on {comparison.shared} examples that both know: {comparison.old_accuracy:.1%} -> "
        f"{comparison.new_accuracy:.1%}; {len(comparison.mended)} mended, {len(comparison.broken)} broken"
    ]
    if comparison.old_auroc and comparison.new_auroc:
        lines.append(f"  near misses, AUROC: {comparison.old_auroc:.1%} -> {comparison.new_auroc:.1%}")
    for sign, pairs in (("+", comparison.mended), ("-", comparison.broken)):
        for old, new in pairs[:CHANGED]:
            lines.append(f"  {sign} {new.text!r}: {old.guess} -> {new.guess}")
        if len(pairs) > CHANGED:
            lines.append(f"  {sign} and {len(pairs) - CHANGED} more in the HTML report")
    return "\n".join(lines)
