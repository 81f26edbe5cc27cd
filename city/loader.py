"""Loads city.yml into a City, or raises one sentence that says what to fix."""

import re
from collections.abc import Sequence
from pathlib import Path, PurePath
from urllib.parse import urlsplit

import msgspec
import yaml

from city.boundary import FEWEST_CORNERS
from city.errors import CityError
from city.hours import WEEKDAYS, is_country, is_zone, problems_of_days
from city.model import SOLVED, City
from city.notices.alerts import problem_of_alerts
from city.outside.bodies import problem_of_body
from city.registers.check import check_register
from city.teams import problems_of_team


def load_city(path: Path | str) -> City:
    """Read and check a city file. Raises CityError with a sentence, never anything else."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CityError(
            f"There is no {path}. Set CIVICDESK_CITY to your city file, or restore the one that came with the product."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CityError(
            f"{path} cannot be read ({error}). Check its permissions; it must be UTF-8 text."
        ) from None
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" near line {mark.line + 1}" if mark else ""
        raise CityError(f"{path} is not valid YAML{where}. Correct that line and start again.") from None
    if not isinstance(raw, dict):
        raise CityError(f"{path} must hold named settings such as 'name: Lindenport'; it holds none.")
    try:
        city = msgspec.convert(raw, City)
    except msgspec.ValidationError as error:
        raise CityError(f"{path}: {_plain(str(error))}") from None
    check_city(city, path)
    return city


def _plain(message: str) -> str:
    # msgspec ends its message with "- at `$.field`"; people want to read the field first.
    found = re.fullmatch(r"(.*?) - at `\$\.?(.*)`", message, re.DOTALL)
    if not found:
        return f"{message}."
    return f"the setting '{found[2] or 'at the top'}' is wrong: {found[1]}."


def check_city(city: City, path: PurePath) -> None:
    """Raise CityError with a sentence, which begins with the path, unless everything fits together."""
    for name, what in (
        ("languages", city.languages),
        ("inboxes", city.inboxes),
        ("teams", city.teams),
        ("backends", city.backends),
    ):
        if not what:
            raise CityError(f"{path}: '{name}' is empty. List at least one.")
    if not is_zone(city.time_zone):
        raise CityError(f"{path}: '{city.time_zone}' is no time zone. Use a name such as 'America/New_York'.")
    for language in city.translating:
        if language not in city.languages[1:]:
            raise CityError(
                f"{path}: '{language}' is in 'translating'. Only further languages of the city can be there; "
                "the first has every answer."
            )
    if city.offered and (city.language not in city.offered or set(city.offered) - set(city.languages)):
        raise CityError(
            f"{path}: 'offered' lists languages of the city, and '{city.language}', the first, among them."
        )
    for name, terms in city.partner_terms.items():
        if not terms.languages or set(terms.languages) - set(city.languages):
            raise CityError(f"{path}: 'partner_terms' of '{name}' has languages of this city, one at least.")
    known = {inbox.name for inbox in city.inboxes}
    if set(city.greetings) - known or any(set(one) - set(city.languages) for one in city.greetings.values()):
        raise CityError(f"{path}: 'greetings' has texts by inbox, then by language, of this city's.")
    for kind, numbers in city.crisis_lines.items():
        for language in numbers:
            if language not in city.languages:
                raise CityError(
                    f"{path}: 'crisis_lines' has a number for '{kind}' in '{language}', which is no language of the city."
                )
        if city.language not in numbers:
            raise CityError(
                f"{path}: 'crisis_lines' lacks the number for '{kind}' in '{city.language}', the first language."
            )
    if city.boundary and len(city.boundary) < FEWEST_CORNERS:
        raise CityError(
            f"{path}: 'boundary' has {len(city.boundary)} corners. List three or more, or leave it out."
        )
    names = [district.name for district in city.districts]
    for district in city.districts:
        if names.count(district.name) > 1:
            raise CityError(f"{path}: two of 'districts' are called '{district.name}'.")
        if lacking := set(city.languages) - set(district.title):
            raise CityError(
                f"{path}: the district '{district.name}' lacks a title in '{sorted(lacking)[0]}'."
            )
    if wrong_alerts := problem_of_alerts(city.alert_sources, city.alert_rules, frozenset(names)):
        raise CityError(f"{path}: {wrong_alerts}")
    for day in city.office_hours:
        if day not in WEEKDAYS:
            raise CityError(f"{path}: '{day}' in office_hours is no weekday. Use {', '.join(WEEKDAYS)}.")
    for problem in problems_of_days(city.special_days).values():
        raise CityError(f"{path}: {problem}")
    if city.country and not is_country(city.country, city.subdivision):
        raise CityError(
            f"{path}: no public holidays are known for '{city.country}'"
            f"{f' and {city.subdivision!r}' if city.subdivision else ''}. Use the country's two letters, as in 'US', "
            "or leave 'country' out and list the closing days under 'holidays'."
        )
    for backend in city.backends:
        try:
            re.compile(backend.reference_pattern)
        except re.error as error:
            raise CityError(
                f"{path}: reference_pattern of '{backend.name}' is no regular expression: {error}."
            ) from None
    if city.geocoder and urlsplit(city.geocoder.url).scheme not in ("http", "https"):
        raise CityError(f"{path}: the url of 'geocoder' must be like https://host/path.")
    if city.map and not (
        city.map.tiles.startswith(("https://", "http://"))
        and all(city.map.tiles.count(f"{{{one}}}") == 1 for one in "zxy")
        and city.boundary
    ):
        raise CityError(
            f"{path}: 'map' needs a 'boundary', and 'tiles' like https://tiles.city.example/{{z}}/{{x}}/{{y}}.png."
        )
    for body in city.bodies:
        if wrong := problem_of_body(body, city.language, [one.name for one in city.backends]):
            raise CityError(f"{path}: '{body.name}' in 'bodies' {wrong}")
    for url in (city.pages.address, city.pages.sitemap, *city.pages.addresses) if city.pages else ():
        if url is not None and urlsplit(url).scheme not in ("http", "https"):
            raise CityError(f"{path}: '{url}' in 'pages' must be like https://host/path.")
    for one in city.shared_answers:
        if (one.folder is None) == (one.address is None):
            raise CityError(f"{path}: '{one.name}' in 'shared_answers' needs a folder or an address.")
        if one.address is not None and urlsplit(one.address).scheme not in ("http", "https"):
            raise CityError(f"{path}: '{one.address}' in 'shared_answers' must be like https://host/path/.")
    for register in city.registers:
        check_register(register, city.language, path)
    _check_sign_in(city, path)
    for team in city.teams:
        for field, problem in problems_of_team(team, [inbox.name for inbox in city.inboxes]).items():
            raise CityError(f"{path}: the setting '{field}' of the team '{team.name}' is wrong: {problem}")
    if not city.resolve_reasons or city.resolve_reasons[0].name != SOLVED:
        raise CityError(
            f"{path}: the first of 'resolve_reasons' must be '{SOLVED}': that is what Resolve means."
        )
    for policy in city.sla:
        if policy.team is not None and city.team(policy.team) is None:
            raise CityError(f"{path}: 'sla' names the team '{policy.team}', which is not in 'teams'.")
    _unique([one.name for one in city.resolve_reasons], "resolve_reasons", path)
    _unique([one.name for one in city.shared_answers], "shared_answers", path)
    _unique([inbox.name for inbox in city.inboxes], "inboxes", path)
    _unique([team.name for team in city.teams], "teams", path)
    _unique([backend.name for backend in city.backends], "backends", path)
    _unique([partner.name for partner in city.partners], "partners", path)
    _unique([register.name for register in city.registers], "registers", path)
    _unique([body.name for body in city.bodies], "bodies", path)


def _check_sign_in(city: City, path: PurePath) -> None:
    provider = city.sign_in.provider
    if provider is None:
        if not city.sign_in.passwords:
            raise CityError(
                f"{path}: 'sign_in' allows no passwords and names no provider, so nobody could sign in. Add a provider."
            )
        return
    parts = urlsplit(provider.issuer)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise CityError(f"{path}: the issuer '{provider.issuer}' of 'sign_in' must begin with https://.")
    if "openid" not in provider.scopes:
        raise CityError(f"{path}: the scopes of the provider in 'sign_in' lack 'openid'.")
    known = {team.name for team in city.teams}
    unknown = sorted({team for one in provider.roles for team in one.teams} - known)
    if unknown:
        raise CityError(f"{path}: 'sign_in' names the team '{unknown[0]}', which is not in 'teams'.")


def _unique(names: Sequence[str], what: str, path: PurePath) -> None:
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise CityError(f"{path}: the name '{sorted(twice)[0]}' appears twice in {what}. Names must differ.")
