"""Which service words mean: editors shorten what is proposed, accept it, change it and drop it."""

from uuid import uuid4

from desk.store.following import learned_services
from tests.support.console import RunningConsole


async def test_editors_decide(console: RunningConsole) -> None:
    pool, path = console.store.pool, "/console/answers/learned"
    await pool.execute(
        "INSERT INTO learned_services (id, words, from_code, service_code, created_at) VALUES ($1, $2, 'pothole', '', now())",
        uuid4(),
        "A <b>hole</b> on Highway 9 near the bridge",
    )
    emil = await console.signed_in("Emil Editor", "editor")
    page = await emil.get(path)
    assert page.status == 200 and "A &lt;b&gt;hole" in page.text and "No words are in use" in page.visible
    (one,) = await learned_services.list_learned(pool, ("proposed",))
    for form, refused in (
        ({"words": "highway 9", "service": ""}, "Choose a service"),
        ({"words": "x", "service": "road_sign"}, "3 to 200 letters"),
        ({"words": "highway 9", "service": "pothole"}, "two different services"),
    ):
        answer = await emil.post(f"{path}/{one.id}", data={**form, "decision": "use"})
        assert answer.status == 422 and refused in answer.visible
    await emil.post(
        f"{path}/{one.id}", data={"words": " highway\n9 ", "service": "road_sign", "decision": "use"}
    )
    await emil.post(path, data={"words": "lamp", "from": "pothole", "service": "street_light"})
    used = await learned_services.list_learned(pool, ("used",))
    assert {(row.words, row.service_code) for row in used} == {
        ("highway 9", "road_sign"),
        ("lamp", "street_light"),
    }
    await emil.post(f"{path}/{one.id}", data={"decision": "drop"})
    assert [row.words for row in await learned_services.list_learned(pool, ("used",))] == ["lamp"]
    assert await pool.fetchval("SELECT count(*) FROM audit WHERE action = 'learned_service'") == 3
