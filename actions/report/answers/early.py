"""Answers that a description gives before they are asked for: "a huge hole", "every night since Monday". Pure.

They are kept, and the question is not asked. Only whole words that the catalogue lists count: a wrong guess would be filed.
"""

import re
from collections.abc import Sequence

from actions.languages import WORDS
from actions.report.answers.choices import named_choices
from actions.report.draft import Draft
from actions.services import Asked
from actions.words import plain_words

LONGEST = 200  # characters of an answer in the citizen's words
_CLAUSE = re.compile(r"[.;:!?\n]|,(?=\s)")
# "At 12 Elm Street" does not say that the sofa stands in the street.
_STREETS = frozenset(
    word for words in WORDS.values() for word in f"{words.streets_after} {words.streets_before}".split()
)


def with_told_answers(before: Draft, after: Draft, questions: Sequence[Asked]) -> dict[str, Sequence[str]]:
    """The answers of `after`, with those that its words give. What the old words gave goes with them."""
    old = told_answers(before.description or "", questions) if before.description else {}
    new = told_answers(after.description or "", questions)
    kept = {
        code: values
        for code, values in after.answers.items()
        if old.get(code) is None or list(values) != old[code] or code in new
    }
    stale = {code for code in new if code in kept and list(kept[code]) == old.get(code)}
    return {**new, **{code: values for code, values in kept.items() if code not in stale}}


def told_answers(text: str, questions: Sequence[Asked]) -> dict[str, list[str]]:
    """question code -> its answer, for those that the text answers."""
    clauses = [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]
    found: dict[str, list[str]] = {}
    for asked in questions:
        if asked.values:
            keys = named_choices(text, asked, leaving_out=_STREETS)
            if len(keys) == 1 or (keys and asked.datatype == "multivaluelist"):
                found[asked.code] = list(keys)
        elif asked.told and (told := [one for one in clauses if _says(one, asked.told)]):
            found[asked.code] = [", ".join(told)[:LONGEST]]
    return found


def _says(clause: str, words: Sequence[str]) -> bool:
    said = f" {plain_words(clause)} "
    return any(f" {word} " in said for word in words)
