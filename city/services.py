"""The services a citizen can request: content/services.yml, read once at start."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import yaml

from city.calendar import after_working_days, calendar_of
from city.errors import CityError
from city.model import City

# GeoReport's own list of types.
Datatype = Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
_CODE = re.compile(r"[A-Za-z0-9_-]{1,60}")


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One value of a list question; `name` is per language, and so are other words for it in `said`."""

    key: str
    name: dict[str, str]
    said: dict[str, tuple[str, ...]] = {}


class ServiceQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question the city needs answered for a request of this service.

    `why` says per language what a required answer is for. `ask`: the citizen is asked although it is optional. `told` are
    words per language: where a description has one, that part of it is the answer, and nobody asks.
    """

    code: str
    datatype: Datatype
    required: bool
    prompt: dict[str, str]
    values: tuple[Choice, ...] = ()
    why: dict[str, str] = {}
    ask: bool = False
    told: dict[str, tuple[str, ...]] = {}


class CityService(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service by its code. `keywords` and `name` are per language; `expected_days` is how long it takes,
    in working days; in all days with `every_day`, for crews that work on every day of the week.

    `urgent`: the problem may injure people while it waits, so the emergency number is given along with it.
    `identity`: its requests hold personal data. In another conversation than the one in which they were made, agents see them, and the
    bot tells of them, only after an identity check there.
    `same_within`: open requests of this service within so many metres are shown before a new one is filed, to everybody
    who reports there; 0, the default, shows none (for what people have at home).
    `backend` names the back end in city.yml that handles its requests; optional if there is only one.
    `otherwise` is the service of ours as which a request is filed again if its back end says that it is not its own.
    `backend_code` is that back end's own code for the service, if it differs from `code`.
    """

    code: str
    group: str
    expected_days: int
    name: dict[str, str]
    keywords: dict[str, tuple[str, ...]] = {}
    questions: tuple[ServiceQuestion, ...] = ()
    needs_location: bool = True
    urgent: bool = False
    every_day: bool = False
    identity: bool = False
    same_within: Annotated[int, msgspec.Meta(ge=0, le=2_000)] = 0
    backend: str | None = None
    backend_code: str | None = None
    otherwise: str | None = None

    def called(self, language: str) -> str:
        """The name in this language, or in the file's first language."""
        return in_language(self.name, language)


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in this language, or the first one available."""
    return texts.get(language) or next(iter(texts.values()), "")


def load_services(path: Path | str) -> dict[str, CityService]:
    """Read and check the catalogue of services, in the file's order. Raises CityError with a sentence."""
    path = Path(path)
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CityError(
            f"There is no {path}. Correct 'services' in the city file, or restore the one that came along."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CityError(
            f"{path} cannot be read ({type(error).__name__}). Check its permissions; it must be UTF-8 text."
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" near line {mark.line + 1}" if mark else ""
        raise CityError(f"{path} is not valid YAML{where}. Correct that line and start again.") from None
    if not isinstance(raw, dict) or not raw:
        raise CityError(f"{path} must list services by their code; it lists none.")
    services = {str(code): _service(str(code), fields, path) for code, fields in raw.items()}
    for code, service in services.items():
        if service.otherwise is not None and (service.otherwise == code or service.otherwise not in services):
            raise CityError(f"{path}: 'otherwise' of the service '{code}' is no other service of this file.")
    return services


def _service(code: str, fields: object, path: Path) -> CityService:
    if not _CODE.fullmatch(code):
        raise CityError(f"{path}: '{code}' is no service code. Use letters, digits, '-' and '_'.")
    if not isinstance(fields, dict):
        raise CityError(
            f"{path}: the service '{code}' says nothing. Give it a group, a name and expected_days."
        )
    try:
        service = msgspec.convert({**fields, "code": code}, CityService)
    except msgspec.ValidationError as error:
        raise CityError(f"{path}: the service '{code}' is wrong: {error}.") from None
    if not service.name or not all(service.name.values()):
        raise CityError(f"{path}: the service '{code}' has no name. Give one for each language.")
    if service.backend_code == "":
        raise CityError(
            f"{path}: 'backend_code' of the service '{code}' is empty. Leave it out, or give the code."
        )
    for question in service.questions:
        if not _CODE.fullmatch(question.code):
            raise CityError(
                f"{path}: '{question.code}' of '{code}' is no question code. Use letters and digits."
            )
        if question.datatype.endswith("list") and not question.values:
            raise CityError(f"{path}: the question '{question.code}' of '{code}' is a list without values.")
    return service


def promised_at(city: City, service: CityService, at: datetime) -> datetime:
    """`expected_days` after this time: working days, or all days for a service whose crews work on every day."""
    if service.every_day:
        return at + timedelta(days=service.expected_days)
    return after_working_days(calendar_of(city), at.astimezone(city.zone), service.expected_days)


def in_all_days(service: CityService, at: datetime) -> datetime:
    """`expected_days` after this time, where no city's calendar is known."""
    return at + timedelta(days=service.expected_days)
