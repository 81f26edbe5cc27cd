"""The current city: city.yml as seed, overridden by administrators' settings. Each process refreshes its City every two
seconds, so a change takes effect everywhere within five, without a restart."""

import asyncio
from collections.abc import Callable, Mapping

import msgspec
import structlog

from city import City, CityError
from city.settings import SETTINGS, renew, value_of, with_values
from desk.runtime.periodic import repeat
from desk.store import city_settings
from desk.store.city_settings import Value
from desk.store.pool import Executor, Store

log = structlog.get_logger("settings")

EVERY = 2.0
"""Seconds between two looks at the table."""


def _as_it_is(city: City) -> City:
    return city


class CityNow:
    """Built once in a process, before anything renews `city`. `adjusted` is applied to what is read, such as a test's
    larger limits; `city` has them already."""

    def __init__(
        self, city: City, seed: City | None = None, adjusted: Callable[[City], City] = _as_it_is
    ) -> None:
        self.city = city
        self.seed = msgspec.structs.replace(seed or city)
        self._adjusted = adjusted
        self._known: Mapping[str, Value] = {}
        self._changed: Mapping[str, Value] = {}

    def changed(self) -> Mapping[str, Value]:
        """The settings that differ from city.yml, by name."""
        return self._changed

    async def read(self, executor: Executor) -> None:
        """Renew the city, if anything was saved. A value that this release cannot read changes nothing, and is logged."""
        values = await city_settings.list_values(executor)
        if values == self._known:
            return
        self._known = values
        try:
            fresh = with_values(self.seed, values)
        except CityError as error:
            log.error("setting_unreadable", error=str(error))
            return
        renew(self.city, self._adjusted(fresh))
        seed = {setting.name: value_of(self.seed, setting) for setting in SETTINGS}
        changed = {name: value for name, value in values.items() if value != seed.get(name)}
        if changed != self._changed:
            log.info("settings_read", changed=len(changed))
        self._changed = changed

    async def run(
        self, store: Store, stop: asyncio.Event, migrated: Callable[[], bool] = lambda: True
    ) -> None:
        """Look every two seconds until `stop` is set. While the database is away, or not `migrated` yet, everything stays as
        it was."""
        await repeat(lambda: self.read(store.pool), stop, log, "settings_unread", every=EVERY, when=migrated)
