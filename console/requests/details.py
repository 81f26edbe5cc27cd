"""The details of a request besides its text: the answers to the service's questions, data from another system,
and photos. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from city.services import CityService, in_language
from desk.store.georeport import GeoRequest


@dataclass(frozen=True, slots=True)
class Detail:
    """One line. `asked`: the service asks for it; otherwise the sender knew it, and `label` is its code."""

    label: str
    values: tuple[str, ...]
    asked: bool


def details(request: GeoRequest, service: CityService | None) -> list[Detail]:
    """The attributes of a request, those first that the service asks for."""
    given = {
        code: tuple(str(one) for one in (values if isinstance(values, list) else [values]))
        for code, values in request.attributes.items()
    }
    found = []
    for question in service.questions if service else ():
        if values := given.pop(question.code, ()):
            titles = {choice.key: in_language(choice.name, "en") for choice in question.values}
            shown = tuple(titles.get(value, value) for value in values)
            found.append(Detail(in_language(question.prompt, "en"), shown, asked=True))
    return found + [Detail(code, values, asked=False) for code, values in given.items()]


def photo_addresses(urls: Iterable[str], address: Callable[[str], str]) -> Sequence[str]:
    """Where an agent can look at the photos. Anything that is no web address is left out."""
    return [found for found in map(address, urls) if found.startswith(("https://", "http://"))]
