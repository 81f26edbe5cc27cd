"""A channel consists of a few short modules of our own, without a platform's library."""

import re
from pathlib import Path

LONGEST = 250  # lines


def test_every_module_of_a_channel_is_short() -> None:
    modules = {str(path): len(path.read_text().splitlines()) for path in Path("channels").rglob("*.py")}
    assert len(modules) > 20
    assert not {name: lines for name, lines in modules.items() if lines >= LONGEST}


LIBRARIES = {
    *("pywa", "twilio", "line-bot-sdk", "aiogram", "python-telegram-bot", "fbmessenger", "facebook-business"),
    *("heyoo", "pytelegrambotapi", "telethon", "messengerapi", "slack-sdk", "viberbot", "tweepy"),
}
"""What platforms, and others, offer for these channels."""


def test_no_chat_library_runs_with_the_product_and_five_judge_it() -> None:
    def pinned(file: str) -> set[str]:
        found = re.findall(r"(?m)^([A-Za-z0-9._-]+)==", Path("requirements", file).read_text())
        return {name.lower() for name in found}

    assert "aiohttp" in pinned("app.txt") and not pinned("app.txt") & LIBRARIES
    assert pinned("dev.txt") & LIBRARIES == {
        "pywa",
        "twilio",
        "line-bot-sdk",
        "aiogram",
        "python-telegram-bot",
    }
