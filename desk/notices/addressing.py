"""Who is addressed when a version is released: subscribers of its scenario and area, and whoever got an earlier version."""

from datetime import datetime

from city import City
from city.notices.districts import read_area_of
from desk.store.notices import people
from desk.store.notices.notices import NoticeVersion
from desk.store.pool import Executor


async def address(executor: Executor, found: NoticeVersion, city: City, now: datetime) -> int:
    """Add everybody to the ledger of this version, in one statement; returns how many people that are. One person with several
    subscriptions or linked contacts is addressed once."""
    area = read_area_of(found.content.area)
    districts = None if area.everywhere else list(area.touched(city.districts))
    return await people.add_people(
        executor, found.notice_id, found.version, scenario=found.scenario, districts=districts,
        level=found.content.level, at=now,
    )  # fmt: skip
