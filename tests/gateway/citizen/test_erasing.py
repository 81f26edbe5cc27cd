"""A citizen has the conversation deleted: at once for themselves, and for everybody once a worker has come round."""

from desk.store.people import erasures
from tests.support.gateway import Citizen, RunningGateway


async def _asked(citizen: Citizen) -> int:
    url = f"{citizen.gateway.base}/chat/v1/erase"
    async with citizen.gateway.http.post(url, headers=citizen.headers) as answer:
        return answer.status


async def _wait_is_over(gateway: RunningGateway) -> None:
    await gateway.store.pool.execute("UPDATE erasures SET asked_at = asked_at - interval '1 minute'")


async def test_nothing_of_the_conversation_stays(gateway: RunningGateway, citizen: Citizen) -> None:
    pool = gateway.store.pool
    await citizen.post(text="Where do I sleep tonight?")
    contact = await citizen.contact_id()
    message = await gateway.say(contact, "There is a shelter.")
    other = await gateway.citizen()
    await gateway.say(await other.contact_id(), "Somebody else's.")
    await pool.execute(
        "INSERT INTO trackers (conversation_id, state, updated_at) VALUES ($1, $2, now())",
        str(message.conversation_id),
        b"{}",
    )
    assert await _asked(citizen) == 204
    assert await _asked(citizen) == 401
    assert (await citizen.get("/chat/v1/messages"))[0] == 401
    assert await erasures.delete_asked(pool) == [], "a turn that is under way may end first"
    await _wait_is_over(gateway)
    assert await erasures.delete_asked(pool) == [contact]
    for table in ("contacts", "conversations", "messages", "events", "erasures", "trackers"):
        left = await pool.fetchval(f"SELECT count(*) FROM {table}")
        assert left == (0 if table in ("events", "erasures", "trackers") else 1), table
    assert (await other.poll())["messages"][0]["text"] == "Somebody else's."


async def test_what_the_law_keeps_stays_until_the_hold_is_lifted(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    pool = gateway.store.pool
    await citizen.post(text="Hello")
    contact = await citizen.contact_id()
    await _asked(citizen)
    await _wait_is_over(gateway)
    agent = await pool.fetchval(
        "INSERT INTO agents (name, email, password_hash, role) VALUES ('S', 's@a.example', 'x', 'supervisor') RETURNING id"
    )
    await pool.execute(
        "INSERT INTO legal_holds (contact_id, reason, placed_by, placed_at) VALUES ($1, 'Case 7', $2, now())",
        contact,
        agent,
    )
    assert await erasures.delete_asked(pool) == []
    await pool.execute("UPDATE legal_holds SET lifted_at = now(), lifted_by = placed_by")
    assert await erasures.delete_asked(pool) == [contact]


async def test_nobody_erases_without_the_token(gateway: RunningGateway, citizen: Citizen) -> None:
    async with gateway.http.post(f"{gateway.base}/chat/v1/erase") as answer:
        assert answer.status == 401
    assert await gateway.store.pool.fetchval("SELECT count(*) FROM erasures") == 0
