"""The training report says how far the assistant is ahead of a plain full text search over the same answers."""

from bot.project import load_project
from bot.report.evidence import Example, ModelEvidence
from bot.report.full_text import Beside, Search, compare_with_search
from bot.report.text import page

FIGURES = {
    "examples": 1.0, "intents": 1.0, "accuracy_top3": 1.0, "answered_at_once": 0.5, "right_when_answered": 1.0,
    "calibration_error": 0.01, "strength": 8.0, "temperature": 0.9, "floor": 0.08, "lenient": 0.4, "sure": 0.6,
    "strict": 0.9, "scope": -1.0,
}  # fmt: skip


def test_rare_words_and_titles_weigh_more() -> None:
    search = Search(
        {
            "pools": ("Swimming pools", "The city has a pool. It is open every day."),
            "dogs": ("Dogs", "Every dog in the city needs a licence."),
            "city": ("City hall", "The city hall is open every day, and dogs may come in."),
        }
    )
    assert search.find("when is the swimming POOL open?", 3)[0] == "pools"
    assert search.find("dogs", 2) == ["dogs", "city"]
    assert search.find("¿?", 3) == []


def test_the_comparison_counts_questions_about_answers_alone() -> None:
    examples = [
        Example("how do I renew my passport", "en", "passport", "passport", 0.9, 0.0, ("noise", "rats")),
        Example("the neighbours shout all night", "en", "noise", "rats", 0.5, 0.0, ("noise", "passport")),
        Example("hello", "en", "greet", "greet", 0.9, 0.0, ("noise", "rats")),
        Example("Rats", "", "rats", "rats", 0.9, 0.0, ("noise", "passport")),
    ]
    beside = compare_with_search(examples, load_project())
    assert beside is not None
    assert (beside.questions, beside.first, beside.among_three) == (2, 0.5, 1.0)
    assert beside.search_first >= 0.5
    assert compare_with_search(examples[2:], load_project()) is None


def test_the_page_shows_both_and_says_if_the_goal_is_missed() -> None:
    evidence = ModelEvidence(FIGURES, (Example("a", "en", "bins", "bins", 0.9, 0.0),))
    text = page(evidence, None, 1.0, 1, Beside(10, 0.8, 0.9, 0.5, 0.7))
    assert "ahead at first place by 30 points; the goal is 20" in text and "MISSED" not in text
    assert "80.0%       90.0%" in text and "50.0%       70.0%" in text
    assert "by 10 points; the goal is 20: MISSED" in page(
        evidence, None, 1.0, 1, Beside(10, 0.6, 0.9, 0.5, 0.7)
    )
    assert "full text search" not in page(evidence, None, 1.0, 1)
