"""Converts service lists and definitions: lenient in form, strict in meaning."""

import re
from dataclasses import dataclass

from backends.base import Question, Service
from backends.open311.read import first, flag, number, prose, rows, text

_SERVICES = ("services", "service")
_DEFINITION = ("service_definition", "service_definitions", "definition")


@dataclass(frozen=True, slots=True)
class ListedService:
    """A row of the service list; `has_questions` is GeoReport's `metadata`."""

    code: str
    name: str
    description: str
    group: str | None
    flow: str
    has_questions: bool
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """What a service asks, and what it shows without asking."""

    questions: tuple[Question, ...] = ()
    notices: tuple[str, ...] = ()


NO_DEFINITION = Definition()


def read_services(document: object) -> list[ListedService]:
    """The service list; rows without a code are skipped, and the first of two equal codes is kept."""
    found: dict[str, ListedService] = {}
    for row in rows(document, _SERVICES):
        code = text(row, "service_code")
        if code is None or code in found:
            continue
        flow = (text(row, "type") or "").lower()
        found[code] = ListedService(
            code=code,
            name=prose(row, "service_name") or code,
            description=prose(row, "description") or "",
            group=prose(row, "group"),
            flow=flow if flow in ("realtime", "batch", "blackbox") else "realtime",
            has_questions=flag(first(row.get("metadata"))),
            keywords=tuple(
                one.strip() for one in re.split("[,;]", prose(row, "keywords") or "") if one.strip()
            ),
        )
    return list(found.values())


def read_questions(document: object) -> tuple[Question, ...]:
    """A definition's questions in order. Rows with `variable=false` only display text, and those with `automated`
    (FixMyStreet: server_set, hidden_field) are filled in by a system: neither is a question to a citizen."""
    questions: list[tuple[float, Question]] = []
    for definition in rows(document, _DEFINITION):
        # Some servers leave the list's own element out and repeat `attribute` alone.
        listed = definition.get("attributes") or definition.get("attribute")
        for place, row in enumerate(rows(listed, ("attributes", "attribute"))):
            code = text(row, "code")
            if code is None or not flag(first(row.get("variable", True))) or _is_automated(row):
                continue
            if any(code == question.code for _, question in questions):
                continue
            questions.append(
                (
                    number(first(row.get("order")), default=place),
                    Question(
                        code=code,
                        prompt=prose(row, "description") or code,
                        datatype=(text(row, "datatype") or "string").lower(),
                        required=flag(first(row.get("required"))),
                        values=_values(row.get("values") or row.get("value")),
                    ),
                )
            )
    return tuple(question for _, question in sorted(questions, key=lambda pair: pair[0]))


def read_notices(document: object) -> tuple[str, ...]:
    """The texts of a definition's rows with `variable=false`, in order."""
    notices: list[tuple[float, str]] = []
    for definition in rows(document, _DEFINITION):
        listed = definition.get("attributes") or definition.get("attribute")
        for place, row in enumerate(rows(listed, ("attributes", "attribute"))):
            said = prose(row, "description")
            if said and not flag(first(row.get("variable", True))) and not _is_automated(row):
                notices.append((number(first(row.get("order")), default=place), said))
    return tuple(said for _, said in sorted(notices, key=lambda pair: pair[0]))


def _is_automated(row: dict[str, object]) -> bool:
    return (text(row, "automated") or "").lower() not in ("", "false", "no", "none", "0")


def with_questions(listed: ListedService, definition: Definition) -> Service:
    """The service with what its definition says."""
    return Service(
        listed.code,
        listed.name,
        listed.description,
        listed.group,
        listed.flow,
        definition.questions,
        listed.keywords,
        definition.notices,
    )


def _values(value: object) -> tuple[tuple[str, str], ...]:
    pairs = []
    if (
        isinstance(value, dict)
        and value
        and all(isinstance(one, str | int | float) for one in value.values())
        and "key" not in value
    ):
        value = [{"key": key, "name": name} for key, name in value.items()]  # {"a": "In the street"}
    elif isinstance(value, list):
        value = [one if isinstance(one, dict) else {"key": one} for one in value]  # ["In the street"]
    for row in rows(value, ("values", "value")):
        key = text(row, "key")
        if key is not None:
            pairs.append((key, prose(row, "name") or key))
    return tuple(pairs)
