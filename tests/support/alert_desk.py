"""A desk that reads a weather service over a real socket, with rules that an administrator saved or city.yml has."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from city import City
from city.notices.alerts import AlertRule, AlertSource
from city.settings import renew, setting_of, value_of
from desk.alerts.polling import AlertPolling
from desk.knowledge.catalogue import Catalog
from desk.knowledge.pages.fetching import PageFetcher
from desk.notices.plan import body_of
from desk.store import city_settings
from desk.store.notices import alerts, plans
from desk.store.notices import notices as rows
from desk.store.notices.alerts import KeptAlert
from desk.store.notices.notices import NoticeVersion
from desk.store.pool import Store
from tests.support.alert_service import AlertService, alert_service, cap, hours, info, refers_to
from tests.support.clock import NOW
from tests.support.notice_desk import PLANS, NoticeDesk, open_notice_desk

BANNER = AlertRule(plan="flood", severities=("Extreme", "Severe"), then="banner")


@dataclass
class AlertSide:
    """A desk that reads a weather service."""

    desk: NoticeDesk
    service: AlertService
    polling: AlertPolling

    @property
    def pool(self) -> Any:
        return self.desk.store.pool

    async def rules(self, *rules: AlertRule, by: UUID | None = None, **source: Any) -> None:
        """Store sources and rules, as `by` saved them or as city.yml has them."""
        changed = msgspec.structs.replace(
            self.desk.city,
            alert_rules=rules,
            alert_sources=(AlertSource(name="weather", title="Weather service", url=f"{self.service.url}/feed.atom", **source),),
        )  # fmt: skip
        renew(self.desk.city, changed)
        setting = setting_of("alerts")
        assert setting is not None
        async with self.desk.store.transaction() as transaction:
            value, kept = value_of(changed, setting), await city_settings.list_kept(transaction)
            if "alerts" not in kept:
                await city_settings.add_setting(transaction, "alerts", value, NOW)
                kept = await city_settings.list_kept(transaction)
            version = kept["alerts"].version
            await city_settings.set_value(transaction, "alerts", value, version, NOW)
            await city_settings.add_version(transaction, "alerts", version + 1, value, NOW, by)

    async def publish(self, **documents: str) -> list[KeptAlert]:
        """Publish, read, and return the alerts of these documents' ids, in this order."""
        self.service.publish(**documents)
        await self.read()
        found = {one.identifier: one for one in await self.kept()}
        return [found[name] for name in documents]

    async def read(self) -> None:
        await alerts.mark_due(self.pool, "weather")
        assert await self.polling.read_due() == 1
        await self.desk.current.read(self.pool)

    async def kept(self) -> Sequence[KeptAlert]:
        return await alerts.list_newest(self.pool, 100)

    async def versions(self, alert: KeptAlert) -> list[NoticeVersion]:
        assert alert.notice_id is not None
        return await rows.list_versions(self.pool, alert.notice_id)


@asynccontextmanager
async def alert_side(store: Store, city: City, catalog: Catalog) -> AsyncIterator[AlertSide]:
    desk = await open_notice_desk(store, city, catalog)
    for plan in PLANS.values():
        await plans.add_seed(store.pool, plan.id, body_of(plan), NOW)
    async with alert_service() as service:
        fetcher = PageFetcher("https://www.lindenport.example/", ["127.0.0.1"])
        yield AlertSide(desk, service, AlertPolling(store, desk.city, fetcher, desk.clock))


def alert(name: str, after: float = 0, *, kind: str = "Alert", of: str = "", **given: str) -> str:
    """A message, so many hours after NOW; `of` is the earlier one, sent at NOW."""
    more = {"msgType": kind} | ({"references": refers_to(of, NOW)} if of else {})
    more |= {one: given.pop(one) for one in ("status", "scope", "sender", "raw") if one in given}
    return cap(name, NOW + hours(after), info(NOW + hours(6), **given), **more)
