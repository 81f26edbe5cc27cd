"""Inboxes: where a channel's settings come from, and the sentence when one is missing."""

from pathlib import Path
from typing import ClassVar

import pytest

from channels.base import Capabilities, Channel, Inbound, Outbound, Request, Sent, Setting, Webhook
from channels.registry import CHANNELS, ChannelSetup, InboxError, declared, open_inboxes
from channels.table import BEGIN, DOCUMENT, END, main, table
from city import InboxConfig

TOKEN = "CIVICDESK_INBOX_TOWN_LINE_TOKEN"


class Pigeon:
    """A channel that needs a secret, a name, and has a default."""

    name: ClassVar[str] = "pigeon"
    capabilities: ClassVar[Capabilities] = Capabilities(text_length=10)
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("token", "The pigeon fancier shows it under Keys.", secret=True),
        Setting("loft", "The loft's number."),
        Setting("grain", "What it eats.", required=False, default="corn"),
    )

    def __init__(self, setup: ChannelSetup) -> None:
        self.setup = setup

    def verify(self, request: Webhook) -> None: ...

    def parse(self, request: Webhook) -> list[Inbound]:
        return []

    def render(self, message: Outbound) -> list[Request]:
        return []

    async def send(self, request: Request, key: str) -> Sent:
        return Sent()


KINDS = {**CHANNELS, "pigeon": Pigeon}


async def nobody(_: str) -> None: ...


def opened(*inboxes: InboxConfig, **environ: str) -> dict[str, Channel]:
    return open_inboxes(inboxes, environ, ChannelSetup(nobody, public_url="https://desk.example/"), KINDS)


def inbox(name: str = "town-line", **settings: str) -> InboxConfig:
    return InboxConfig(name=name, channel="pigeon", settings=settings)


def setup_of(channel: Channel) -> ChannelSetup:
    assert isinstance(channel, Pigeon)
    return channel.setup


def test_settings_come_from_the_environment_then_a_file_then_the_city_file_then_the_default(
    tmp_path: Path,
) -> None:
    (tmp_path / "token").write_text("from-a-file\n")
    found = opened(inbox(loft="7"), **{f"{TOKEN}_FILE": str(tmp_path / "token")})
    setup = setup_of(found["town-line"])
    assert setup.settings == {"token": "from-a-file", "loft": "7", "grain": "corn"}
    assert (setup.inbox, setup.webhook_url) == ("town-line", "https://desk.example/webhooks/town-line")
    found = opened(
        inbox(loft="7"),
        **{TOKEN: "given", f"{TOKEN}_FILE": "/nowhere", "CIVICDESK_INBOX_TOWN_LINE_LOFT": "8"},
    )
    assert setup_of(found["town-line"]).settings == {"token": "given", "loft": "8", "grain": "corn"}


def test_a_folder_holds_the_secrets_of_all_inboxes(tmp_path: Path) -> None:
    """As a container engine mounts it: a file each, named like the variable."""
    (tmp_path / "town_line_token").write_text("from-the-folder\n")
    (tmp_path / "other_line_token").write_text("another inbox's")
    found = opened(inbox(loft="7"), CIVICDESK_INBOX_DIR=str(tmp_path))
    assert setup_of(found["town-line"]).settings["token"] == "from-the-folder"
    named = tmp_path / "named"
    named.write_text("by-its-own-name")
    found = opened(inbox(loft="7"), CIVICDESK_INBOX_DIR=str(tmp_path), **{f"{TOKEN}_FILE": str(named)})
    assert setup_of(found["town-line"]).settings["token"] == "by-its-own-name"
    (tmp_path / "town_line_token").unlink()
    with pytest.raises(InboxError, match=f"or the file {tmp_path}/town_line_token"):
        opened(inbox(loft="7"), CIVICDESK_INBOX_DIR=str(tmp_path))
    (tmp_path / "town_line_token").write_bytes(b"\xff\xfe")
    with pytest.raises(InboxError, match=r"CIVICDESK_INBOX_DIR holds .* cannot be read"):
        opened(inbox(loft="7"), CIVICDESK_INBOX_DIR=str(tmp_path))


def test_several_inboxes_of_one_channel_have_their_own_secrets() -> None:
    found = opened(
        inbox("north", loft="1"),
        inbox("south", loft="2"),
        CIVICDESK_INBOX_NORTH_TOKEN="n",
        CIVICDESK_INBOX_SOUTH_TOKEN="s",
    )
    assert [setup_of(one).settings["token"] for one in found.values()] == ["n", "s"]


@pytest.mark.parametrize("value", [None, "", "   "])
def test_an_unset_secret_refuses_to_start_and_is_named(value: str | None) -> None:
    with pytest.raises(InboxError) as refused:
        opened(inbox(loft="7"), **({} if value is None else {TOKEN: value}))
    assert str(refused.value) == (
        f"The inbox 'town-line' needs {TOKEN} (or {TOKEN}_FILE). The pigeon fancier shows it under Keys."
    )


def test_a_missing_setting_says_both_places() -> None:
    with pytest.raises(InboxError, match=r"CIVICDESK_INBOX_TOWN_LINE_LOFT .* city.yml"):
        opened(inbox(), **{TOKEN: "t"})


def test_a_secret_in_the_city_file_is_refused_without_repeating_it() -> None:
    with pytest.raises(InboxError, match="make a new one") as refused:
        opened(inbox(loft="7", token="hunter2"), **{TOKEN: "t"})
    assert "hunter2" not in str(refused.value)


def test_an_unknown_setting_is_refused_with_those_it_knows() -> None:
    with pytest.raises(InboxError, match=r"'lofft' .* grain, loft, token"):
        opened(inbox(lofft="7"), **{TOKEN: "t"})


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InboxError, match=f"{TOKEN}_FILE names .*nothing"):
        opened(inbox(loft="7"), **{f"{TOKEN}_FILE": str(tmp_path / "nothing")})


def test_two_inboxes_never_share_a_secret_by_accident() -> None:
    class Cooing(Pigeon):
        settings: ClassVar[tuple[Setting, ...]] = (Setting("line_token", "x", secret=True),)

    kinds = {**KINDS, "cooing": Cooing}
    inboxes = (inbox(loft="7"), InboxConfig(name="town", channel="cooing"))
    with pytest.raises(InboxError, match=TOKEN):
        open_inboxes(inboxes, {TOKEN: "t"}, ChannelSetup(nobody), kinds)


def test_a_registry_line_tells_what_its_channel_needs() -> None:
    for name, factory in CHANNELS.items():
        if name != "web":
            assert isinstance(factory, type), f"write the class itself into the registry's line of {name}"
            assert declared(name), f"{name} says nothing of what it needs"
        assert all(one.help.endswith(".") for one in declared(name))
        secrets = [one.name for one in declared(name) if one.secret]
        assert all(not one.default for one in declared(name) if one.secret), secrets


def test_the_table_in_the_documentation_is_what_the_code_says() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text.split(BEGIN)[1].split(END)[0].strip() == table(), "run `make channels`"
    assert all(f"\n| {name} |" in table() for name in CHANNELS)


def test_the_table_is_written_in_place(tmp_path: Path) -> None:
    document = tmp_path / "channels.md"
    document.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    assert main(document) == 0
    assert document.read_text() == f"before\n{BEGIN}\n{table()}\n{END}\nafter\n"
