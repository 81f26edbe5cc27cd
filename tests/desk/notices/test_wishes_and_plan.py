"""What people write to subscribe; the prepared messages and their linter."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import ContentError
from desk.notices.checking import NoticeRefused
from desk.notices.plan import (
    Plans,
    content_of,
    lint_plan,
    load_plans,
    plan_as_yaml,
    seed_plans,
    texts_as_kept,
)
from desk.notices.wishes import Wish, wish_of
from desk.store.notices import plans
from tests.support.clock import NOW
from tests.support.notice_desk import PLANS, NoticeDesk


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tell me about floods in Harbour district", Wish("on", "en", ("flood",), ("harbour",))),
        ("ALERTS HARBOUR", Wish("on", "en", (), ("harbour",))),
        (
            "Please warn me about power cuts and storms downtown",
            Wish("on", "en", ("outage", "storm"), ("market",)),
        ),
        ("Avíseme de inundaciones en el Puerto, por favor", Wish("on", "es", ("flood",), ("harbour",))),
        ("Prévenez-moi des inondations dans le quartier du port", Wish("on", "fr", ("flood",), ("harbour",))),
        ("stop alerts", Wish("off", "en")),
        ("No more warnings about storms", Wish("off", "en", ("storm",))),
        ("Confirm alerts.", Wish("confirm", "en")),
        ("Tell me about storms", None),  # a question, for the assistant
        ("Tell me about floods in Paris", None),
        ("alerts about parking fines in the harbour", None),
        ("Is there a flood in the harbour?", None),
        ("subscribe me to the library newsletter", None),
        ("alerts " + "x" * 200, None),
    ],
)
def test_only_a_whole_wish_counts(city: City, text: str, expected: Wish | None) -> None:
    assert wish_of(text, city.districts) == expected


def test_every_prepared_message_keeps_the_rules(city: City, catalog: Catalog) -> None:
    assert {plan.scenario for plan in PLANS.values()} == {
        "storm", "flood", "outage", "water", "evacuation", "unrest", "health",
    }  # fmt: skip
    answers = frozenset(catalog.answers)
    for plan in PLANS.values():
        assert lint_plan(plan, city.languages, answers) == []
        assert plan.checklist and plan.contacts and plan.roles
        assert msgspec.yaml.decode(plan_as_yaml(plan), type=type(plan)) == plan
    flood = PLANS["flood"]
    broken = msgspec.structs.replace(flood, texts={"en": flood.texts["en"]}, topics=("no_such_answer",))
    found = lint_plan(broken, city.languages, answers)
    assert len(found) == 15 and found[-1] == "flood: there is no answer 'no_such_answer'."


async def test_the_console_changes_a_prepared_message_and_the_file_does_not_overwrite_it(
    notices: NoticeDesk, tmp_path: Path
) -> None:
    store, pool = notices.store, notices.store.pool
    assert await seed_plans(store, Path("content"), NOW) == []
    service = Plans(store, notices.city.languages, frozenset(), notices.clock)
    assert [one.id for one in await service.list(notices.eve)] == sorted(PLANS)
    texts, clear = texts_as_kept(PLANS["flood"].texts), texts_as_kept(PLANS["flood"].all_clear)
    texts["en"]["act"] = "Go upstairs now."
    await service.change(notices.eve, "flood", texts, clear, 6)
    with pytest.raises(NoticeRefused):
        await service.change(notices.eve, "flood", {}, clear, 6)
    (tmp_path / "notices").mkdir()
    for id in ("flood", "storm"):
        newer = msgspec.structs.replace(PLANS[id], hours=3)
        (tmp_path / "notices" / f"{id}.yml").write_text(plan_as_yaml(newer), encoding="utf-8")
    assert await seed_plans(store, tmp_path, NOW) == ["flood"], "changed in both places"
    kept = {one.id: one for one in await plans.list_plans(pool)}
    assert kept["storm"].body["hours"] == 3 and kept["flood"].body["hours"] == 6
    flood = await service.get(notices.ada, "flood")
    assert content_of(flood, {}, NOW).texts["en"]["act"] == "Go upstairs now."
    (tmp_path / "notices" / "flood.yml").write_text("id: storm\nscenario: rain")
    with pytest.raises(ContentError):
        load_plans(tmp_path / "notices")


async def test_what_is_drafted_from_the_plan_can_be_proposed_in_any_area(notices: NoticeDesk) -> None:
    for name in PLANS:
        content = replace(
            notices.content(name),
            area={"circles": [{"latitude": 41.05, "longitude": -73.54, "kilometres": 1}]},
        )
        id = await notices.service.write(notices.ada, PLANS[name].scenario, content, name)
        await notices.service.propose(notices.ada, id, 1)
