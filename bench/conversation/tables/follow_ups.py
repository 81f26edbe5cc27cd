"""Follow-ups: after an answer, a short question about the same topic gets the part of that answer that it asks for.

right: the part was given, or the citizen was told that the answer does not have it, or got the answer that the city gives
on it for all matters (ways to pay, appointments, holidays). asked: the citizen was asked which
topic is meant. wrong: anything else, above all an answer on another topic.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bench.conversation.scene import Scene
from bench.report import Row
from desk.model import Reply

TITLE = "Follow-ups of the last topic"
RIGHT, ASKED, WRONG = "right", "asked", "wrong"
LANGUAGES = {"en": "English", "es": "Spanish", "fr": "French"}
BEFORE = ("parking_permit", "passport")  # what was talked about before another topic


@dataclass(frozen=True)
class Case:
    """`opening`, then `say`. `part` of `topic` is expected; no part: the whole answer on `topic`."""

    language: str
    opening: str
    say: str
    topic: str
    part: str | None
    held_out: bool


async def rows(scene: Scene) -> list[Row]:
    """Right, asked and wrong in each language, tuned and held out; then new topics of their own."""
    written = scene.cases("follow_ups")

    async def judge(case: Case) -> str:
        async with scene.citizen(case.language) as citizen:
            await citizen.say(case.opening)
            response = await citizen.say(case.say)
        title = scene.catalog.answers[case.topic].texts[case.language].title
        if response.sources == [_general(scene, case, written["general"])]:
            return RIGHT
        if response.sources == [title] and (case.part is None or response.text == _part(scene, case)):
            return RIGHT
        outcome = ASKED if not response.sources and title in response.titles else WRONG
        if not case.held_out:
            scene.miss(f"{outcome}: {case} -> {response.sources} {response.text[:120]!r} {response.titles}")
        return outcome

    found = []
    for language, name in LANGUAGES.items():
        for held_out in (False, True):
            kind = "held out" if held_out else "known"
            outcomes = await scene.outcomes(_follow_ups(written, language, held_out), judge)
            found += [
                scene.share(f"right, {name}, {kind}", outcomes, RIGHT, goal=90, limit=70),
                scene.share(f"asked, {name}, {kind}", outcomes, ASKED, goal=10, limit=30, lower=True),
                scene.share(f"wrong, {name}, {kind}", outcomes, WRONG, goal=2, limit=15, lower=True),
            ]
        for held_out in (False, True):
            kind = "held out" if held_out else "known"
            outcomes = await scene.outcomes(_others(written, language, held_out), judge)
            found.append(
                scene.share(f"a topic of its own, {name}, {kind}", outcomes, RIGHT, goal=95, limit=70)
            )
    return found


def _part(scene: Scene, case: Case) -> str:
    reply = Reply(answer=case.topic, part=case.part)
    return scene.catalog.compose(reply, case.language, today=datetime.now(scene.city.zone).date()).text


def _general(scene: Scene, case: Case, general: Mapping[str, str]) -> str | None:
    """The title of the answer on what is asked for, where the last answer does not have it: "can I pay by card?" after an
    answer that does not say how to pay."""
    known = scene.catalog.answers[case.topic].texts[case.language].parts
    name = general.get(case.part or "")
    return scene.catalog.answers[name].texts[case.language].title if name and case.part not in known else None


def _follow_ups(written: Any, language: str, held_out: bool) -> list[Case]:
    """Every other wording for each topic: the first topic begins with the first, the second with the second."""
    return [
        Case(language, opening[language], one["say"], topic, one["part"], held_out)
        for place, (topic, opening) in enumerate(written["openings"].items())
        for one in written["follow_ups"][language][place % 2 :: 2]
        if bool(one.get("held_out")) == held_out
    ]


def _others(written: Any, language: str, held_out: bool) -> list[Case]:
    return [
        Case(language, written["openings"][before][language], one["say"], one["topic"], None, held_out)
        for before in BEFORE
        for one in written["other_topics"][language]
        if bool(one.get("held_out")) == held_out
    ]
