"""Routes: which back end handles the requests of a service, and its code for that service."""

from collections.abc import Mapping
from dataclasses import dataclass

from city.errors import CityError
from city.model import City
from city.outside.bodies import Bodies
from city.services import CityService


@dataclass(frozen=True, slots=True)
class Route:
    """`backend` is a name in city.yml; `code` is the back end's own code for the service."""

    backend: str
    code: str


class Routes:
    """Built once at start from city.yml and the services file.

    Raises CityError if a service names an unknown back end, if it names none and there are several, or if two
    services map to the same service of one back end.
    """

    def __init__(self, city: City, services: Mapping[str, CityService]) -> None:
        names = [backend.name for backend in city.backends]
        # A back end with a catalogue of its own takes what the catalogue of the city gives it by name.
        own = [one.name for one in city.backends if not one.catalogue] or names
        self._default = own[0]
        self._open = {one.name for one in city.backends if one.catalogue}
        self._bodies = Bodies(city.bodies)
        self._codes = {one.backend: one.codes for one in city.bodies if one.backend}
        self._routes = {
            code: _route(service, own, names, city.services) for code, service in services.items()
        }
        self._services: dict[Route, str] = {}
        for code, route in self._routes.items():
            if (other := self._services.setdefault(route, code)) != code:
                raise CityError(
                    f"{city.services}: the services '{other}' and '{code}' are both '{route.code}' of the back end "
                    f"'{route.backend}'. Give one of them another backend or backend_code."
                )

    def of(self, code: str) -> Route:
        """The route for a request of this service.

        "<back end>:<its code>" is a service that only the back end's own catalogue has. Any other code that is not in ours goes to the first back end, which accepts or refuses the request;
        the citizen is told either way.
        """
        backend, _, theirs = code.partition(":")
        if backend in self._open and theirs and code not in self._routes:
            return Route(backend, theirs)
        return self._routes.get(code) or Route(self._default, code)

    def at(self, code: str, address: str | None, latitude: float | None, longitude: float | None) -> Route:
        """The route for a request at this place: another body's back end, or the city's own."""
        body = self._bodies.of_place(code, address, latitude, longitude)
        if body is None or body.backend is None:
            return self.of(code)
        return Route(body.backend, self.code_at(body.backend, code))

    def code_at(self, backend: str, code: str) -> str:
        """This back end's code for our service. A request stays with the back end it was recorded for, so the
        catalogue may route the service elsewhere by now; in that case our own code is used."""
        route = self.of(code)
        return route.code if route.backend == backend else self._codes.get(backend, {}).get(code, code)

    def service_at(self, backend: str, code: str | None) -> str | None:
        """Our code for a service of this back end, None if it is not in the catalogue."""
        if code is None:
            return None
        theirs = self._codes.get(backend, {}).items()
        ours = self._services.get(Route(backend, code)) or next(
            (ours for ours, their in theirs if their == code), None
        )
        return ours or (f"{backend}:{code}" if backend in self._open else None)


def checked_routes(city: City, services: Mapping[str, CityService]) -> Routes:
    """The routes. Raises CityError also if `bodies` do not fit the services."""
    check_bodies(city, services)
    return Routes(city, services)


def check_bodies(city: City, services: Mapping[str, CityService]) -> None:
    """Raise CityError with a sentence if `bodies` name a service that the catalogue does not have."""
    for body in city.bodies:
        unknown = [code for code in (*body.services, *body.codes) if code not in services]
        if unknown:
            raise CityError(f"{city.services}: 'bodies' name the service '{unknown[0]}', which is not there.")


def _route(service: CityService, own: list[str], names: list[str], path: str) -> Route:
    if service.backend is None and len(own) > 1:
        raise CityError(
            f"{path}: the service '{service.code}' does not say which back end takes its requests. "
            f"Add 'backend:' with one of {', '.join(names)}."
        )
    backend = service.backend or own[0]
    if backend not in names:
        raise CityError(
            f"{path}: the service '{service.code}' names the back end '{backend}', which city.yml does not have. "
            f"Use one of {', '.join(names)}."
        )
    return Route(backend, service.backend_code or service.code)
