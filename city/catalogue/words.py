"""content/catalogue.yml: what editors add to a back end's own catalogue, in the languages of the city.

GeoReport has one text for each question, no other words for its choices, and no conditions between questions. Everything here
is optional, and so is the file.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import yaml

from city.errors import CityError

Texts = dict[str, str]
"""By language."""
Words = dict[str, tuple[str, ...]]
"""By language."""


class QuestionWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`names` are those of its choices by their keys, and `said` other words for them. `ask`: it is asked although it is
    optional. `only_if`: it is asked only after one of these answers to another question, by that question's code; what
    the back end requires is always asked."""

    prompt: Texts = {}
    names: dict[str, Texts] = {}
    said: dict[str, Words] = {}
    ask: bool = False
    only_if: dict[str, tuple[str, ...]] = {}


class ServiceWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`keywords` are further words by which a service is found, `questions` by the back end's codes."""

    name: Texts = {}
    keywords: Words = {}
    questions: dict[str, QuestionWords] = {}


CatalogueWords = Mapping[str, Mapping[str, ServiceWords]]
"""By back end, then by its code of the service."""
NO_WORDS = ServiceWords()
NOTHING_ADDED = QuestionWords()


def load_catalogue_words(path: Path) -> CatalogueWords:
    """Read and check the file; nothing if there is none. Raises CityError with a sentence."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CityError(
            f"{path} cannot be read ({type(error).__name__}). It must be YAML in UTF-8."
        ) from None
    try:
        return msgspec.convert(raw, dict[str, dict[str, ServiceWords]], strict=False)
    except msgspec.ValidationError as error:
        raise CityError(f"{path} is wrong: {error}.") from None
