"""Requests that did not reach their back end: listed with the reason, and tried again by hand."""

from datetime import timedelta

from tests.support.console import RunningConsole


async def test_stuck_requests_are_listed_with_reason_and_tried_again(console: RunningConsole) -> None:
    pool, now = console.store.pool, console.clock()
    conversation = await console.queued()
    ids = {}
    for state, error, age in (
        ("recorded", "the back end did not answer (<b>502</b>)", 60),
        ("refused", "4: lat is missing", 60),
        ("recorded", None, 1),
        ("awaiting_reference", None, 60),
        ("filed", None, 60),
    ):
        ids[f"{state} {age}"] = await pool.fetchval(
            """INSERT INTO service_requests (id, conversation_id, contact_id, backend, service_code, payload, state, error,
                   created_at, updated_at, available_at, attempts)
               VALUES (gen_random_uuid(), $1, $2, 'requests', 'pothole', '{}', $3, $4, $5, $5, $6, 7) RETURNING id""",
            conversation.id, conversation.contact_id, state, error, now - timedelta(minutes=age), now + timedelta(hours=1),
        )  # fmt: skip
    ana, carla = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    assert (await ana.get("/console/requests/stuck")).status == 404
    page = await carla.get("/console/requests/stuck")
    assert page.text.count('class="request"') == 2, (
        "not those on their way, nor those that wait for a number over night"
    )
    assert (
        "&lt;b&gt;502&lt;/b&gt;" in page.text
        and "4: lat is missing" in page.visible
        and "Tries: 7" in page.visible
    )

    for which in ("recorded 60", "refused 60"):
        done = await carla.post(f"/console/requests/stuck/{ids[which]}/retry")
        assert done.status == 200 and "It is being retried" in done.visible
        row = await pool.fetchrow(
            "SELECT state, available_at <= now() AS due FROM service_requests WHERE id = $1", ids[which]
        )
        assert row is not None and (row["state"], row["due"]) == ("recorded", True)
    assert "request_retry" in await console.audited()
    # While a worker has it, nobody else sends it.
    await pool.execute(
        "UPDATE service_requests SET lease_until = now() + interval '1 minute' WHERE id = $1",
        ids["recorded 60"],
    )
    for which in ("recorded 60", "filed 60"):
        refused = await carla.post(f"/console/requests/stuck/{ids[which]}/retry")
        assert refused.status == 422 and "not stuck any more" in refused.visible
    page = await carla.get("/console/requests/stuck")
    assert page.text.count('class="request"') == 2
