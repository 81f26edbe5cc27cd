"""Abuse in the console: warn, end and block, and a supervisor who ends the block."""

from desk.model import Conversation
from tests.support.console import RunningConsole


def _path(conversation: Conversation, act: str = "") -> str:
    return f"/console/conversations/{conversation.id}{'/' + act if act else ''}"


async def test_warn_block_and_end_the_block(console: RunningConsole) -> None:
    conversation = await console.queued(name="Max")
    ana = await console.signed_in()
    assert (await ana.post(_path(conversation, "warn"))).status == 409
    await ana.post(_path(conversation, "claim"))
    assert "The citizen was warned." in (await ana.post(_path(conversation, "warn"))).visible
    assert (await ana.post(_path(conversation, "block"), data={"hours": "999"})).status == 422
    done = await ana.post(_path(conversation, "block"), data={"hours": "168"})
    assert "Ended. The citizen was told" in done.visible
    page = await ana.get(_path(conversation))
    assert "Blocked until" in page.visible and "End the block" not in page.visible
    assert (await ana.post(_path(conversation, "unblock"))).status == 404
    boss = await console.signed_in("Kim Park", role="supervisor")
    assert "End the block" in (await boss.get(_path(conversation))).visible
    assert "Blocked until" not in (await boss.post(_path(conversation, "unblock"))).visible
