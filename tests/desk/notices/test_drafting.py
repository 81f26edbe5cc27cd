"""From a draft to a release: two people, nothing open-ended, nothing changed afterwards."""

from dataclasses import replace
from datetime import timedelta

import asyncpg
import msgspec
import pytest

from city.notices.rules import NoticeRules
from city.settings import renew
from desk.model import NotAllowed, NotFound
from desk.notices.checking import NoticeRefused
from desk.notices.drafting import NoticeMovedOn, Notices
from desk.notices.saying import say
from desk.store.notices import notices as rows
from tests.support.answers_office import person
from tests.support.clock import NOW
from tests.support.desk import OPEN
from tests.support.notice_desk import NoticeDesk


async def test_one_writes_another_releases_and_everything_is_recorded(notices: NoticeDesk) -> None:
    service, pool = notices.service, notices.store.pool
    id = await service.write(notices.eve, "flood", notices.content(districts=["harbour"]), "flood")
    with pytest.raises(NoticeMovedOn):
        await service.release(notices.ben, id, 1)  # not proposed yet
    await service.propose(notices.ada, id, 1)
    for nobody in (notices.eve, await person(notices.store, "agent"), await person(notices.store, "auditor")):
        with pytest.raises(NotAllowed):
            await service.release(nobody, id, 1)
    with pytest.raises(NoticeMovedOn, match="You wrote or proposed this"):
        await service.release(notices.ada, id, 1)
    await service.send_back(notices.ben, id, 1, "Name the shelter.")
    await service.change(notices.eve, id, 1, notices.content(districts=["harbour", "market"]))
    await service.propose(notices.eve, id, 1)
    await service.release(notices.ben, id, 1)
    (version,) = await service.get(notices.ada, id)
    assert version.holds(notices.clock()) and version.releaser == notices.ben.name
    events = await rows.list_events(pool, id)
    assert [one.what for one in events] == [
        "written",
        "proposed",
        "sent_back",
        "changed",
        "proposed",
        "released",
    ]
    assert events[2].why == "Name the shelter."
    actions = await pool.fetch("SELECT action FROM audit WHERE action LIKE 'notice%' ORDER BY id")
    assert [row["action"] for row in actions] == [f"notice_{one.what}" for one in events]
    with pytest.raises(NotFound):
        await service.propose(notices.ada, id, 2)


async def test_the_database_enforces_the_second_person_and_keeps_what_was_released(
    notices: NoticeDesk,
) -> None:
    service, pool = notices.service, notices.store.pool
    id = await service.write(notices.ada, "flood", notices.content())
    await service.propose(notices.ada, id, 1)
    with pytest.raises(asyncpg.CheckViolationError, match="two_people"):
        await rows.mark_released(pool, id, 1, NOW, notices.ada.agent_id, None)
    with pytest.raises(asyncpg.CheckViolationError, match="two_people"):
        await rows.mark_released(pool, id, 1, NOW, notices.ada.agent_id, "  ")
    with pytest.raises(asyncpg.RaiseError, match="proposed is what is released"):
        await pool.execute("UPDATE notice_versions SET state = 'released', released_by = $1, released_at = now(), level = 'watch'",
                           notices.ben.agent_id)  # fmt: skip
    await service.release(notices.ben, id, 1)
    for change in ("level = 'watch'", "state = 'draft'", "ends_at = ends_at + interval '1 day'"):
        with pytest.raises(asyncpg.RaiseError, match="not changed"):
            await pool.execute(f"UPDATE notice_versions SET {change}")
    draft = await service.write(notices.ada, "flood", notices.content())
    with pytest.raises(asyncpg.RaiseError, match="only what was proposed"):
        await rows.mark_released(pool, draft, 1, NOW, notices.ben.agent_id, None)
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute(
            "UPDATE notice_versions SET ends_at = starts_at + interval '31 days' WHERE notice_id = $1", draft
        )


@pytest.mark.parametrize(
    ("when", "now", "plan", "allowed"),
    [
        ("closed", NOW, "flood", True),  # a Sunday
        ("closed", OPEN, "flood", False),
        ("always", OPEN, "flood", True),
        ("never", NOW, "flood", False),
        ("always", OPEN, "storm", False),  # no emergency
    ],
)
async def test_one_person_acts_alone_only_as_the_rules_say_and_says_why(
    notices: NoticeDesk, when: str, now: object, plan: str, allowed: bool
) -> None:
    rules = msgspec.convert({"alone": ["emergency"], "alone_when": when}, NoticeRules)
    renew(notices.city, msgspec.structs.replace(notices.city, notice_rules=rules))
    notices.clock.now = now  # type: ignore[assignment]  # a time of the table
    id = await notices.service.write(notices.ada, plan, notices.content(plan))
    await notices.service.propose(notices.ada, id, 1)
    with pytest.raises(NoticeMovedOn):
        await notices.service.release(notices.ada, id, 1)
    if not allowed:
        with pytest.raises(NoticeMovedOn, match="somebody else"):
            await notices.service.release(notices.ada, id, 1, "Nobody answers the phone.")
        return
    await notices.service.release(notices.ada, id, 1, "Nobody answers the phone.")
    (version,) = await notices.service.get(notices.ada, id)
    assert version.alone_why == "Nobody answers the phone."
    actions = await notices.store.pool.fetch("SELECT action FROM audit ORDER BY id DESC LIMIT 1")
    assert actions[0]["action"] == "notice_released_alone"


async def test_the_citys_rules_say_which_roles_release(notices: NoticeDesk) -> None:
    rules = msgspec.convert({"releasers": ["admin"]}, NoticeRules)
    service = Notices(
        notices.store, msgspec.structs.replace(notices.city, notice_rules=rules), frozenset(), notices.clock
    )
    id = await notices.service.write(notices.ada, "flood", notices.content("outage"))
    await notices.service.propose(notices.ada, id, 1)
    with pytest.raises(NoticeMovedOn, match="rules"):
        await service.release(notices.ben, id, 1)
    await service.release(await person(notices.store, "admin"), id, 1)


async def test_what_is_incomplete_or_open_ended_is_refused(notices: NoticeDesk) -> None:
    service, whole = notices.service, notices.content()
    en = whole.texts["en"]
    for broken in (
        replace(whole, ends_at=whole.starts_at),
        replace(whole, ends_at=whole.starts_at + timedelta(days=31)),
        replace(whole, area={"districts": ["atlantis"]}),
        replace(whole, area={"circles": [{"latitude": 91, "longitude": 0, "kilometres": 1}]}),
        replace(whole, topics=["no_such_answer"]),
    ):
        with pytest.raises(NoticeRefused):
            await service.write(notices.ada, "flood", broken)
    for part, text in (
        ("act", ""), ("act", "on " * 26), ("title", "x" * 81), ("where", "In {place}."), ("ask", "Call [number]."), ("short", "x" * 500),
    ):  # fmt: skip
        id = await service.write(
            notices.ada, "flood", replace(whole, texts={**whole.texts, "en": {**en, part: text}})
        )
        with pytest.raises(NoticeRefused, match="en:"):
            await service.propose(notices.ada, id, 1)
    id = await service.write(notices.ada, "flood", replace(whole, texts={"en": en}))
    with pytest.raises(NoticeRefused, match=r"es: .*fr: "):
        await service.propose(notices.ada, id, 1)
    id = await service.write(notices.ada, "flood", whole)
    notices.clock.forward(hours=13)
    with pytest.raises(NoticeRefused, match="end is over"):
        await service.propose(notices.ada, id, 1)


async def test_an_update_replaces_an_all_clear_ends_and_an_end_is_kept_by_the_clock(
    notices: NoticeDesk,
) -> None:
    service, current = notices.service, notices.current
    id = await notices.released(districts=["harbour"])
    assert [one.version for one in current.holding()] == [1]
    second = await service.update(notices.eve, id)
    with pytest.raises(NoticeMovedOn, match="being written"):
        await service.update(notices.ada, id)
    await service.drop(notices.ada, id, second, "Too early.")
    third = await service.update(notices.ada, id)
    await service.change(notices.ada, id, third, notices.content(districts=["harbour", "market"]))
    assert [one.version for one in current.holding()] == [1], "a draft is not said"
    await notices.release(id, third)
    (held,) = current.holding()
    said = say(held, "es", notices.city)
    assert held.version == 3 and said.title == "Actualización, Emergencia: Inundación"
    assert said.text.where == "Dónde: Puerto, Mercado." and "{" not in said.whole + said.short
    last = await service.all_clear(notices.ada, id, {})
    await notices.release(id, last)
    (ended,) = current.holding()
    assert (ended.kind, ended.content.level, list(ended.content.overrides)) == ("all_clear", "recovery", [])
    with pytest.raises(NoticeMovedOn, match="not in force"):
        await service.update(notices.ada, id)
    notices.clock.forward(hours=4)
    assert current.holding() == [] and len(current.history()) == 1
    notices.clock.forward(days=31)
    await current.read(notices.store.pool)
    assert current.history() == []
