"""Requests of services with `identity: true`: what the bot is told of them before an identity check, and after it."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import msgspec

from desk.store.people import identity
from tests.support.desk import Desk


async def test_what_needs_an_identity_check_reaches_the_bot_as_a_number_before_it(
    desk: Desk, tmp_path: Path
) -> None:
    services = Path(desk.city.services).read_text(encoding="utf-8")
    (tmp_path / "services.yml").write_text(
        services.replace("pothole:\n  group: streets\n", "pothole:\n  group: streets\n  identity: true\n", 1)
    )
    desk.city = msgspec.structs.replace(desk.city, services=str(tmp_path / "services.yml"))
    contact = await desk.contact()
    ana = await desk.agent("Ana")
    pool = desk.store.pool
    async with desk.working():
        await desk.send(contact, "hello")
        await desk.settled(contact)
        here = await desk.conversation(contact)
        for service, reference, conversation_id in (
            ("pothole", "SR-PROT-0001", None),
            ("pothole", "SR-HERE-0001", here.id),
            ("graffiti", "SR-OPEN-0001", None),
        ):
            await pool.execute(
                """INSERT INTO service_requests (id, contact_id, conversation_id, backend, service_code, payload, state, reference,
                                                 filed_at)
                   VALUES (gen_random_uuid(), $1, $2, 'requests', $3, '{"description": "My own words"}', 'filed', $4, now())""",
                contact.id,
                conversation_id,
                service,
                reference,
            )
        await desk.send(contact, "what happened to my request?")
        await desk.settled(contact)
        told = desk.bot.asked[-1]["metadata"]
        assert told["own_protected"] == [{"reference": "SR-PROT-0001", "backend": "requests"}]
        assert sorted(told["own_references"]) == ["SR-HERE-0001", "SR-OPEN-0001"]
        reports = {one["reference"]: one["here"] for one in told["own_reports"]}
        assert reports == {"SR-HERE-0001": True, "SR-OPEN-0001": False}
        assert "conversation_id" not in told["own_reports"][0]

        check = uuid4()
        await identity.add_check(
            pool,
            check,
            here.id,
            contact.id,
            ana.agent_id,
            "+1•••0199",
            desk.now,
            desk.now + timedelta(minutes=10),
        )
        await identity.mark_confirmed(pool, check, desk.now)
        await desk.send(contact, "and now?")
        await desk.settled(contact)
    told = desk.bot.asked[-1]["metadata"]
    assert told["own_protected"] == [] and "SR-PROT-0001" in told["own_references"]
    assert {one["reference"] for one in told["own_reports"]} == {
        "SR-PROT-0001",
        "SR-HERE-0001",
        "SR-OPEN-0001",
    }
