"""A description may answer questions before they are asked, but only what it says explicitly."""

import pytest

from actions.report.answers.early import told_answers, with_told_answers
from actions.report.draft import Draft
from actions.services import Asked

SIZE = Asked(
    "size",
    "How big is it",
    "singlevaluelist",
    (("small", "Smaller than a plate"), ("large", "Larger than a plate")),
    said={"small": ("small", "tiny"), "large": ("big", "huge", "on the street")},
)
KERB = Asked(
    "place",
    "Where",
    "singlevaluelist",
    (("kerb", "At the kerb"), ("yard", "In a yard")),
    said={"kerb": ("street", "sidewalk")},
)
WHEN = Asked("when", "When", "string", told=("every night", "since"))


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("a huge hole", {"size": ["large"]}),
        ("not a big hole", {}),
        ("a small hole beside a big one", {}),
        ("an old sofa at 12 Elm Street", {}),
        ("an old sofa, it is on the sidewalk", {"place": ["kerb"]}),
        (
            "Music. It goes on every night, since Monday! My name is Ana.",
            {"when": ["It goes on every night, since Monday"]},
        ),
        ("the number is 2", {}),
    ],
)
def test_what_a_description_answers(text: str, answers: dict[str, list[str]]) -> None:
    assert told_answers(text, [SIZE, KERB, WHEN]) == answers


def test_new_words_replace_what_the_old_ones_answered_and_nothing_else() -> None:
    before = Draft(description="a huge hole", answers={"size": ["large"], "place": ["yard"]})
    after = Draft(description="a tiny hole", answers={"size": ["large"], "place": ["yard"]})
    assert with_told_answers(before, after, [SIZE, KERB]) == {"size": ["small"], "place": ["yard"]}
    chosen = Draft(description="a tiny hole", answers={"size": ["small"]})
    assert with_told_answers(Draft(), chosen, [SIZE]) == {"size": ["small"]}
