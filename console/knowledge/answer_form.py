"""An answer as fields of a form, and back. Pure; fields are named like `text-en` and `part-cost-en`."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from desk.knowledge.content import Answer
from desk.knowledge.parts import is_part

Values = dict[str, str]
DAYS = {
    "reviewed_on": "Last reviewed",
    "review_by": "Review by",
    "expires_on": "Last day that it is given (may stay empty)",
}
LINES = {"owner": "Owner", "area": "Area", "source": "Source, an https address"}
NO_DAY = "Write a day as in 2026-12-31."
NO_PART = "Choose what the new part is about, and write it in every language."


def values_of(answer: Answer, languages: Sequence[str]) -> Values:
    """The fields of an answer; languages that it lacks are empty."""
    values = {name: str(getattr(answer, name)) for name in LINES}
    values |= {name: day.isoformat() if (day := getattr(answer, name)) else "" for name in DAYS}
    for language in languages:
        text = answer.texts.get(language)
        values[f"title-{language}"] = text.title if text else ""
        values[f"text-{language}"] = text.text if text else ""
        for button in answer.buttons:
            values[f"button-{button.key}-{language}"] = text.buttons.get(button.key, "") if text else ""
        for part in parts_of(answer):
            one = text.parts.get(part) if text else None
            values[f"part-{part}-{language}"] = one.text if one else ""
    return values


def parts_of(answer: Answer) -> list[str]:
    """The names of an answer's parts, in the order of its first language."""
    return list(dict.fromkeys(name for text in answer.texts.values() for name in text.parts))


def body_from(
    values: Mapping[str, str], base: Answer, languages: Sequence[str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The body that a form means, and a sentence for each field that cannot be read. What a form does not have, such as
    where buttons lead, is as in `base`; so are languages that the city does not speak."""
    problems: dict[str, str] = {}
    body: dict[str, Any] = {name: values.get(name, "").strip() for name in LINES}
    for name in DAYS:
        said = values.get(name, "").strip()
        if said or name != "expires_on":
            body[name] = said
            if not _is_day(said):
                problems[name] = NO_DAY
    body["buttons"] = [
        {field: value for field, value in _button(one).items() if value} for one in base.buttons
    ]
    added = values.get("new_part", "").strip()
    if added and not is_part(added):
        problems["new_part"] = NO_PART
    if not added and any(values.get(f"new_part-{language}", "").strip() for language in languages):
        problems["new_part"] = NO_PART
    texts = {language: _text_as_kept(base, language) for language in base.texts if language not in languages}
    for language in languages:
        parts = {part: values.get(f"part-{part}-{language}", "") for part in parts_of(base)}
        if added:
            parts[added] = values.get(f"new_part-{language}", "")
        text = {
            "title": values.get(f"title-{language}", "").strip(),
            "text": _lines(values.get(f"text-{language}", "")),
            "buttons": {
                one.key: title
                for one in base.buttons
                if (title := values.get(f"button-{one.key}-{language}", "").strip())
            },
            "parts": {name: {"text": said} for name, one in parts.items() if (said := _lines(one))},
        }
        if any(text.values()):
            texts[language] = text
    order = [*base.texts, *(one for one in languages if one not in base.texts)]
    body["texts"] = {language: texts[language] for language in order if language in texts}
    return body, problems


def changes(old: Values, new: Values) -> list[tuple[str, str, str]]:
    """(field, before, after) of what differs."""
    names = [name for name in dict.fromkeys([*new, *old]) if old.get(name, "") != new.get(name, "")]
    return [(field_title(name), old.get(name, ""), new.get(name, "")) for name in names]


def field_title(name: str) -> str:
    """A field in words, such as "Text, es" or "Part cost, es"."""
    if name in LINES or name in DAYS:
        return (LINES | DAYS)[name].split(",")[0].split(" (")[0]
    kind, *rest = name.split("-")
    words = [kind.capitalize(), *(one.replace("_", " ") for one in rest[:-1])]
    return f"{' '.join(words)}, {rest[-1]}" if rest else kind.capitalize()


def _text_as_kept(base: Answer, language: str) -> dict[str, Any]:
    text = base.texts[language]
    return {
        "title": text.title,
        "text": text.text,
        "buttons": dict(text.buttons),
        "parts": {name: {"text": one.text} for name, one in text.parts.items()},
    }


def _button(one: Any) -> dict[str, Any]:
    return {"key": one.key, "answer": one.answer, "intent": one.intent, "entities": dict(one.entities)}


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
