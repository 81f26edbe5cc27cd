"""Compares the new model with the one that it replaces, on the examples that both know."""

from __future__ import annotations

from dataclasses import dataclass

from bot.report.evidence import Example, ModelEvidence

TOLERATED = 0.01  # of accuracy on shared examples: folds change when examples are added


@dataclass(frozen=True)
class Comparison:
    """`changed`: (example as seen by the old model, as seen by the new one). Figures are for the shared examples."""

    shared: int
    old_accuracy: float
    new_accuracy: float
    old_auroc: float | None
    new_auroc: float | None
    mended: tuple[tuple[Example, Example], ...]
    broken: tuple[tuple[Example, Example], ...]

    @property
    def worse(self) -> str | None:
        """A sentence saying how the new model is worse, None if it is not."""
        if self.shared and self.new_accuracy < self.old_accuracy - TOLERATED:
            return (
                f"The new model is right on {self.new_accuracy:.1%} of the {self.shared} examples that both know; "
                f"the one in use on {self.old_accuracy:.1%}."
            )
        if self.old_auroc and self.new_auroc and self.new_auroc < self.old_auroc - 2 * TOLERATED:
            return f"The new model tells near misses apart with {self.new_auroc:.1%}, the one in use with {self.old_auroc:.1%}."
        return None


def compare(old: ModelEvidence, new: ModelEvidence) -> Comparison:
    """An example whose intent was changed by hand is judged by its new intent."""
    before = {example.text: example for example in old.examples}
    pairs = [(before[example.text], example) for example in new.examples if example.text in before]
    was_right = [earlier.guess == now.intent for earlier, now in pairs]
    count = len(pairs)
    return Comparison(
        shared=count,
        old_accuracy=sum(was_right) / count if count else 0.0,
        new_accuracy=sum(now.right for _, now in pairs) / count if count else 0.0,
        old_auroc=old.figures.get("near_misses_auroc"),
        new_auroc=new.figures.get("near_misses_auroc"),
        mended=tuple(pair for pair, was in zip(pairs, was_right, strict=True) if pair[1].right and not was),
        broken=tuple(pair for pair, was in zip(pairs, was_right, strict=True) if was and not pair[1].right),
    )
