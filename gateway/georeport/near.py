"""Who may search by place: `lat`, `long` and `radius`, an extension of the standard that several servers have."""

from collections.abc import Mapping, Sequence

from city.services import CityService
from desk.store.georeport import GeoRequest, Given, Near, NearRequest, Search
from gateway.georeport.errors import error


def check_near(search: Search, near: Near, services: Mapping[str, CityService], given: Given) -> None:
    """Everybody may ask what the city's own chat asks: for services that show open requests (`same_within`), within their
    radius. The answer has the distance, and the place only where everybody may read places. Raises GeoReportErrors."""
    if not search.codes or search.statuses != ("open",):
        raise error(400, "A search by place needs service_code, and status=open.")
    shown = [services[code].same_within if code in services else 0 for code in search.codes]
    if given == "nothing" and near.metres > min(shown):
        raise error(
            403, "Without a key, only few services can be searched by place, and only within a short radius."
        )


def by_distance(found: Sequence[NearRequest]) -> tuple[list[GeoRequest], dict[str, float]]:
    """The requests, and how far each is."""
    return [one.request for one in found], {one.request.reference: one.metres for one in found}
