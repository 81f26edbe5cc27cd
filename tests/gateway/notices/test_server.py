"""Notices at public addresses: within a second of the release, with headers for caches and for any page of the city."""

from uuid import uuid4

from desk.notices.drafting import Notices
from desk.notices.plan import content_of
from desk.rumours.deciding import RumourDesk
from tests.support.answers_office import person
from tests.support.gateway import CITY, RunningGateway
from tests.support.notice_desk import PLANS
from tests.support.waiting import eventually


async def test_a_released_notice_is_at_every_address_at_once(gateway: RunningGateway) -> None:
    store, city = gateway.store, CITY
    service = Notices(store, city, frozenset(PLANS["flood"].topics), gateway.clock)
    ada, ben = await person(store, "supervisor"), await person(store, "supervisor")

    async def get(path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        async with gateway.http.get(gateway.base + path, headers=headers) as answer:
            return (
                answer.status,
                await answer.text(),
                {name.lower(): one for name, one in answer.headers.items()},
            )

    status, page, _ = await get("/notices?language=es")
    assert status == 200 and "No hay ningún aviso ahora." in page
    id = await service.write(
        ada, "flood", content_of(PLANS["flood"], {"districts": ["harbour"]}, gateway.clock())
    )
    await service.propose(ada, id, 1)
    await service.release(ben, id, 1)

    async def said() -> bool:
        return "Inundación" in (await get("/notices/current.json?language=es"))[1].encode().decode(
            "unicode_escape"
        )

    await eventually(said)
    status, page, headers = await get("/notices?language=es")
    assert "Emergencia: Inundación" in page and "Dónde: Puerto." in page and f"n-{id}" in page
    assert (
        headers["cache-control"].startswith("public, max-age=")
        and headers["access-control-allow-origin"] == "*"
    )
    for path, kind in (
        ("/notices.atom", "application/atom+xml"), ("/notices.json", "application/feed+json"),
        ("/notices/current.json", "application/json"), (f"/notices/cap/{id}/1", "application/cap+xml"),
    ):  # fmt: skip
        status, body, headers = await get(path)
        assert (status, headers["content-type"].split(";")[0]) == (200, kind) and str(id) in body
        status, body, _ = await get(path, **{"if-none-match": headers["etag"]})
        assert (status, body) == (304, "")
    assert (await get(f"/notices/cap/{id}/2"))[0] == 404 and (await get(f"/notices/cap/{uuid4()}/1"))[
        0
    ] == 404
    # Without a script: the chat's page, and every page beside it.
    for path in ("/chat?language=fr", "/chat/privacy?language=fr"):
        assert "Urgence: Inondation" in (await get(path))[1].replace("\u00a0", " ").replace(" :", ":")


async def test_everybody_may_read_the_official_list_and_check_a_message(gateway: RunningGateway) -> None:
    async with gateway.http.get(f"{gateway.base}/official.json") as answer:
        assert answer.status == 200 and answer.headers["access-control-allow-origin"] == "*"
        listed, etag = await answer.json(content_type=None), answer.headers["etag"]
    assert CITY.phone in listed["telephones"] and listed["page"].endswith("/official")
    async with gateway.http.get(f"{gateway.base}/official.json", headers={"if-none-match": etag}) as answer:
        assert answer.status == 304
    async with gateway.http.get(f"{gateway.base}/official?language=fr") as answer:
        page = await answer.text()
        assert (
            answer.status == 200
            and "Est-ce vraiment" in page
            and CITY.phone in page
            and "<script" not in page
        )
    for text, said in (
        ("Pay here: https://www.lindenport.example.evil.com/<b>", "is not in the city"), (CITY.phone, "Yes, this is ours"),
        ("ZZZZZZ", "is not the code of any notice"),
    ):  # fmt: skip
        async with gateway.http.post(
            f"{gateway.base}/official", data={"text": text, "language": "en"}
        ) as answer:
            page = await answer.text()
            assert answer.status == 200 and said in page and answer.headers["cache-control"] == "no-store", (
                text
            )
            assert "<b>" not in page


async def test_a_verdict_is_on_the_public_page_in_every_language(gateway: RunningGateway) -> None:
    office, editor = RumourDesk(gateway.store, CITY, gateway.clock), await person(gateway.store, "editor")
    said = {one: f"The bridge <is> closed ({one})" for one in CITY.languages}
    source = "https://www.lindenport.example/bridge"
    await office.judge(editor, await office.begin(editor), "misleading", said, said, [source], 0)
    async with gateway.http.get(f"{gateway.base}/rumours?language=es") as answer:
        page = await answer.text()
    assert (
        "Engañoso" in page and "&lt;is&gt; closed (es)" in page and source in page and "<script" not in page
    )
    async with gateway.http.get(f"{gateway.base}/rumours.json") as answer:
        (one,) = (await answer.json(content_type=None))["rumours"]
        etag = answer.headers["etag"]
    assert (one["verdict"], one["version"], one["sources"]) == ("misleading", 1, [source])
    async with gateway.http.get(f"{gateway.base}/rumours.json", headers={"if-none-match": etag}) as answer:
        assert answer.status == 304
