"""The questions that citizens of a benchmark ask, in all languages, identical in every run."""

import random
import re
from pathlib import Path

DATA = Path("data/nlu")
ANSWERS = Path("content/answers")


def questions(most: int = 200) -> list[str]:
    """Returns at most `most` questions, drawn from the topics' examples without their annotations."""
    found = []
    for path in sorted(ANSWERS.glob("*.yml")):
        examples = DATA / path.name
        if examples.exists():
            found += re.findall(r"^ +- (.+)$", examples.read_text(encoding="utf-8"), re.M)
    plain = [
        re.sub(r"\[([^\]]*)\][({][^)}]*[)}]", r"\1", text) for text in found if not text.startswith("intent:")
    ]
    return random.Random(2).sample(sorted(plain), min(most, len(plain)))
