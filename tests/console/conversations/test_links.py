"""Linked contacts in the console: shown, made and undone by agents, on record."""

from tests.support.console import RunningConsole


async def test_an_agent_links_and_unlinks_with_plain_forms(console: RunningConsole) -> None:
    ana, carla = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    one, two = await console.queued(name="Lucía"), await console.queued(name="L. <b>Pérez</b>")
    here = f"/console/conversations/{one.id}"
    assert "No other channel is linked" in (await ana.get(here)).visible

    nonsense = await ana.post(f"{here}/link", data={"other": "the other one"})
    assert nonsense.status == 422 and "Paste the address" in nonsense.visible
    itself = await ana.post(f"{here}/link", data={"other": str(one.id)})
    assert itself.status == 422 and "same contact" in itself.visible

    done = await ana.post(
        f"{here}/link", data={"other": f"https://desk.example/console/conversations/{two.id}#latest"}
    )
    assert done.status == 200 and "Linked." in done.visible
    assert "L. <b>Pérez</b>" in done.visible and f"/console/conversations/{two.id}" in done.text
    other = await ana.get(f"/console/conversations/{two.id}")
    assert f"/console/conversations/{one.id}" in other.text.split("Same person")[1]
    assert "Linked a contact" in (await carla.get(here)).visible

    undone = await ana.post(f"{here}/unlink", data={"contact": str(two.contact_id)})
    assert undone.status == 200 and "two people again" in undone.visible
    assert (await ana.post(f"{here}/unlink", data={"contact": str(two.contact_id)})).status == 404
    assert await console.audited(one.id) and {"link", "unlink"} <= set(await console.audited(one.id))


async def test_what_another_team_has_cannot_be_linked_or_seen(console: RunningConsole) -> None:
    ana = await console.signed_in()
    mine, theirs = await console.queued(), await console.queued(team="elsewhere", name="Stranger")
    here = f"/console/conversations/{mine.id}"
    refused = await ana.post(f"{here}/link", data={"other": str(theirs.id)})
    assert refused.status == 404 and "Stranger" not in refused.text
    assert "link" not in await console.audited()
