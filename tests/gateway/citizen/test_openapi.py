"""The API's description is true: an independent tester (schemathesis) makes requests from it, good and bad ones, and
compares every answer with it."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import msgspec

from gateway.citizen.contract import PageView
from gateway.citizen.openapi import description
from tests.support.gateway import Citizen, RunningGateway
from tests.support.photos import jpeg
from tests.support.waiting import eventually

# Whether a message is accepted depends on the conversation (a button that was offered, a language of the city), so
# that a message in the right form may still be refused: `positive_data_acceptance` is left out.
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "negative_data_rejection,ignored_auth,missing_required_header"
)
SECONDS = 60


async def _run(*command: str, cwd: Path | None = None, **environ: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | environ,
        cwd=cwd,
    )
    async with asyncio.timeout(SECONDS):
        out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def test_every_answer_is_as_described(gateway: RunningGateway, tmp_path: Path) -> None:
    async with gateway.http.get(f"{gateway.base}/chat/v1/openapi.json") as answer:
        document = await answer.json()
    assert document == description()
    del document["paths"]["/chat/v1/messages"]["get"]["parameters"][
        1
    ]  # "wait": each call would wait for news
    for other in ("stream", "end", "erase"):  # the first has no end, the others end the session
        del document["paths"][f"/chat/v1/{other}"]
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document))
    citizen = await gateway.citizen()
    status, said = await _run(
        *("-m", "schemathesis.cli", "run", str(file), "--url", gateway.base, "--checks", CHECKS),
        *("--header", f"Authorization: {citizen.headers['authorization']}", "--max-examples", "8"),
        *("--phases", "examples,coverage,fuzzing", "--seed", "1", "--workers", "2", "--no-color"),
        *("--generation-database", "none", "--suppress-health-check", "filter_too_much"),
        cwd=tmp_path,  # it keeps a cache where it runs
    )
    assert status == 0, said
    found = re.search(r"(\d+) generated, (\d+) passed", said)
    assert found and found[1] == found[2] and int(found[1]) > 100, said
    # It reached the desk, and not only the refusals.
    assert len(await gateway.events()) > 0


async def test_answers_with_everything_have_the_described_form(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    _, photo = await citizen.upload(jpeg())
    await citizen.post(text="It is here", media=[photo["media"]])
    source = {"title": "Bins", "url": "https://a.example/", "reviewed_on": "2026-10-05", "stale": False}
    await gateway.say(await citizen.contact_id(), "On Tuesday.", content={"source": source})
    page = await citizen.poll()
    assert page["messages"]
    msgspec.convert(page, PageView, strict=True)


async def test_the_example_client_in_the_docs_works(gateway: RunningGateway) -> None:
    asking = asyncio.create_task(_run("docs/chat_client.py", gateway.base + "/", "When is my bin collected?"))
    contact = await eventually(lambda: gateway.store.pool.fetchval("SELECT contact_id FROM events"))
    await gateway.say(contact, "On Tuesday.")
    assert await asking == (0, "bot: On Tuesday.\n")
    too_long = await _run("docs/chat_client.py", gateway.base, "x" * 2_001)
    assert too_long == (1, "Your message is too long. Shorten it to 2,000 characters and send it again.\n")
    lines = Path("docs/chat_client.py").read_text().splitlines()
    assert sum(bool(line.strip()) for line in lines) <= 40
