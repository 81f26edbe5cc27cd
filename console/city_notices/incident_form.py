"""The form of an incident as fields and back; and what a notice or a scenario proposes for one. Pure."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from city.boundary import area_text
from city.notices.districts import District, read_area_of
from console.city_notices.form import SCENARIOS, area_from
from desk.notices.checking import NoticeRefused
from desk.notices.languages import words_of
from desk.store.notices.incidents import Incident, NewIncident
from desk.store.notices.notices import NoticeVersion


def proposed(scenario: str, version: NoticeVersion | None, languages: Sequence[str]) -> dict[str, str]:
    """The fields of a new incident: titles and words of the scenario, area and topics of the notice. The words are those by which
    citizens name the scenario."""
    words = dict.fromkeys(one for language in languages for one in words_of(language).about[scenario])
    titles = {}
    for language in languages:
        text = (version.content.texts.get(language) or {}).get("title", "") if version else ""
        titles[f"title-{language}"] = text or words_of(language).scenarios[scenario].capitalize()
    return {
        "scenario": scenario, "words": "\n".join(words), **titles,
        **(_area_fields(version.content.area) if version else {}),
        "topics": "\n".join(version.content.topics) if version else "",
        "notice": str(version.notice_id) if version else "",
    }  # fmt: skip


def incident_fields(incident: Incident) -> dict[str, str]:
    """What the form shows for this incident."""
    return {
        "scenario": incident.scenario,
        **{f"title-{language}": text for language, text in incident.titles.items()},
        **_area_fields(incident.area),
        "topics": "\n".join(incident.topics),
        "services": "\n".join(incident.services),
        "words": "\n".join(incident.words),
    }


def incident_from(
    values: Mapping[str, str], languages: Sequence[str], districts: Sequence[District]
) -> NewIncident:
    """The incident that the fields mean. Raises NoticeRefused."""
    problems: list[str] = []
    scenario = values.get("scenario", "")
    if scenario not in SCENARIOS:
        problems.append("Choose what happened.")
    area = area_from(values, districts, problems)
    try:
        notice = UUID(values["notice"]) if values.get("notice") else None
    except ValueError:
        notice = None
    if problems:
        raise NoticeRefused(problems)
    return NewIncident(
        {language: values.get(f"title-{language}", "").strip() for language in languages}, scenario, area,
        values.get("topics", "").split(), values.get("services", "").split(),
        [one.strip() for one in values.get("words", "").splitlines() if one.strip()], notice,
    )  # fmt: skip


def _area_fields(kept: Mapping[str, object]) -> dict[str, str]:
    area = read_area_of(kept)
    circle = next(iter(area.circles), None)
    return {
        **({"everywhere": "yes"} if area.everywhere else {}),
        **{f"district-{name}": "yes" for name in area.districts},
        "polygon": area_text(area.polygons[0]) if area.polygons else "",
        **(
            {
                "latitude": str(circle.latitude),
                "longitude": str(circle.longitude),
                "kilometres": str(circle.kilometres),
            }
            if circle
            else {}
        ),
    }
