"""Cookies and headers: what a browser is told to allow."""

from pathlib import Path

import aiohttp
import pytest

from city import City
from desk.knowledge.catalogue import Catalog
from desk.store.pool import Store
from tests.support.console import RunningConsole, running_console


@pytest.mark.parametrize(
    "path",
    [
        "/console/",
        "/console/?tab=mine",
        "/console/answers",
        "/console/requests",
        "/console/list",
        "/console/search",
    ],
)
async def test_pages_load_nothing_foreign_and_are_not_cached(console: RunningConsole, path: str) -> None:
    answer = await (await console.signed_in(role="supervisor")).get(path)
    assert answer.status == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "style-src 'self'" in policy
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "style=" not in answer.text and "onclick" not in answer.text


async def test_over_https_the_cookie_is_bound_to_this_host(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> None:
    for secure in (True, False):
        async with running_console(store, redis_url, city, catalog, tmp_path, secure=secure) as console:
            email, _ = await console.agent()
            name = "__Host-civicdesk_agent" if secure else "civicdesk_agent"
            token = await _token(console, email)
            assert token.startswith(f"{name}=")
            assert ("; Secure" in token, "; Path=/;" in token + ";") == (secure, secure)
            assert "; HttpOnly" in token and "; SameSite=Lax" in token and "Domain" not in token


async def test_over_https_a_cookie_that_any_subdomain_may_plant_is_not_read(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> None:
    async with running_console(store, redis_url, city, catalog, tmp_path, secure=True) as console:
        email, _ = await console.agent()
        value = (await _token(console, email)).split("=", 1)[1].split(";")[0]
        for name, status in (
            ("__Host-civicdesk_agent", 200),
            ("civicdesk_agent", 303),
            ("__Secure-civicdesk_agent", 303),
        ):
            headers = {"cookie": f"{name}={value}", "accept": "text/html"}
            async with aiohttp.request(
                "GET", f"{console.base}/console/", headers=headers, allow_redirects=False
            ) as answer:
                assert answer.status == status, name


async def _token(console: RunningConsole, email: str) -> str:
    """The Set-Cookie line of a sign-in; cookies are carried by hand, as this test speaks plain HTTP."""
    from tests.support.console import PASSWORD, Answer

    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        async with http.get(f"{console.base}/console/sign-in") as form:
            page = Answer(form.status, "", form.headers, await form.text())
            cookie = form.headers["set-cookie"].split(";")[0]
        data = {"csrf": page.csrf, "email": email, "password": PASSWORD}
        async with http.post(
            f"{console.base}/console/sign-in", data=data, headers={"cookie": cookie}, allow_redirects=False
        ) as answer:
            assert answer.status == 303
            return next(line for line in answer.headers.getall("set-cookie") if "civicdesk_agent" in line)
