"""An imported address gets its position, if the city's streets know it."""

from city.services import in_all_days, load_services
from city.street_positions import load_street_positions
from desk.requests.sheet.taking import SheetTaking
from desk.store.pool import Store
from tests.support.clock import Clock

TABLE = """service,address,latitude,longitude
pothole,8 Elm Street,,
pothole,8 Elm Street,41.0,-73.5
pothole,Nowhere Street 8,,
"""


async def test_addresses_are_found(store: Store, clock: Clock) -> None:
    streets = load_street_positions("content/street_positions.csv")
    taking = SheetTaking(store, load_services("content/services.yml"), clock, in_all_days, streets)
    text = (
        TABLE.replace("\n", ",answer:size\n", 1)
        .replace(",,\n", ",,,large\n")
        .replace("73.5\n", "73.5,large\n")
    )
    found, given, unknown = await taking.plan(text)
    assert found.new and found.placed
    assert found.new.latitude and found.new.longitude and abs(found.new.latitude - 41.05) < 0.01
    assert given.new and (given.new.latitude, given.placed) == (41.0, False)
    assert unknown.new and (unknown.new.latitude, unknown.placed) == (None, False)
