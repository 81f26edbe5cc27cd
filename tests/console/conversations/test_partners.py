"""The form for a partner desk: there for a conversation that a partner takes, and what the page says of it."""

from pathlib import Path

from city import City
from desk.knowledge.catalogue import Catalog
from desk.store.pool import Store
from tests.support.console import running_console
from tests.support.partner_desk import with_partner


async def test_an_agent_asks_sees_how_it_stands_and_withdraws(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> None:
    there = with_partner(city, "https://benefits.example/in")
    async with running_console(store, redis_url, there, catalog, tmp_path) as console:
        ana = await console.signed_in()
        queued = await console.queued()
        path = f"/console/conversations/{queued.id}"
        assert "Partner desk" not in (await ana.get(path)).text
        await ana.post(f"{path}/claim")
        assert "Ask the citizen about <bdi>Benefits office" in (await ana.get(path)).text
        assert (await ana.post(f"{path}/partner", data={"to": "benefits", "note": " "})).status == 422
        assert (await ana.post(f"{path}/partner", data={"to": "other", "note": "Rent."})).status == 404
        asked = await ana.post(f"{path}/partner", data={"to": "benefits", "note": "Rent.", "client_id": "1"})
        assert (
            "Nothing is sent before" in asked.visible and "waiting for the citizen's consent" in asked.visible
        )
        withdrawn = await ana.post(f"{path}/partner/withdraw")
        assert "Benefits office : withdrawn" in withdrawn.visible
        assert (await ana.post(f"{path}/partner/withdraw")).status == 409


async def test_an_administrator_changes_what_is_read_of_it_and_not_where_it_is(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> None:
    there = with_partner(city, "https://benefits.example/in")
    async with running_console(store, redis_url, there, catalog, tmp_path) as console:
        ada = await console.signed_in("Ada", "admin", ())
        path = "/console/admin/settings/partners"
        form = await ada.get(path)
        assert form.status == 200 and "benefits.example" not in form.text
        given = {
            "version": "1",
            "title-benefits": "Rent & benefits",
            "in_fr-benefits": "yes",
            "offered-benefits": "yes",
            "consent_hours-benefits": "48",
            "answer_hours-benefits": "24",
            "url-benefits": "https://elsewhere.example/in",
        }
        wrong = await ada.post(path, data=given | {"title-benefits": " ", "consent_hours-benefits": "900"})
        assert wrong.status == 422 and "Give it a title." in wrong.visible
        assert "Saved." in (await ada.post(path, data=given)).visible
        (offered,) = there.partners_for("fr", None)
        assert (offered.title, offered.consent_hours, offered.url) == (
            "Rent & benefits",
            48,
            "https://benefits.example/in",
        )
        assert there.partners_for("en", None) == [], "it answers in French alone now"
        await ada.post(path, data=given | {"version": "2", "offered-benefits": ""})
        assert there.partners_for("fr", None) == []
