"""Builds the providers that city.yml names. Their addresses are fixed at start: nothing that anybody writes to the
desk can change where a text is sent."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from backends.open311.http import keeps_secret
from city import City
from desk.assist import chat_completions, libretranslate
from desk.assist.calls import JsonCalls
from desk.assist.chat_completions import ChatCompletions
from desk.assist.libretranslate import LibreTranslate
from desk.assist.providers import Assistants
from desk.settings import file_secrets


class AssistConfigError(LookupError):
    """One sentence for the operator: which setting, and what to fix."""


def build_assistants(city: City, environ: Mapping[str, str], private_hosts: Iterable[str] = ()) -> Assistants:
    """The city's providers. `private_hosts` are hosts of an internal network, which may be reached without TLS. Raises
    AssistConfigError."""
    hosts = tuple(private_hosts)
    translator, drafter = None, None
    if one := city.translation:
        host = _host("translation", one.url, hosts)
        calls = JsonCalls(one.url, libretranslate.SECONDS)
        translator = LibreTranslate(host, calls, _key("translation", one.api_key_env, environ))
    if two := city.drafting:
        host = _host("drafting", two.url, hosts)
        key = _key("drafting", two.api_key_env, environ)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        calls = JsonCalls(two.url, chat_completions.SECONDS, headers)
        drafter = ChatCompletions(f"{two.model} at {host}", calls, two.model)
    return Assistants(translator, drafter, city.translation.languages if city.translation else ())


def _host(setting: str, url: str, private_hosts: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
        _ = parts.port
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise AssistConfigError(f"'{setting}' in city.yml: the url must be like https://host/path.")
    if not keeps_secret(url, private_hosts):
        raise AssistConfigError(
            f"'{setting}' in city.yml: the url does not use https. Use https; otherwise anyone on the network can read what citizens write. "
            "A host on an internal network can be listed in CIVICDESK_PRIVATE_HOSTS."
        )
    return parts.hostname or ""


def _key(setting: str, name: str | None, environ: Mapping[str, str]) -> str | None:
    if name is None:
        return None
    key = environ.get(name) or file_secrets(environ, [name]).get(name)
    if not key or not key.isascii() or not key.isprintable():
        raise AssistConfigError(
            f"{name} is not set, or is no key. Set it for '{setting}', or name a file in {name}_FILE."
        )
    return key
