"""The rumour desk in the console, without a script."""

from desk.store.rumours import claims, rumours
from tests.support.console import RunningConsole


async def test_an_editor_gives_a_verdict_and_changes_it(console: RunningConsole) -> None:
    asked = await console.queued(name="Lucía", text="Is it true that the pool is closed, says Lucía?")
    (message,) = await console.store.pool.fetch(
        "SELECT id FROM messages WHERE conversation_id = $1 LIMIT 1", asked.id
    )
    id = await rumours.add_rumour(console.store.pool, console.clock())
    await claims.add_claim(console.store.pool, message["id"], id, console.clock(), "en", answered=False)
    eve, ana = await console.signed_in("Eve", "editor"), await console.signed_in("Ana")
    assert (await ana.get("/console/rumours")).status == 404
    page = await eve.get("/console/rumours")
    assert (
        "1 person asked" in " ".join(page.visible.split())
        and "[name]" in page.visible
        and "Lucía" not in page.visible
    )
    path = f"/console/rumours/{id}"
    page = await eve.post(path, data={"verdict": "false", "sources": "http://x.example"})
    assert page.status == 422 and "en: write the claim" in page.visible and "no https address" in page.visible
    values = {"verdict": "false", "sources": "https://www.lindenport.example/pool", "newest": "0"}
    for language in console.city.languages:
        values |= {f"claim-{language}": "The pool is closed", f"text-{language}": "It is open."}
    page = await eve.post(path, data=values)
    assert (
        page.status == 200
        and "Everybody who asked is being told" in page.visible
        and "waiting: 1" in page.visible
    )
    page = await eve.post(path, data=values)
    assert page.status == 409 and "in the meantime" in page.visible
    page = await eve.post(path, data=values | {"newest": "1", "verdict": "misleading"})
    assert "version 2" in page.visible and "Misleading" in page.visible
    assert "The pool is closed" in (await eve.get("/console/rumours?kind=decided")).visible
    await eve.post(f"{path}/set-aside")
    assert "The pool is closed" in (await eve.get("/console/rumours?kind=set_aside")).visible
    lines = await console.store.pool.fetch("SELECT action FROM audit WHERE action LIKE 'rumour%' ORDER BY id")
    assert [one["action"] for one in lines] == ["rumour_judged", "rumour_judged", "rumour_set_aside"]
