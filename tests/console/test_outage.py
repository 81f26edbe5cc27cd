"""The database goes away: a page that says so, no traceback, and everything goes on when it is back."""

import asyncio
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from city import City
from desk.knowledge.catalogue import Catalog
from desk.store.pool import open_store
from tests.support.cable import Cable, Pipe
from tests.support.console import running_console


async def test_an_outage_is_a_page_with_a_sentence(
    pg_url: str, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> None:
    parts = urlsplit(pg_url)
    folder = parse_qs(parts.query).get("host", [""])[0]
    port = parts.port or 5432

    async def connect() -> Pipe:
        if folder.startswith("/"):
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{port}")
        return await asyncio.open_connection(parts.hostname or folder, port)

    cable = Cable(connect)
    await cable.mend()
    user, password = parts.username or "postgres", parts.password or ""
    store = await open_store(f"postgresql://{user}:{quote(password)}@127.0.0.1:{cable.port}{parts.path}")
    async with running_console(store, redis_url, city, catalog, tmp_path) as console:
        conversation = await console.queued()
        email, _ = await console.agent()
        ana, late = console.browser(), console.browser()
        await ana.sign_in(email)
        form = await late.get("/console/sign-in")
        one = f"/console/conversations/{conversation.id}"
        await ana.post(f"{one}/claim")
        await cable.cut()

        answers = [
            await ana.get("/console/"),
            await ana.get(one),
            await ana.post(f"{one}/reply", data={"text": "Hi"}),
            await late.post(
                "/console/sign-in", data={"csrf": form.csrf, "email": email, "password": "whatever it is"}
            ),
        ]
        scripted = await ana.post(f"{one}/reply", data={"text": "Hi"}, headers={"accept": "application/json"})

        for answer in answers:
            assert answer.status == 503
            assert "The database does not answer" in answer.visible
            assert "Traceback" not in answer.text and "asyncpg" not in answer.text
        assert scripted.status == 503 and '"unavailable"' in scripted.text

        await cable.mend()
        assert (await ana.post(f"{one}/reply", data={"text": "Hi"})).status == 200
        assert [message.text for message in await console.log(conversation) if message.author == "agent"] == [
            "Hi"
        ]
    await store.close()
    await cable.cut()
