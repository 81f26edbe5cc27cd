"""A GeoReport server over a real socket whose every answer is set by the test. Strict about what it is sent."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.support.waiting import forever

SERVICES = (
    '[{"service_code":"001","service_name":"Pothole","description":"A hole","metadata":true,'
    '"type":"realtime","keywords":"","group":"streets"},'
    '{"service_code":"002","service_name":"Graffiti","description":"","metadata":false,"type":"realtime"},'
    '{"service_code":"003","service_name":"Thanks","description":"","metadata":"false","type":"blackbox"}]'
)
DEFINITION = (
    '{"service_code":"001","attributes":['
    '{"variable":true,"code":"WHEN","datatype":"datetime","required":"false","order":3,"description":"When","values":null},'
    '{"variable":false,"code":"INFO","datatype":"string","required":false,"order":1,"description":"Read this"},'
    '{"variable":true,"code":"SIZE","datatype":"singlevaluelist","required":"true","order":2,"description":"How big",'
    '"values":[{"key":1,"name":"Small"},{"key":"2","name":"Large"}]},'
    '{"variable":true,"code":"WHO","datatype":"multivaluelist","required":false,"order":4,"description":"Who",'
    '"values":[{"key":"a","name":"Cars"},{"key":"b","name":"Bikes"}]},'
    '{"variable":true,"code":"DEEP","datatype":"number","required":false,"order":5,"description":"How deep"}]}'
)

HttpResponse = Callable[[web.Request], Awaitable[web.StreamResponse]]


def reply(
    body: str | bytes,
    status: int = 200,
    kind: str = "application/json",
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """An answer with exactly this body and label."""
    data = body.encode() if isinstance(body, str) else body

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=data, status=status, headers={"Content-Type": kind, **(headers or {})})

    return answer


@dataclass
class FakeGeoReport:
    """`answers` maps "GET services.json" to what is answered; calls and creates are recorded."""

    answers: dict[str, HttpResponse] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    creates: list[list[tuple[str, str]]] = field(default_factory=list)
    read_keys: list[str | None] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self.answers = {"GET services.json": reply(SERVICES), "GET services/001.json": reply(DEFINITION)}

    def form(self, place: int = -1) -> dict[str, str]:
        """The fields of a create."""
        return dict(self.creates[place])

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = f"{request.method} {request.raw_path.partition('?')[0].removeprefix('/v2/')}"
        self.calls.append(name)
        self.queries.append(dict(request.query))
        assert "api_key" not in request.query_string, "a key in an address is a key in every log"
        if request.method == "GET":
            self.read_keys.append(request.headers.get("X-Api-Key"))
        if request.method == "POST":
            assert request.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
            self.creates.append(
                parse_qsl(
                    (await request.read()).decode("utf-8"),
                    strict_parsing=True,
                    encoding="utf-8",
                    errors="strict",
                )
            )
        answer = self.answers.get(name)
        return (
            await answer(request) if answer else web.Response(status=404, text="<html>404 Not Found</html>")
        )


@asynccontextmanager
async def serve(fake: FakeGeoReport) -> AsyncIterator[FakeGeoReport]:
    """Listen on loopback while the block runs."""
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", fake.handle)
    server = TestServer(app)
    await server.start_server()
    fake.url = str(server.make_url("/v2"))
    try:
        yield fake
    finally:
        await server.close()


async def never(request: web.Request) -> web.StreamResponse:
    """Says nothing until the client leaves."""
    await forever()
