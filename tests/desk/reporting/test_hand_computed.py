"""Every figure of twenty conversations (dataset.py), against what was worked out by hand. Cases are called by number.

Answered by the bot: 1 2 3 4 5 7 9 10 11 12 14 16 18 20, so 14; not 6 8 13 15 19; of 17 nothing is known: 14 of 19.
Contained: 1 3 7 20. Not: 2 (came back on day 3), 4 (came back on another channel, day 4), 5 12 14 16 18 (a person wrote).
  Not known: 9 10 (open), 11 (ended two days ago); the bot did not answer 6 8 13 15 19: 4 of 11.
Came back: 2 4, of the resolved 1 2 3 4 5 6 7 8 13 14 15 16 18 20 (11 12 ended too lately, 17 is erased): 2 of 14.
Handed off: 5 6 7 8 9 12 13 14 15 16 17 18: 12 of 20. Their bot part in minutes: 2 1 1 1 1 3 1 1 2 1 1 1.
Wait in minutes: 5: 10, 6: 30, 8: 1, 14: 2799, 15: 2, 16: 2, 17: 5, 18: 19. 7 gave up, 9 waits, 12 was taken from the bot,
  13 was resolved in the queue. Sorted 1 2 2 5 10 19 30 2799: the middle is 7.5, the 8th of 8 is the 90th percentile.
First response: 5: 12, 6: 32, 8: 1.5, 14: 2804, 15: 8, 16: 3, 18: 21. Sorted 1.5 3 8 12 21 32 2804: 12, and the 7th.
Handling (turn of an agent): 5: 2 + 6, 6: 2 + 1, 8: 0.5, 12: 1, 14: 5, 15: 4 + 2 + 38, 16: 1, 17: 3, 18: 2.
  Sorted 0.5 1 1 2 3 3 5 8 44: 3, and the 9th.
In hand: 5: 18, 6: 9 + 5, 8: 8, 12: 3, 14: 10, 15: 48, 16: 3, 17: 3, 18: 20. Sorted 3 3 3 8 10 14 18 20 48: 10, and the 9th.
Gave up: 7 13, of 5 6 7 8 12 13 14 15 16 18 (9 waits, 17 is erased): 2 of 10.
First response in time (20 minutes of office hours; 8 is urgent: 2 minutes, always): 5 8 14 (Saturday to Monday 8:45, which
  is 15 minutes after it opened) 15 16. Not 6 (32), 9 (waits since yesterday), 18 (21). 5 of 8.
Next response in time (30 minutes): 5 (6 minutes); not 15 (38). 1 of 2.
Resolved in time (480 minutes of office hours): 5 6 12 13 14 15 17 18; not 9 (8 h 29 min yesterday and 1 h 30 min today).
  7 and 16 went back to the bot, 8 has no such promise. 8 of 9.
Resolved: all but 9 10 19: 17 of 20. By themselves: 1 2 3 4 7 11 16 20: 8 of 17.
Reopened: 6, of those that a person had, 5 6 8 12 14 15 16 17 18: 1 of 9. Not solved: 6, of those asked, 5 6 14 15 18: 1 of 5.
Rated: 5 6 15 18: 4 of 5. Disputed closures: 2, of 2 3 15: 1 of 3. Satisfied: 5 (5) and 18 (4): 2 of 4. Reviews of 5: 80 and 60, so 70.
"""

from datetime import timedelta
from uuid import UUID

import msgspec

from city import City, InboxConfig
from city.model import SlaPolicy
from desk.model import Scope
from desk.reporting.facts import Fact, Facts
from desk.reporting.figures import BY_ID, FIGURES
from desk.reporting.intervals import Share, Spread
from desk.reporting.load import Held, load_by_agent
from desk.store.pool import Store
from desk.store.reporting.held import list_held
from desk.store.reporting.records import list_records
from tests.desk.reporting.dataset import ANA, BEN, MONDAY, NOW, conversation_id, store_cases

EVERYTHING = Scope(True, (), UUID(int=9))
START, END = MONDAY - timedelta(days=1), NOW
SHARES = {
    "answered": (14, 19), "contained": (4, 11), "again": (2, 14), "handed_off": (12, 20), "abandoned": (2, 10),
    "sla_first": (5, 8), "sla_next": (1, 2), "sla_resolution": (8, 9), "resolved": (17, 20), "idle": (8, 17),
    "reopened": (1, 9), "not_solved": (1, 5), "rated": (4, 5), "csat": (2, 4),
    "disputed": (1, 3),
}  # fmt: skip
MINUTES = {
    "bot_part": (1, 2, 12), "wait": (7.5, 2799, 8), "first_response": (12, 2804, 7), "handling": (3, 44, 9),
    "in_hand": (10, 48, 9),
}  # fmt: skip


def the_city(city: City) -> City:
    return msgspec.structs.replace(
        city,
        inboxes=(*city.inboxes, InboxConfig(name="wa", channel="whatsapp")),
        sla=(
            SlaPolicy(urgent=True, first_response=2, next_response=5, always=True),
            SlaPolicy(first_response=20, next_response=30, resolution=480),
        ),
    )


async def the_facts(store: Store, city: City) -> list[Fact]:
    await store_cases(store)
    records = await list_records(store.pool, EVERYTHING, START, END, ["parking_permit"])
    facts = Facts(the_city(city), NOW, START)
    return [facts.of(record) for record in records]


def numbers(found: list[Fact]) -> list[int]:
    return sorted(fact.id.int - conversation_id(0).int for fact in found)


async def test_every_figure_is_what_was_worked_out_by_hand(store: Store, city: City) -> None:
    facts = await the_facts(store, city)
    assert BY_ID["conversations"].of(facts) == 20
    for id, (count, of) in SHARES.items():
        value = BY_ID[id].of(facts)
        assert isinstance(value, Share) and (value.count, value.of) == (count, of), id
        assert value.low < value.value < value.high
    for id, (middle, p90, of) in MINUTES.items():
        value = BY_ID[id].of(facts)
        assert value == Spread(middle * 60, p90 * 60, of), id
    assert BY_ID["quality"].of(facts) == Spread(70, 70, 1)
    assert set(SHARES) | set(MINUTES) | {"conversations", "quality", "lasted"} == {one.id for one in FIGURES}

    assert numbers(BY_ID["contained"].behind(facts)) == [1, 3, 7, 20]
    assert numbers(BY_ID["wait"].behind(facts)) == [5, 6, 8, 14, 15, 16, 17, 18]
    by_number = {fact.id.int - conversation_id(0).int: fact for fact in facts}
    assert by_number[15].agents == (ANA, BEN) and by_number[15].channel == "whatsapp"
    assert [by_number[one].topic for one in (1, 2, 20)] == ["parking_permit", None, "parking_permit"]
    assert (by_number[12].handoff_reason, by_number[15].handoff_reason) == ("claimed", "bot_failed")
    assert (by_number[13].reason, by_number[16].reason, by_number[9].reason) == ("spam", "idle", None)
    assert by_number[17].erased and by_number[17].language is None

    # Day 4: Ana has 5 from minute 12 to 30 and 18 from 20 to 40. 28 minutes with at least one, 38 minutes of conversations.
    friday = MONDAY + timedelta(days=4)
    rows = await list_held(store.pool, EVERYTHING, friday, friday + timedelta(hours=1))
    held = [Held(row.agent_id, row.start, row.end, row.active) for row in rows]
    ana = load_by_agent(held, friday, friday + timedelta(hours=1))[ANA]
    assert (ana.peak, ana.busy, ana.held) == (2, 28 * 60, 38 * 60) and ana.mean == 38 / 28
    # Cut off at minute 25: 13 minutes of 5 and 5 of 18.
    cut = load_by_agent(held, friday, friday + timedelta(minutes=25))[ANA]
    assert (cut.busy, cut.held) == (13 * 60, 18 * 60)

    # A scope of teams has what people had; other teams' supervisors have nothing.
    own = await list_records(store.pool, Scope(False, ("front-desk",), UUID(int=9)), START, END, [])
    assert len(own) == 18  # 10 and 19 never left the bot, and have no team
    assert await list_records(store.pool, Scope(False, ("taxes",), UUID(int=9)), START, END, []) == []
