"""Calls of our GeoReport v2 server, with what it must say about its own answer."""

import json
from typing import Any
from xml.etree.ElementTree import Element

import aiohttp
from defusedxml.ElementTree import fromstring

from tests.gateway.georeport.serving import KEY

FORM = {
    "api_key": KEY,
    "service_code": "pothole",
    "lat": "40.71",
    "long": "-74.01",
    "address_string": "8 Elm Street",
    "description": "A hole",
    "first_name": "Ana",
    "last_name": "López",
    "email": "ana@example.org",
    "phone": "555-9999",
    "attribute[size]": "large",
}


async def get(
    http: aiohttp.ClientSession, url: str, expected: int = 200, /, key: str = KEY, **query: str
) -> Any:
    async with http.get(url, params=query, headers={"X-Api-Key": key}) as response:
        body = await response.text()
        assert response.status == expected, body
        kind = "application/json" if url.endswith(".json") else "text/xml"
        assert response.headers["Content-Type"] == f"{kind}; charset=utf-8"
        return json.loads(body) if url.endswith(".json") else fromstring(body, forbid_dtd=True)


async def post(
    http: aiohttp.ClientSession, base: str, status: int = 200, form: str = "json", **fields: str | None
) -> Any:
    data = {name: value for name, value in (FORM | fields).items() if value is not None}
    async with http.post(f"{base}/requests.{form}", data=data) as response:
        body = await response.text()
        assert response.status == status, body
        return json.loads(body) if form == "json" else fromstring(body, forbid_dtd=True)


async def file(http: aiohttp.ClientSession, base: str, **fields: Any) -> str:
    (created,) = await post(http, base, **fields)
    return str(created["service_request_id"])


def texts(element: Element) -> dict[str, str | None]:
    return {child.tag: child.text for child in element}
