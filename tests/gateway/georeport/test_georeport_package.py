"""The `georeport` package from PyPI, which was written independently, reads our server."""

import asyncio

import aiohttp
import pytest
from georeport import GeoReport

from desk.requests.book import RequestBook
from tests.gateway.georeport.calls import file
from tests.gateway.georeport.serving import SERVICES


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_the_package_reads_everything(
    http: aiohttp.ClientSession, base: str, book: RequestBook, form: str
) -> None:
    first = await file(http, base, description="Größe & <Tiefe>")
    second = await file(http, base, service_code="graffiti", **{"attribute[size]": None})
    await book.set_status(second, "closed")
    client = GeoReport(base, jurisdiction="lindenport.example", output_format=form)

    services = await asyncio.to_thread(client.get_service_list)
    assert [service["service_code"] for service in services] == list(SERVICES)
    definition = await asyncio.to_thread(client.get_service_definition, "pothole")
    attributes = definition["attributes"]
    attribute = attributes[0] if form == "json" else attributes["attribute"]
    assert attribute["code"] == "size"
    listed = await asyncio.to_thread(client.get_service_requests)
    assert {request["service_request_id"] for request in listed} == {first, second}
    closed = await asyncio.to_thread(client.get_service_requests, None, None, None, None, "closed")
    assert (closed[0] if form == "json" else closed)["service_request_id"] == second
    one = await asyncio.to_thread(client.get_service_request, first)
    assert one["status"] == "open" and one["service_code"] == "pothole"
    assert not one["description"], "the package has no way to send a key with a read"
