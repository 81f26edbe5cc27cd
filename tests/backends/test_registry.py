"""From city.yml to a back end, or a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from backends.base import Change
from backends.open311.client import Open311
from backends.registry import KINDS, BackendConfigError, build_backend, key_from


@dataclass(frozen=True)
class Config:
    name: str = "requests"
    kind: str = "open311"
    url: str = "https://city.example/v2"
    jurisdiction: str | None = None
    read_key: str | None = None
    statuses: Mapping[str, str] = field(default_factory=dict)
    request_updates: Mapping[Change, str] = field(default_factory=dict)
    read_updates: bool = False


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://city.example/v2", "k"),
        ("http://127.0.0.1:8080/open311/v2", "k"),
        ("http://localhost/v2", "k"),
        ("http://[::1]:80/v2", "k"),
        ("http://city.example/v2", None),
    ],
)
async def test_usable_addresses(session: aiohttp.ClientSession, url: str, key: str | None) -> None:
    assert isinstance(build_backend(Config(url=url), session, key), Open311)


@pytest.mark.parametrize(
    ("config", "key", "words"),
    [
        (Config(url="http://city.example/v2"), "k", "Use https"),
        (Config(url="http://127.0.0.1.city.example/v2"), "k", "Use https"),
        (Config(url="http://10.0.0.1/v2"), "k", "Use https"),
        (Config(kind="carrier-pigeon"), None, "unknown kind 'carrier-pigeon'"),
        (Config(url="city.example"), None, "must be like"),
        (Config(url="https://user:word@city.example/v2"), None, "must be like"),
        (Config(url="https://city.example:port/v2"), None, "must be like"),
        (Config(url="https://city.example/v2?key=1"), None, "must be like"),
    ],
)
async def test_unusable_settings_are_one_sentence(
    session: aiohttp.ClientSession, config: Config, key: str | None, words: str
) -> None:
    with pytest.raises(BackendConfigError, match=words):
        build_backend(config, session, key)


async def test_a_host_of_an_internal_network_is_named_on_purpose(session: aiohttp.ClientSession) -> None:
    config = Config(url="http://gateway:8080/open311/v2")
    with pytest.raises(BackendConfigError):
        build_backend(config, session, "k")
    assert build_backend(config, session, "k", private_hosts=["gateway"])


async def test_the_environment_s_address_wins(session: aiohttp.ClientSession) -> None:
    with pytest.raises(BackendConfigError, match="Use https"):
        build_backend(Config(), session, "k", url="http://city.example/v2")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("capability", "method"),
    [("lookup", "lookup"), ("tokens", "resolve_token"), ("updates", "updates"), ("withdraw", "withdraw"), ("complement", "complement")],
)  # fmt: skip
def test_a_kind_claims_what_it_has_a_method_for(kind: str, capability: str, method: str) -> None:
    # A method may be there that only some back ends of the kind support.
    assert hasattr(KINDS[kind], method) >= getattr(KINDS[kind].capabilities, capability)


def test_a_key_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret\n", encoding="utf-8")
    assert key_from({"K": "k"}, "K") == "k"
    assert key_from({"K_FILE": str(tmp_path / "key")}, "K") == "s3cret"
    (tmp_path / "city_key").write_text("mounted\n")
    assert key_from({"CIVICDESK_BACKEND_DIR": str(tmp_path)}, "CITY_KEY") == "mounted"
    assert key_from({"CIVICDESK_BACKEND_DIR": str(tmp_path)}, "OTHER_KEY") is None
    assert key_from({}, "K") is None and key_from({}, None) is None
    with pytest.raises(BackendConfigError, match="K_FILE"):
        key_from({"K_FILE": str(tmp_path / "none")}, "K")
