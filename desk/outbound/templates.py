"""Chooses and fills in message templates that a provider has approved. Pure."""

import re
from collections.abc import Mapping, Sequence

from channels.base import Template
from city import City, TemplateConfig

LONGEST_VALUE = 800
"""Characters; providers limit the whole text, the strictest of them to 1,024."""


def choose(city: City, inbox: str, purpose: str, language: str) -> TemplateConfig | None:
    """The inbox's template for this purpose, in this language or the first city language that has one; or
    None."""
    config = city.inbox(inbox)
    fit = [one for one in (config.templates if config else ()) if one.purpose == purpose]
    for wanted in (language, *city.languages):
        for one in fit:
            if one.language == wanted:
                return one
    return None


def offered(city: City, inbox: str) -> Sequence[TemplateConfig]:
    """The templates an agent may choose from, in the order of city.yml."""
    config = city.inbox(inbox)
    return [one for one in (config.templates if config else ()) if one.purpose == "reply"]


def fill(config: TemplateConfig, values: Mapping[str, str]) -> tuple[str, Template]:
    """The text as the citizen reads it, and the template. A blank without a value gets a dash: providers refuse ""."""
    cleaned = {blank: _one_line(values.get(blank, "")) for blank in config.blanks}
    text = re.sub(r"\{([a-z_]+)\}", lambda found: cleaned[found[1]], config.text)
    return text, Template(
        config.name, config.code or config.language, tuple(cleaned[blank] for blank in config.blanks)
    )


def _one_line(value: str) -> str:
    # Providers refuse line breaks, tabs and repeated spaces in a value.
    text = " ".join(value.split())
    if len(text) > LONGEST_VALUE:
        text = text[: LONGEST_VALUE - 1].rstrip() + "…"
    return text or "–"
