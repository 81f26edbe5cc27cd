"""How much one sender may store in a day."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from desk.media.photos import BadPhoto
from desk.media.quotas import MB, QUOTAS, PhotoQuotas, of_agent, of_contact
from desk.store.pool import Store


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def quotas(store: Store, clock: Clock) -> PhotoQuotas:
    return PhotoQuotas(store, clock, "a-secret-of-the-tests")


async def used(quotas: PhotoQuotas, store: Store, senders: list[str], photos: int, size: int) -> None:
    for _ in range(photos):
        async with store.transaction() as transaction:
            await quotas.charge(transaction, senders, size)


async def test_the_last_photo_fits_and_the_next_does_not(
    quotas: PhotoQuotas, store: Store, clock: Clock
) -> None:
    contact = of_contact(uuid4())
    most = QUOTAS["contact"].photos
    await used(quotas, store, [contact], most - 1, 1_000)
    await quotas.check([contact])
    await used(quotas, store, [contact], 1, 1_000)
    with pytest.raises(BadPhoto) as refused:
        await quotas.check([contact])
    assert refused.value.code == "photo_quota" and refused.value.retry_after
    with pytest.raises(BadPhoto):
        await used(quotas, store, [contact], 1, 1_000)
    await quotas.check([of_contact(uuid4())])
    clock.now += timedelta(hours=26)
    await quotas.check([contact])


async def test_bytes_count_too(quotas: PhotoQuotas, store: Store) -> None:
    contact = of_contact(uuid4())
    await used(quotas, store, [contact], 10, 10 * MB)
    with pytest.raises(BadPhoto):
        await used(quotas, store, [contact], 1, 1)
    taken = await store.pool.fetchval("SELECT sum(bytes) FROM media_usage WHERE sender = $1", contact)
    assert taken == 100 * MB, "what was refused was rolled back, and is not counted"


async def test_an_address_with_many_contacts_has_a_quota_of_its_own(
    quotas: PhotoQuotas, store: Store
) -> None:
    address = quotas.of_address("198.51.100.7")
    for _ in range(6):
        await used(quotas, store, [of_contact(uuid4()), address], 10, 10 * MB)
    with pytest.raises(BadPhoto):
        await used(quotas, store, [of_contact(uuid4()), address], 1, 1)
    await quotas.check([of_contact(uuid4()), quotas.of_address("198.51.100.8")])


async def test_the_database_holds_no_address(quotas: PhotoQuotas, store: Store) -> None:
    await used(quotas, store, [quotas.of_address("198.51.100.7")], 1, 1)
    (row,) = await store.pool.fetch("SELECT sender FROM media_usage")
    assert row["sender"].startswith("address:") and "198" not in row["sender"]
    other = PhotoQuotas(store, Clock(), "another-secret-than-that")
    assert other.of_address("198.51.100.7") != row["sender"]


async def test_agents_have_more_room(quotas: PhotoQuotas, store: Store) -> None:
    agent = of_agent(UUID(int=7))
    await quotas.charge_now([agent], 400 * MB)
    await quotas.check([agent])
    await quotas.charge_now([agent], 101 * MB)
    with pytest.raises(BadPhoto):
        await quotas.check([agent])


async def test_what_no_quota_counts_is_forgotten(quotas: PhotoQuotas, store: Store, clock: Clock) -> None:
    await used(quotas, store, [of_contact(uuid4())], 2, 5)
    clock.now += timedelta(hours=23)
    await used(quotas, store, [of_contact(uuid4())], 1, 5)
    await quotas.forget()
    assert await store.pool.fetchval("SELECT sum(photos) FROM media_usage") == 3
    clock.now += timedelta(hours=3)
    await quotas.forget()
    assert await store.pool.fetchval("SELECT sum(photos) FROM media_usage") == 1
