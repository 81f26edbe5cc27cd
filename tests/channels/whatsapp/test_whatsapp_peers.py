"""WhatsApp judged by the descriptions of tests/support/described (served by Prism) and by pywa, a library of another author."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from channels.base import Button, MediaRef, Outbound, Request, Template
from channels.meta.graph import Refuse, Stop, Wait
from channels.whatsapp.channel import CODES, WhatsAppChannel
from tests.support.described import description, validator
from tests.support.prism import prism
from tests.support.specimens.meta_common import APP_SECRET, deliver, forgeries
from tests.support.specimens.whatsapp import BATCH, PERSON, SPECIMEN

# A server to start and a library to import: nothing for the inner loop.
pytestmark = pytest.mark.slow

WEBHOOK = "https://desk.lindenport.example/webhooks/whatsapp"
CHOICES = tuple(Button(f"b{number}", f"Choice number {number}") for number in range(1, 14))
PHOTO = MediaRef("m1", "image/jpeg", None, "https://desk.lindenport.example/media/m1")
LETTER = MediaRef("m2", "application/pdf", "letter.pdf", "https://desk.lindenport.example/media/m2")


@pytest.fixture(scope="module")
def meta(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prism(description("whatsapp"), tmp_path_factory.mktemp("meta")) as url:
        yield url


def every_shape() -> list[Request]:
    """Each request our code can build."""
    channel = SPECIMEN.open()
    assert isinstance(channel, WhatsAppChannel)
    message = SPECIMEN.message
    outbound: list[Outbound] = [
        message(),
        message("ü" * 9_000),
        message(buttons=CHOICES[:3]),
        message("ü" * 5_000, buttons=CHOICES[:1]),
        message(buttons=(Button("b1", "A title that is longer than twenty characters"),)),
        message(buttons=CHOICES[:10], language="sw"),
        message(buttons=CHOICES),
        message(asks_location=True),
        message(asks_location=True, buttons=CHOICES[:2]),
        message(media=(PHOTO,)),
        message("", media=(PHOTO, LETTER)),
        message(media=(PHOTO,), buttons=CHOICES[:2]),
        message(window_open=False, template=Template("case_update", "pt-BR", ("SR-1234", "fixed"))),
        message(window_open=False, template=Template("welcome", "en")),
    ]
    requests = [request for one in outbound for request in channel.render(one)]
    number = Outbound("id", "16505551234", "To a telephone number", "en")
    return [*requests, *channel.render(number), *channel.typing(PERSON, "wamid.HBgL", {})]


async def test_every_request_is_taken_by_the_description_of_metas_calls(meta: str) -> None:
    async with aiohttp.ClientSession() as http:
        channel = SPECIMEN.open(http, api_url=meta)
        requests = every_shape()
        assert {one.payload.get("type") for one in requests} >= {
            "text",
            "image",
            "document",
            "interactive",
            "template",
        }
        for number, request in enumerate(requests):
            sent = await channel.send(request, f"4b6f3d0e-0000-4000-8000-000000000001:{number}")
            assert sent.external_id or request.payload.get("status") == "read", request


async def test_what_is_checked_and_registered_is_taken_too(meta: str) -> None:
    async with aiohttp.ClientSession() as http:
        channel = SPECIMEN.open(http, api_url=meta)
        assert isinstance(channel, WhatsAppChannel)
        assert [one.fine for one in await channel.register(WEBHOOK)] == [True]
        number, webhook = (await channel.check(WEBHOOK))[-2:]
        assert number.fine
        # The description's example is subscribed elsewhere.
        assert not webhook.fine and "Register" in webhook.todo
        source = await channel.media(MediaRef("1003383421387256", "image/jpeg"))
        assert source.url and "lookaside.fbsbx.com" in source.hosts


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": None, "recipient": None},
        {"recipient_type": None},
        {"type": "text", "text": {"corpus": "?"}},
        {
            "type": "interactive",
            "text": None,
            "interactive": {"type": "button", "body": {"text": "x" * 1025}},
        },
        {"text": {"body": "x" * 4_097}},
        {"text": {"body": "x", "colour": "green"}},
        {"recipient": "no user id"},
        {"to": "16505551234"},
        {"biz_opaque_callback_data": "x" * 513},
        {"unknown": True},
    ],
)
async def test_the_description_refuses_what_is_wrong(meta: str, wrong: dict[str, Any]) -> None:
    """Prism would prove nothing if it accepted everything."""
    (request,) = SPECIMEN.open().render(SPECIMEN.message())
    payload = {name: value for name, value in {**request.payload, **wrong}.items() if value is not None}
    async with (
        aiohttp.ClientSession(headers={"Authorization": "Bearer x", "User-Agent": "civicdesk/0.1.0"}) as http,
        http.post(f"{meta}/v23.0/1/messages", json=payload) as answer,
    ):
        assert answer.status == 422


def test_our_fixtures_are_what_meta_documents() -> None:
    judge = validator("whatsapp_webhook")
    fixtures = {name: json.loads(body) for name, body in SPECIMEN.fixtures().items()}
    for name, document in {**fixtures, "batch": json.loads(BATCH)}.items():
        assert [error.message for error in judge.iter_errors(document)] == [], name


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("text",), None),
        (("text", "body"), 5),
        (("type",), "image"),
        (("timestamp",), 1795363200),
        (("from_user_id",), None),
        (("id",), "no wamid"),
        (("extra",), 1),
        (("text", "extra"), 1),
    ],
)
def test_the_schema_refuses_what_meta_would_not_post(path: tuple[str, ...], wrong: object) -> None:
    document = json.loads(SPECIMEN.fixtures()["text"])
    place = document["entry"][0]["changes"][0]["value"]["messages"][0]
    for step in path[:-1]:
        place = place[step]
    if wrong is None:
        del place[path[-1]]
    else:
        place[path[-1]] = wrong
    assert not validator("whatsapp_webhook").is_valid(document)


# --- pywa

# It wants a user id in every message and people beside every status; Meta documents both as optional.
PYWA_CANNOT = {"user_id_changed", "text_without_user_id", "status_failed", "staff_line_to_a_number"}
# It takes a digest without the algorithm's name, which Meta never sends.
PYWA_TAKES = {"without its prefix"}


def pywa_reads(body: bytes) -> Any:
    """What pywa makes of a webhook: one of its own update objects."""
    from pywa import WhatsApp, types

    client = WhatsApp(phone_id="106540352242922", token="x", filter_updates=False)
    seen: list[Any] = []
    client.on_raw_update(lambda _, update: None)  # type: ignore[misc]  # pywa types its `self` as None
    for kind in (
        "on_message",
        "on_callback_button",
        "on_callback_selection",
        "on_message_status",
        "on_phone_number_change",
        "on_edited_message",
        "on_deleted_message",
        "on_outgoing_message",
        "on_outgoing_edited_message",
        "on_outgoing_deleted_message",
    ):
        getattr(client, kind)(lambda _, update: seen.append(update))
    assert client.webhook_update_handler(body) == ("ok", 200)
    assert types and len(seen) == 1, "pywa cannot read it"
    return seen[0]


@pytest.mark.parametrize("name", sorted(set(SPECIMEN.fixtures()) - PYWA_CANNOT))
def test_pywa_reads_the_same(name: str) -> None:
    body = SPECIMEN.fixtures()[name]
    (ours,) = SPECIMEN.open().parse(deliver(body))
    theirs = pywa_reads(body)
    if ours.kind == "receipt":
        assert ours.receipt is not None
        assert ours.receipt[0] in (theirs.id, theirs.tracker)
        assert (ours.receipt[1], theirs.status.value) in {
            (one, one) for one in ("sent", "delivered", "read", "failed")
        } | {("read", "played")}
        assert ours.reason == (f"code {theirs.error.code}" if theirs.error else None)
        return
    assert ours.external_id.removesuffix(":echo") == theirs.id
    assert ours.sent_at in (None, theirs.timestamp.astimezone(UTC))
    if ours.kind == "contact":
        assert (ours.contact, ours.moved_to) == (theirs.old_wa_id, theirs.new_wa_id)
    elif ours.kind in ("message", "button"):
        assert (ours.contact, ours.name) == (theirs.from_user.bsuid, theirs.from_user.name)
        _same_content(ours, theirs.message if ours.edits else theirs)
    elif ours.kind == "staff":
        assert (ours.ref, ours.contact) == (theirs.id, theirs.to_user.bsuid)
        assert ours.text == (theirs.text or theirs.caption) and bool(ours.unshown) == theirs.has_media


def _same_content(ours: Any, theirs: Any) -> None:
    if ours.kind == "button":
        assert (ours.button, ours.text) == (theirs.data, theirs.title)
        return
    if theirs.contacts:
        assert all(one.name.formatted_name in ours.text for one in theirs.contacts)
        return
    assert ours.text in (None, theirs.text, theirs.caption)
    if theirs.type.value == "text":
        assert ours.text == theirs.text
    if theirs.location:
        assert (ours.location.latitude, ours.location.longitude) == (
            theirs.location.latitude,
            theirs.location.longitude,
        )
    for file in (theirs.image, theirs.document, theirs.audio):
        if file:
            assert [one.id for one in ours.media] == [file.id]
            assert file.mime_type.startswith(ours.media[0].content_type)


def test_the_description_takes_what_pywa_sends(meta: str) -> None:
    """Or the description would be our code's mirror."""
    import httpx
    from pywa import WhatsApp, types

    class ToPrism(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            request.url = httpx.URL(f"{meta}{request.url.raw_path.decode()}")
            return super().handle_request(request)

    statuses: list[int] = []
    hooks = {"response": [lambda response: statuses.append(response.status_code)]}
    with httpx.Client(transport=ToPrism(), event_hooks=hooks) as session:
        client = WhatsApp(phone_id="106540352242922", token="x", session=session, api_version=23.0)
        client.send_text("16505551234", "Hello")
        client.send_image("16505551234", "https://desk.lindenport.example/media/m1", caption="A lamp")
        client.send_document("16505551234", "https://desk.lindenport.example/media/m2", filename="letter.pdf")
        client.send_text(
            "16505551234", "Which?", buttons=[types.Button("Yes", "b1"), types.Button("No", "b2")]
        )
        client.request_location("16505551234", "Where?")
        client.mark_message_as_read("wamid.HBgL")
        client.indicate_typing("wamid.HBgL")
    assert statuses == [200] * 7


def test_pywa_signs_and_judges_as_we_do() -> None:
    from pywa import utils

    for body in SPECIMEN.fixtures().values():
        right = deliver(body).headers["x-hub-signature-256"]
        assert utils.webhook_updates_validator(APP_SECRET, body, right)
        for what, forged in forgeries(body).items():
            given = forged.headers.get("x-hub-signature-256", "")
            if given.isascii() and what not in PYWA_TAKES:
                assert not utils.webhook_updates_validator(APP_SECRET, forged.body, given), what


def test_pywa_knows_the_codes_of_our_table() -> None:
    """Our table names no code that pywa does not know, and both agree on which family stops everything."""
    from pywa import errors

    for code, verdict in CODES.items():
        assert isinstance(code, int)
        theirs = errors.WhatsAppError._get_exception(code)
        match verdict:
            case Stop():
                blocked = (errors.AuthorizationError, errors.IntegrityError)
                assert issubclass(theirs, blocked) or code in (131042, 131005), code
            case Wait():
                waits = (
                    errors.ThrottlingError,
                    errors.GenericError,
                    errors.UnknownError,
                    errors.ServiceUnavailable,
                )
                # 1 and 2 are the Graph API's own; 131057 is maintenance.
                assert issubclass(theirs, waits) or code in (1, 2, 131057), code
            case Refuse():
                assert not issubclass(theirs, errors.AuthorizationError | errors.IntegrityError), code


def test_time_is_utc() -> None:
    (found,) = SPECIMEN.open().parse(deliver(SPECIMEN.fixtures()["text"]))
    assert found.sent_at == datetime.fromtimestamp(1_795_363_200, UTC)
