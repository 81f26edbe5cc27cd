"""What a process writes to its log when something breaks: ids and the place in the code, never what was written."""

import json
import subprocess
import sys

import pytest

SAID = "my neighbour hides a peacock"
BREAK = f"""
import asyncio, gc, logging, structlog
from {{package}} import configure_logs
configure_logs()

def fail():
    raise ValueError({SAID!r})

async def nobody_waits():
    task = asyncio.ensure_future(asyncio.sleep(0))
    task.get_loop().call_exception_handler({{{{"message": "it broke", "exception": caught}}}})

async def dies():
    fail()

async def nobody_asks():
    await asyncio.wait([asyncio.ensure_future(dies())])
    gc.collect()

try:
    fail()
except ValueError as error:
    caught = error
    structlog.get_logger("ours").error("broke", error=type(error).__name__, exc_info=error)
    logging.getLogger("asyncpg").warning("theirs broke", exc_info=True)
    structlog.get_logger("ours").exception("broke_again")
asyncio.run(nobody_waits())
asyncio.run(nobody_asks())
"""


@pytest.mark.parametrize("package", ["desk.runtime.logs", "actions.logs"])
def test_a_line_names_the_error_and_its_place_and_quotes_nobody(package: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BREAK.format(package=package)], capture_output=True, text=True, check=True
    )
    assert SAID not in done.stderr
    assert "Traceback" not in done.stderr
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert lines[0]["event"] == "broke"
    assert lines[0]["error"] == "ValueError"
    assert lines[0]["where"].startswith("<string>:")
    assert [line["where"] for line in lines if line.get("event") == "broke_again"] == [lines[0]["where"]]
    assert len(lines) >= 3
    if package == "desk":
        assert [line.get("error") for line in lines] == ["ValueError"] * 5
        assert lines[-1]["event"] == "Task exception was never retrieved"
