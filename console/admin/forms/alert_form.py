"""The form of the alerts of other services: their sources, and the rules that say what becomes of an alert."""

from collections.abc import Mapping, Sequence
from typing import Any

from console.admin.hours_form import Values
from console.admin.setting_rows import Field, Group, read_number, read_rows, row_numbers, row_values
from console.city_notices.form import SCENARIOS

SOURCE, RULE = "alertsource", "alertrule"
SCENARIO = "storm"
"""Of a source that names none."""
_WORDS = {
    "severities": ("Severity", "Extreme, Severe, Moderate, Minor or Unknown"),
    "urgencies": ("Urgency", "Immediate, Expected, Future, Past or Unknown"),
    "certainties": ("Certainty", "Observed, Likely, Possible, Unlikely or Unknown"),
}


def alert_values(value: Mapping[str, Any]) -> Values:
    """The form's fields for these sources and rules."""
    return row_values(value["alert_sources"], SOURCE, _source_values) | row_values(
        value["alert_rules"], RULE, _rule_values
    )


def alert_groups(values: Mapping[str, str]) -> Sequence[Group]:
    """What the form shows."""
    named = [
        (one, one)
        for number in row_numbers(SOURCE, values)
        if (one := values.get(f"{SOURCE}-{number}-name", ""))
    ]
    return [
        *(_source(number, values) for number in row_numbers(SOURCE, values)),
        *(_rule(number, named) for number in row_numbers(RULE, values)),
    ]


def read_alert_form(values: Mapping[str, str], problems: dict[str, str]) -> dict[str, Any]:
    """The sources and rules as a setting has them."""
    return {
        "alert_sources": read_rows(SOURCE, values, problems, _read_source),
        "alert_rules": read_rows(RULE, values, problems, _read_rule),
    }


def _source(number: int, values: Mapping[str, str]) -> Group:
    before = f"{SOURCE}-{number}"
    scenarios = [("", SCENARIOS[SCENARIO]), *(one for one in SCENARIOS.items() if one[0] != SCENARIO)]
    return Group(
        f"Source: {values.get(f'{before}-title') or 'a further one'}",
        [
            Field(f"{before}-name", "Short name", help="Small letters, digits and -. Empty: this source is taken away.", longest=40),
            Field(f"{before}-title", "Title", help="Who writes the alerts. Citizens read it where a rule shows the source's words."),
            Field(f"{before}-url", "Address", help="A feed (Atom, RSS) or a CAP 1.2 document, over HTTPS.", longest=500),
            Field(f"{before}-hosts", "Further hosts", help="Its documents come from the host of the address, and from these alone. With commas between them.", longest=2000),
            Field(f"{before}-seconds", "Seconds between two readings", help="30 or more. Empty: 120.", longest=6),
            Field(f"{before}-senders", "Senders", "lines", help="Whose alerts count, one a line. Empty: everybody's in this source.", longest=5000),
            Field(f"{before}-geocodes", "Geocodes", "lines", help="One a line: SAME:042007 | harbour, market. A * means the whole city.", longest=20000),
            Field(f"{before}-scenario", "What its alerts are about, where no rule says it", "choice", choices=scenarios),
            Field(f"{before}-otherwise", "An alert that no rule names", "choice", choices=(("", "becomes a draft"), ("ignore", "is only listed"))),
        ],
    )  # fmt: skip


def _rule(number: int, sources: Sequence[tuple[str, str]]) -> Group:
    before = f"{RULE}-{number}"
    return Group(
        f"Rule {number + 1}",
        [
            Field(f"{before}-place", "Place in the list", longest=3),
            Field(f"{before}-plan", "Prepared message", help="Its id, such as flood. Empty: this rule is taken away.", longest=40),
            Field(f"{before}-source", "Source", "choice", choices=(("", "Every source"), *sources)),
            Field(f"{before}-events", "Events", "lines", help="As the source calls them, one a line. Empty: every event.", longest=5000),
            *(Field(f"{before}-{name}", title, help=f"{words}, with commas. Empty: any.") for name, (title, words) in _WORDS.items()),
            Field(f"{before}-then", "Then", "choice", choices=(("", "it becomes a draft for people"), ("banner", "it is a banner at once"))),
            Field(f"{before}-words", "In whose words", "choice", choices=(("", "those of the prepared message"), ("source", "the source's own, unread by anybody here"))),
        ],
        "The first rule that fits holds. A banner needs events or severities. It is not sent to subscribers: an update that people release is.",
    )  # fmt: skip


def _source_values(one: Mapping[str, Any]) -> Values:
    return {
        "name": one["name"],
        "title": one["title"],
        "url": one["url"],
        "hosts": ", ".join(one["hosts"]),
        "seconds": str(one["seconds"]),
        "senders": "\n".join(one["senders"]),
        "geocodes": "\n".join(f"{code} | {', '.join(places)}" for code, places in one["geocodes"].items()),
        "scenario": "" if one["scenario"] == SCENARIO else one["scenario"],
        "otherwise": "" if one["otherwise"] == "draft" else one["otherwise"],
    }


def _rule_values(one: Mapping[str, Any]) -> Values:
    return {
        "plan": one["plan"],
        "source": one["source"],
        "events": "\n".join(one["events"]),
        **{name: ", ".join(one[name]) for name in _WORDS},
        "then": "" if one["then"] == "draft" else one["then"],
        "words": "" if one["words"] == "city" else one["words"],
    }


def _read_source(row: Mapping[str, str], problems: dict[str, str]) -> dict[str, Any] | None:
    if not row.get("name"):
        return None
    codes = {}
    for line in row.get("geocodes", "").splitlines():
        code, bar, places = line.partition("|")
        if bar and code.strip():
            codes[code.strip()] = _listed(places)
        elif line.strip():
            problems["geocodes"] = "Write one a line, such as SAME:042007 | harbour."
    return {
        "name": row["name"],
        "title": " ".join(row.get("title", "").split()),
        "url": row.get("url", ""),
        "hosts": _listed(row.get("hosts", "")),
        "seconds": read_number("seconds", row, problems) if row.get("seconds") else 120,
        "senders": row.get("senders", "").split(),
        "geocodes": codes,
        "scenario": row.get("scenario") or SCENARIO,
        "otherwise": row.get("otherwise") or "draft",
    }


def _read_rule(row: Mapping[str, str], problems: dict[str, str]) -> dict[str, Any] | None:
    if not row.get("plan"):
        return None
    return {
        "plan": row["plan"],
        "source": row.get("source", ""),
        "events": [one.strip() for one in row.get("events", "").splitlines() if one.strip()],
        **{name: [one.capitalize() for one in _listed(row.get(name, ""))] for name in _WORDS},
        "then": row.get("then") or "draft",
        "words": row.get("words") or "city",
    }


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]
