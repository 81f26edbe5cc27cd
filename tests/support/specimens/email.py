"""E-mail, with the limits of RFC 5322 and RFC 5321."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from channels.base import Request, Webhook
from tests.support.mail_side import CITIZEN, SECRET, SETTINGS, arrival, fixture, mail, smtp_server
from tests.support.specimens.base import Case, Shown, Specimen


def forgeries(body: bytes) -> Mapping[str, Webhook]:
    good = arrival(body)
    return {
        "posted from outside": Webhook({}, good.body),
        "another secret": arrival(body, secret=SECRET + "x"),
        "another mail": Webhook(good.headers, good.body.replace(b"{", b'{"x":1,', 1)),
        "another place": Webhook({**good.headers, "x-civicdesk-mail": "7.43"}, good.body),
        "nonsense": Webhook({**good.headers, "x-civicdesk-mail-signature": "ü"}, good.body),
    }


def within(request: Request) -> None:
    payload: Any = request.payload
    assert request.operation == "mail" and payload["to"] == CITIZEN
    for name in ("to", "message_id", "reply_to", "subject", "language", *payload["references"]):
        assert not {"\r", "\n", "\0"} & set(str(payload.get(name, name)))
    assert len(payload["reply_to"].partition("@")[0]) <= 64
    assert len(payload["message_id"]) <= 250 and len(payload["subject"]) <= 200


def shown(requests: Sequence[Request]) -> Shown:
    (request,) = requests
    payload: Any = request.payload
    return Shown(payload["text"], (), [one["url"] for one in payload["images"]])


@asynccontextmanager
async def provider(case: Case) -> AsyncIterator[Mapping[str, str]]:
    async with smtp_server() as server:
        match case:
            case "busy":
                server.answers["RCPT"] = "451 4.7.1 Greylisted, try again"
            case "failing":
                server.answers["MAIL"] = "421 4.3.0 Going down"
            case "silent":
                server.silent = True
            case "refuses":
                server.answers["RCPT"] = "550 5.1.1 No such user"
            case "broken":
                server.answers["AUTH"] = "535 5.7.8 Bad credentials"
        yield {"smtp_port": str(server.port)}


SPECIMEN = Specimen(
    channel="email",
    settings=SETTINGS,
    contact=CITIZEN,
    deliver=arrival,
    forgeries=forgeries,
    signs_with=("thread_secret",),
    batch=(mail("pothole 1"), ["pothole 1"]),
    unknown=[
        fixture("out_of_office"),
        mail(List_Id="<everybody.example>"),
        mail(Precedence="bulk"),
        mail(From="MAILER-DAEMON@mail.example", Return_Path="<>"),
    ],
    unread=[
        mail(body=" "),
        mail(
            "--b\nContent-Type: application/pdf; name=letter.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0=\n--b--\n",
            Subject="Re: Lamp",
            References="<1@lindenport.example>",
            Content_Type="multipart/mixed; boundary=b",
        ),
    ],
    within=within,
    shown=shown,
    provider=provider,
    fuzz=False,
    posted=False,
    unreachable={"smtp_port": "9"},
)
