"""The sentences of the approved answers, as evidence of a topic's content.

Citizens do not write like this, so they weigh less than examples (bot/understanding/classifier/head.py); but they contain words that
the examples lack: "quiet hours" is in the answer about noise before anybody asks for it.
"""

from __future__ import annotations

import re

from bot.project import Project, read_yaml

SHORTEST = 3  # words
_END = re.compile(r"(?<=[.!?])\s+|\n+")
_VARIABLE = re.compile(r"\{\w+\}")


def answer_lines(project: Project) -> list[tuple[str, str, str]]:
    """(sentence, topic, language) in the city's languages."""
    found = []
    for path in sorted((project.content / "answers").glob("*.yml")):
        entry = read_yaml(path)
        for code in project.languages:
            for line in _END.split(str((entry.get(code) or {}).get("text") or "")):
                text = " ".join(_VARIABLE.sub(" ", line).split()).strip("*- ")
                if len(text.split()) >= SHORTEST:
                    found.append((text, path.stem, code))
    return found
