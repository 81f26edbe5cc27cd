"""Sessions: made by the server, kept as a hash, never another citizen's."""

from datetime import timedelta

from tests.support.gateway import Citizen, RunningGateway


async def test_a_session_opens_and_its_token_is_kept_as_a_hash_alone(gateway: RunningGateway) -> None:
    citizen = await gateway.citizen("es")
    assert len(citizen.token) == 43
    assert (await citizen.poll())["state"]["language"] == "es"
    rows = await gateway.store.pool.fetch("SELECT token_hash FROM web_sessions")
    assert len(rows) == 1 and citizen.token.encode() not in rows[0]["token_hash"]


async def test_a_language_the_city_does_not_speak_counts_as_none(gateway: RunningGateway) -> None:
    citizen = await gateway.citizen("xx")
    assert (await citizen.poll())["state"]["language"] == "en"


WRONG = [
    None,
    "",
    "Bearer",
    "Bearer ",
    "Bearer x",
    "Basic dXNlcjpwYXNz",
    "Bearer " + "A" * 43,
    "Bearer " + "é" * 43,
    "Bearer " + "A" * 5000,
]


async def test_a_wrong_token_is_refused_everywhere(gateway: RunningGateway) -> None:
    for header in WRONG:
        headers = {"authorization": header} if header is not None else {}
        for method, path in (
            ("GET", "/chat/v1/messages"),
            ("POST", "/chat/v1/messages"),
            ("GET", "/chat/v1/stream"),
            ("POST", "/chat/v1/media"),
            ("GET", "/chat/v1/media/00000000-0000-4000-8000-000000000000"),
        ):
            async with gateway.http.request(method, gateway.base + path, headers=headers) as answer:
                assert answer.status == 401, (header, path)
                assert (await answer.json())["error"]["code"] == "session_over"
                assert answer.headers["www-authenticate"] == "Bearer"


async def test_an_expired_token_is_refused_and_a_used_one_lives_on(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    gateway.clock.shift = timedelta(days=29)
    assert (await citizen.get("/chat/v1/messages"))[0] == 200
    gateway.clock.shift = timedelta(days=58)
    assert (await citizen.get("/chat/v1/messages"))[0] == 200, "each use begins the thirty days anew"
    gateway.clock.shift = timedelta(days=89)
    status, body = await citizen.get("/chat/v1/messages")
    assert status == 401 and "Reload" in body["error"]["message"]


async def test_one_citizen_never_sees_another_ones_log(gateway: RunningGateway, citizen: Citizen) -> None:
    other = await gateway.citizen()
    await gateway.say(await citizen.contact_id(), "for the first alone")
    assert [m["text"] for m in (await citizen.poll())["messages"]] == ["for the first alone"]
    assert (await other.poll())["messages"] == []


async def test_a_broken_session_request_gets_a_sentence(gateway: RunningGateway) -> None:
    for body in (b"[", b"[]", b'"x"', b'{"language": 5}', b"\xff\xfe", b"[" * 4_000):
        async with gateway.http.post(f"{gateway.base}/chat/v1/session", data=body) as answer:
            assert answer.status == 400
            assert "could not be read" in (await answer.json())["error"]["message"]


async def test_config_says_what_the_widget_needs(gateway: RunningGateway) -> None:
    async with gateway.http.get(f"{gateway.base}/chat/v1/config") as answer:
        config = await answer.json()
    assert config["city"] == "Lindenport" and config["demo"] is True
    assert config["languages"] == [
        {"code": "en", "name": "English"},
        {"code": "es", "name": "Español"},
        {"code": "fr", "name": "Français"},
    ]
    assert config["limits"] == {"text": 2000, "photo_bytes": 10_485_760}
    assert config["emergency_number"] == "911" and config["greetings"] == {}
    assert config["office"]["open"] is (config["office"]["opens_at"] is None)
