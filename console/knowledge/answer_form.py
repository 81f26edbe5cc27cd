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
NO_BUTTON = "Choose the answer to which the new button leads."
NO_PART = "Choose what the new part is about, and write it in every language."


def values_of(answer: Answer, languages: Sequence[str]) -> Values:
    """The fields of an answer; languages that it lacks are empty."""
    values = {name: str(getattr(answer, name)) for name in LINES}
    values |= {name: day.isoformat() if (day := getattr(answer, name)) else "" for name in DAYS}
    for language in languages:
        text = answer.texts.get(language)
        values[f"title-{language}"] = text.title if text else ""
        values[f"text-{language}"] = text.text if text else ""
        values[f"examples-{language}"] = "\n".join(answer.examples.get(language, ()))
        values[f"near-{language}"] = "\n".join(answer.near_misses.get(language, ()))
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
    kept = [one.key for one in base.buttons if not values.get(f"drop-{one.key}")]
    body["buttons"] = [
        {field: value for field, value in _button(one).items() if value}
        for one in base.buttons
        if one.key in kept
    ]
    leads_to = values.get("new_button", "").strip()
    if leads_to and leads_to not in kept:
        body["buttons"].append({"key": leads_to, "answer": leads_to})
    if not leads_to and any(values.get(f"new_button-{language}", "").strip() for language in languages):
        problems["new_button"] = NO_BUTTON
    for field, prefix in (("examples", "examples"), ("near_misses", "near")):
        asked = {language: _each(values.get(f"{prefix}-{language}", "")) for language in languages}
        of_others = {one: list(texts) for one, texts in getattr(base, field).items() if one not in languages}
        body[field] = {language: texts for language, texts in {**asked, **of_others}.items() if texts}
    added = values.get("new_part", "").strip()
    if added and not is_part(added):
        problems["new_part"] = NO_PART
    if not added and any(values.get(f"new_part-{language}", "").strip() for language in languages):
        problems["new_part"] = NO_PART
    texts = {
        language: _text_as_kept(base, language, kept) for language in base.texts if language not in languages
    }
    for language in languages:
        parts = {part: values.get(f"part-{part}-{language}", "") for part in parts_of(base)}
        if added:
            parts[added] = values.get(f"new_part-{language}", "")
        text: dict[str, Any] = {
            "title": values.get(f"title-{language}", "").strip(),
            "text": _lines(values.get(f"text-{language}", "")),
            "buttons": {
                key: title for key in kept if (title := values.get(f"button-{key}-{language}", "").strip())
            },
            "parts": {name: {"text": said} for name, one in parts.items() if (said := _lines(one))},
        }
        if leads_to and leads_to not in kept and any(text.values()):
            text["buttons"][leads_to] = values.get(f"new_button-{language}", "").strip()
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
    if name.startswith(("near-", "examples-")):
        kind, _, language = name.partition("-")
        return f"{'Near misses' if kind == 'near' else 'Examples'}, {language}"
    kind, *rest = name.split("-")
    words = [kind.capitalize(), *(one.replace("_", " ") for one in rest[:-1])]
    return f"{' '.join(words)}, {rest[-1]}" if rest else kind.capitalize()


def _text_as_kept(base: Answer, language: str, kept: Sequence[str]) -> dict[str, Any]:
    text = base.texts[language]
    return {
        "title": text.title,
        "text": text.text,
        "buttons": {key: title for key, title in text.buttons.items() if key in kept},
        "parts": {name: {"text": one.text} for name, one in text.parts.items()},
    }


def _button(one: Any) -> dict[str, Any]:
    return {"key": one.key, "answer": one.answer, "intent": one.intent, "entities": dict(one.entities)}


def _each(text: str) -> list[str]:
    """The lines of a field, each once."""
    return list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
