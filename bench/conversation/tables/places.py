"""Places: how a report interprets citizens' answers to "where is it?".

right: the address, position, or sentence that the case names came back. wrong: anything else. A place outside the city
or one that nobody can find, and that the report takes all the same, counts as a row of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.conversation.citizen import Citizen, Response
from bench.conversation.scene import Scene
from bench.report import Row
from desk.knowledge.catalogue import Catalog

TITLE = "Places"
RIGHT, WRONG, TAKEN = "right", "wrong", "taken"
LANGUAGES = {"en": "English", "es": "Spanish", "fr": "French"}
REFUSED = {
    "outside": "utter_report_location_outside",
    "vague": "utter_report_location_vague",
    "link": "utter_report_location_link",
}
ASKED = ("utter_ask_report_location_address", "utter_ask_report_location_coordinates")


@dataclass(frozen=True)
class Case:
    """`say` is the answer to "where is it?"; `reads` as bench/conversation/cases/places.yml explains."""

    language: str
    opening: str
    say: str
    reads: str | Mapping[str, str]
    held_out: bool

    @property
    def refused(self) -> bool:
        """Whether no crew can go there."""
        return isinstance(self.reads, str)


async def rows(scene: Scene) -> list[Row]:
    """Right in each language, tuned and held out; then what was taken although no crew can go there."""
    written = scene.cases("places")
    cases = [
        Case(language, written["openings"][language], one["say"], one["reads"], bool(one.get("held_out")))
        for language in LANGUAGES
        for one in written["places"][language]
    ]

    async def judge(case: Case) -> str:
        async with scene.citizen(case.language) as citizen:
            await citizen.say(case.opening)
            response = await citizen.say(case.say)
            outcome = RIGHT if await _is_right(scene, citizen, case, response) else WRONG
        if outcome == WRONG and case.refused and _is_taken(scene.catalog, case.language, response):
            outcome = TAKEN
        if outcome != RIGHT and not case.held_out:
            scene.miss(f"{outcome}: {case} -> {response.text[:160]!r}")
        return outcome

    found = []
    for language, name in LANGUAGES.items():
        for held_out in (False, True):
            chosen = [case for case in cases if case.language == language and case.held_out == held_out]
            outcomes = await scene.outcomes(chosen, judge)
            kind = "held out" if held_out else "known"
            found.append(scene.share(f"right, {name}, {kind}", outcomes, RIGHT, goal=95, limit=80))
    impossible = [case for case in cases if case.refused]
    outcomes = await scene.outcomes(impossible, judge)
    found.append(
        scene.share("taken though nobody can go there", outcomes, TAKEN, goal=0, limit=10, lower=True)
    )
    return found


async def _is_right(scene: Scene, citizen: Citizen, case: Case, response: Response) -> bool:
    if isinstance(case.reads, str):
        return _says(scene, REFUSED[case.reads], case.language) in response.text
    ((kind, value),) = case.reads.items()
    if kind == "pin":
        return any(response.text == _says(scene, name, case.language, place=value) for name in ASKED)
    if kind == "street":
        return response.text == _says(scene, "utter_ask_report_location_detail", case.language, street=value)
    # The summary says which place the report has.
    skip = scene.catalog.responses["utter_ask_report_photo"].texts[case.language].buttons["skip"]
    if skip not in response.titles:
        return False
    await citizen.press(skip)
    summary = await citizen.press(
        scene.catalog.responses["utter_ask_report_contact"].texts[case.language].buttons["skip"]
    )
    return any(line.rstrip().endswith(f": {value}") for line in summary.text.splitlines())


def _is_taken(catalog: Catalog, language: str, response: Response) -> bool:
    """Whether the report continues with its next question."""
    return catalog.responses["utter_ask_report_photo"].texts[language].buttons["skip"] in response.titles


def _says(scene: Scene, name: str, language: str, **variables: object) -> str:
    return scene.catalog.system(name, language, variables).text
