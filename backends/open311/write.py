"""Converts a NewRequest to the form fields of `POST requests`, validated before anything is sent."""

from collections.abc import Iterable
from datetime import UTC

from backends.base import NewRequest, Question, RequestRefused, Service
from backends.open311.text import description_with_marker, plain
from backends.open311.time import read_time


def form_fields(request: NewRequest, service: Service) -> list[tuple[str, str]]:
    """Field names and values in order, without the key and jurisdiction.

    Raises RequestRefused with one error for each answer that is missing or invalid.
    """
    fields = [("service_code", service.code)]
    if request.latitude is not None and request.longitude is not None:
        fields += [("lat", f"{request.latitude:.6f}"), ("long", f"{request.longitude:.6f}")]
    # Chicago requires both; the specification allows both.
    if request.address:
        fields.append(("address_string", plain(request.address)[:255]))
    fields.append(("description", description_with_marker(request.description, request.id)))
    # Our own id: servers that store it (ours does) use it to recognise a repeated create.
    fields.append(("account_id", request.id))
    first, last = split_name(request.name)
    person = (("first_name", first), ("last_name", last), ("email", request.email), ("phone", request.phone))
    fields += [(name, plain(value)[:200]) for name, value in person if value]
    fields += [("media_url", url) for url in request.media_urls]
    return fields + _attributes(request, service.questions)


def split_name(name: str | None) -> tuple[str, str]:
    """("Ana María", "López") from "Ana María López": the last word is the family name."""
    words = (name or "").split()
    return (" ".join(words[:-1]), words[-1]) if len(words) > 1 else ("".join(words), "")


def _attributes(request: NewRequest, questions: Iterable[Question]) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    errors: list[tuple[str, str]] = []
    for question in questions:
        given = [plain(value) for value in request.attributes.get(question.code, ())]
        given = [value for value in given if value]
        if not given:
            if question.required:
                errors.append(("400", f"{question.code} is required: {question.prompt}"))
            continue
        if question.values:
            # A name is accepted in place of its key: people answer in words.
            keys = {key.lower(): key for key, _ in question.values}
            keys = {name.lower(): key for key, name in question.values} | keys
            unknown = [value for value in given if value.lower() not in keys]
            if unknown:
                errors.append(("400", f"{question.code} has no choice '{unknown[0][:100]}'"))
                continue
            given = [keys[value.lower()] for value in given]
        if not all(_fits(value, question.datatype) for value in given):
            errors.append(("400", f"{question.code} must be a {question.datatype}"))
        elif question.datatype == "multivaluelist":
            fields += [(f"attribute[{question.code}][]", value) for value in given]
        else:
            fields.append((f"attribute[{question.code}]", given[0]))
    if errors:
        raise RequestRefused(tuple(errors))
    return fields


def _fits(value: str, datatype: str) -> bool:
    if datatype == "number":
        try:
            return abs(float(value.replace(",", "."))) < float("inf")
        except ValueError:
            return False
    if datatype == "datetime":
        return read_time(value, UTC) is not None
    return True
