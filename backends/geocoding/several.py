"""Several geocoders, asked one after the other."""

from collections.abc import Sequence

from backends.base import BackendUnavailable
from backends.geocoding.base import Geocoder, Point


class Several:
    """The first that knows answers. One that is down counts as one that does not know, unless nobody else knows."""

    def __init__(self, geocoders: Sequence[Geocoder]) -> None:
        self._geocoders = tuple(geocoders)

    async def find(self, text: str) -> Point | None:
        """Raises BackendUnavailable if nobody knew and one did not answer."""
        failed: BackendUnavailable | None = None
        for one in self._geocoders:
            try:
                if (found := await one.find(text)) is not None:
                    return found
            except BackendUnavailable as error:
                failed = error
        if failed:
            raise failed
        return None

    async def address_at(self, latitude: float, longitude: float) -> str | None:
        """Raises BackendUnavailable if nobody knew and one did not answer."""
        failed: BackendUnavailable | None = None
        for one in self._geocoders:
            try:
                if (found := await one.address_at(latitude, longitude)) is not None:
                    return found
            except BackendUnavailable as error:
                failed = error
        if failed:
            raise failed
        return None
