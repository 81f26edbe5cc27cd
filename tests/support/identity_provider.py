"""oidc-provider, a certified OpenID provider of another author, as a process on this machine; and a person at its pages."""

import contextlib
import html
import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import aiohttp

from launch.web import node_environment
from tests.support.ports import free_ports

PEERS = Path(__file__).parents[1] / "peers"
CLIENT, SECRET = "civicdesk", "a+secret/of the%tests, long enough"
SERVER = """
import { readFileSync } from "node:fs";
import Provider from "oidc-provider";
import { exportJWK, generateKeyPair } from "jose";
const { issuer, port, client, people } = JSON.parse(process.argv[1]);
const { privateKey } = await generateKeyPair("RS256", { extractable: true });
const jwk = { ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: `key-${process.pid}` };
const provider = new Provider(issuer, {
  clients: [client],
  jwks: { keys: [jwk] },
  cookies: { keys: ["a key of the tests"] },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
  scopes: ["openid", "email", "profile", "groups"],
  acrValues: ["urn:mace:incommon:iap:silver"],
  features: {
    devInteractions: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  pkce: { required: () => true },
  // It calls no machine of a private network, which is where its client is here.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  findAccount: (_, id) => {
    const claims = JSON.parse(readFileSync(people, "utf8"))[id];
    return claims && { accountId: id, claims: () => ({ sub: id, ...claims }) };
  },
});
provider.listen(port, "127.0.0.1");
"""
_FORM = re.compile(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
_INPUT = re.compile(r"<input[^>]*>")
_ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


@dataclass
class Provider:
    """A running provider. `people` is read anew for each sign-in: subject -> claims."""

    issuer: str
    people: Path
    settings: dict[str, Any]
    process: "subprocess.Popen[bytes] | None" = None

    def knows(self, subject: str, **claims: Any) -> None:
        """The provider's directory says this of a person from now on."""
        known = json.loads(self.people.read_text()) if self.people.exists() else {}
        known[subject] = claims
        self.people.write_text(json.dumps(known))

    def start(self) -> None:
        """With a new key each time."""
        assert (PEERS / "node_modules" / "oidc-provider").exists(), "run `make peers`"
        self.process = subprocess.Popen(
            ["node", "--input-type=module", "-e", SERVER, json.dumps(self.settings)],
            cwd=PEERS, env=node_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{self.issuer}/.well-known/openid-configuration", timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError("oidc-provider does not answer")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            self.process = None


@contextlib.contextmanager
def provider_process(folder: Path, redirect_uri: str, ended_uri: str, port: int) -> Iterator[Provider]:
    """A provider that knows one client: us."""
    issuer = f"http://127.0.0.1:{port}"
    client = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": [redirect_uri],
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        "backchannel_logout_uri": ended_uri,
        "backchannel_logout_session_required": True,
    }
    people = folder / "people.json"
    settings = {"issuer": issuer, "port": port, "client": client, "people": str(people)}
    provider = Provider(issuer, people, settings)
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()


def provider_port() -> int:
    """A free port for it."""
    return free_ports(1)[0]


async def sign_in_there(http: aiohttp.ClientSession, address: str, subject: str, stop: str) -> str:
    """Follow the provider's pages as `subject` until it leads to `stop`: that address, with its answer."""
    for _ in range(12):
        if address.startswith(stop):
            return address
        async with http.get(address, allow_redirects=False) as answer:
            text = await answer.text()
            leads = answer.headers.get("location")
        if not leads:
            leads = await _submit(http, address, text, {"login": subject, "password": "any"})
        address = urljoin(address, leads)
    raise AssertionError(f"the provider leads nowhere: {address}")


async def sign_out_there(http: aiohttp.ClientSession, issuer: str) -> None:
    """The person ends their session at the provider, which tells its clients."""
    async with http.get(f"{issuer}/session/end", allow_redirects=False) as answer:
        text = await answer.text()
    await _submit(http, f"{issuer}/session/end", text, {"logout": "yes"})


async def _submit(http: aiohttp.ClientSession, address: str, text: str, more: Mapping[str, str]) -> str:
    found = _FORM.search(text)
    assert found, text[:2_000]
    fields = [dict(_ATTRIBUTE.findall(tag)) for tag in _INPUT.findall(found[2])]
    data = {one["name"]: html.unescape(one.get("value", "")) for one in fields if "name" in one} | dict(more)
    async with http.post(
        urljoin(address, html.unescape(found[1])), data=data, allow_redirects=False
    ) as answer:
        assert answer.status in (200, 302, 303), (answer.status, (await answer.text())[:2_000])
        return answer.headers.get("location", "")
