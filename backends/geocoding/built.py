"""The geocoder that a city has."""

from collections.abc import Mapping

import aiohttp

from backends.geocoding.base import Geocoder
from backends.geocoding.gazetteer import Gazetteer
from backends.geocoding.nominatim import Nominatim
from backends.geocoding.several import Several
from city import City
from city.street_positions import StreetPositions


def build_geocoder(
    city: City, streets: StreetPositions, session: aiohttp.ClientSession, environ: Mapping[str, str]
) -> Geocoder:
    """The streets that we know, and the city's own geocoder for everything else."""
    own = Gazetteer(streets)
    if city.geocoder is None:
        return own
    url = environ.get(city.geocoder.url_env or "") or city.geocoder.url
    return Several((own, Nominatim(session, url, city.boundary, language=city.language)))
