"""Senders that get no answer, and delivery reports about our own mails."""

import pytest

from channels.base import (
    Undeliverable,
    Unshown,
)
from channels.mail.robots import ANSWERS_AN_HOUR
from tests.support.mail_side import (
    ADDRESS,
    CITIZEN,
    OURS,
    THREADS,
    TOKEN,
    channel,
    mail,
    one,
    outbound,
    parse,
    sent,
    smtp_server,
)

# Whom not to answer


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (rejected)"},
        {"Precedence": "Bulk"},
        {"Precedence": "list"},
        {"Precedence": "junk"},
        {"List_Id": "Everybody <everybody.lists.example>"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@mail.example"},
        {"From": "no-reply@shop.example"},
        {"From": f"City <{ADDRESS}>"},
        {"From": "help+anything@lindenport.example"},
        {"Content_Type": "multipart/report; report-type=disposition-notification; boundary=b"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Reply": "yes"},
        {"X_Vacation": "yes"},
        {"X_Mailer": "vacation 1.2"},
        {"From": "post_master@carrier.example"},
        {"From": "Mail-Daemon@carrier.example"},
        {"From": "noreplies@shop.example"},
        {"From": "auto_reply@shop.example"},
        {"Subject": "Automatic reply: Lamp"},
        {"Subject": "Out of office"},
        {"Subject": "Re: Respuesta automática: Farola"},
        {"Subject": "Réponse automatique : Lampadaire"},
        {"Subject": "Abwesenheitsnotiz: Laterne"},
        {"Subject": "Automatisch antwoord: Lamp"},
        {"Subject": "Автоматический ответ: Фонарь"},
        {"Subject": "[Autosvar] Lampe"},
        {"Subject": "Automatiskt svar: Lampa"},
        {"Subject": "自动回复: 路灯"},
        {"Subject": "Otomatik yanıt: Lamba"},
        {"Subject": "Afwezigheidsbericht: Lamp"},
        {"Subject": "OOO: Lamp"},
        {"From": "ne-pas-repondre@shop.example"},
        {"From": "noresponder@shop.example"},
        {"From": "nicht-antworten@shop.example"},
        {"Subject": "Out of Office Re: Lamp"},
        {"Content_Type": "text/calendar; method=REPLY"},
        {"Content_Type": "message/feedback-report"},
    ],
)
def test_a_robot_is_never_answered(headers: dict[str, str]) -> None:
    got = one(mail(**headers))
    assert got.kind == "ignored" and got.reason
    assert got.evidence, "an agent sees which header decided"
    if got.contact != ADDRESS and not headers.get("Content_Type"):
        assert got.text, "an agent can still take it"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"X_Auto_Response_Suppress": "DR, RN, NRN"},
        {"X_Auto_Response_Suppress": "All"},  # Exchange adds it to what people write
        {"Return_Path": f"<{CITIZEN}>"},
        {"Precedence": "first-class"},
        {"From": "bouncer@club.example"},
        {"Reply_To": "mallory@evil.example"},
        {"Subject": "Absence of a ramp at the library"},
        {"Subject": "Poissa Street is dark"},
        {"Subject": "Out of order: the lift"},
        {"Subject": "Absence du bureau de poste le samedi"},
        {"Subject": "Vacation rental noise"},
        {"Subject": "Delivery failure of my bin"},
        {"Subject": "Automatic reply is broken on your page"},
        {"Subject": "Abwesenheit vom Unterricht"},
        {"Subject": "Away game: the noise"},
        {"Subject": "Vacation home tax"},
        {"From": "postmaster.general@mail.example"},
    ],
)
def test_a_person_is(headers: dict[str, str]) -> None:
    got = one(mail(**headers))
    assert got.kind == "message" and got.contact == headers.get("From", CITIZEN)


def test_the_citys_own_list_brings_people() -> None:
    listed = {"List_Id": "Help <help.lindenport.example>", "Precedence": "list"}
    own = channel(lists="help.lindenport.example, other.example")
    got = one(mail(**listed), own)
    assert got.kind == "message" and got.thread["quiet"] == "list" and "mailing list" in (got.note or "")
    assert own.withholds(outbound(thread=got.thread)) and not own.withholds(
        outbound(thread=got.thread, human=True)
    )
    assert not own.withholds(outbound(thread={}))
    assert one(mail(**listed)).kind == "ignored"
    assert one(mail(List_Id="<news.shop.example>"), own).kind == "ignored"
    assert one(mail(**listed, Auto_Submitted="auto-replied"), own).kind == "ignored"
    assert one(mail(), own).thread.get("quiet") is None


def test_a_list_that_writes_its_own_address_into_from_does_not_merge_people() -> None:
    """Groups do so for people whose domain has a strict policy (DMARC)."""
    own = channel(lists="help.lindenport.example", authority="mx.lindenport.example")
    listed = {"List_Id": "Help <help.lindenport.example>", "From": f"'Ana Diaz' via Help <{ADDRESS}>"}
    proof = {"Authentication_Results": "mx.lindenport.example; dmarc=pass"}
    for name in ("X_Original_From", "X_Original_Sender", "Reply_To"):
        got = one(mail(**listed, **proof, **{name: f"Ana <{CITIZEN}>"}), own)
        assert (got.kind, got.contact, got.proven, got.email) == ("message", CITIZEN, False, None)
    assert one(mail(**listed), own).kind == "ignored"
    # Without the list nobody may name another author.
    assert one(mail(X_Original_From="<bo@mail.example>"), own).contact == CITIZEN


def test_an_invitation_is_a_message_and_an_answer_to_one_is_not() -> None:
    def calendar(method: str) -> bytes:
        return mail(
            "--b\nContent-Type: text/plain\n\nCome to the opening.\n"
            f"--b\nContent-Type: text/calendar; method={method}; name=invite.ics\n\nBEGIN:VCALENDAR\n--b--\n",
            Content_Type="multipart/mixed; boundary=b",
        )

    invited = one(calendar("REQUEST"))
    assert invited.kind == "message" and invited.unshown == (Unshown("calendar", "invite.ics"),)
    assert one(calendar("REPLY")).kind == "ignored"


async def test_a_robot_that_hides_is_answered_only_so_often() -> None:
    async with smtp_server() as server:
        by = channel(smtp_port=str(server.port))
        for number in range(ANSWERS_AN_HOUR):
            await sent(server, outbound(), by, key=f"{OURS}:{number}")
        with pytest.raises(Undeliverable):
            await sent(server, outbound(), by, key=f"{OURS}:{ANSWERS_AN_HOUR}")
        # A second try of one that was counted is no further answer.
        await sent(server, outbound(), by, key=f"{OURS}:0")
        await sent(server, outbound("A person's words go.", human=True), by)


# What became of ours


def bounce(
    recipient: str = CITIZEN, action: str = "failed", status: str = "5.1.1", to: str = "", quoted: str = ""
) -> bytes:
    return mail(
        "--b\nContent-Type: text/plain\n\nIt did not arrive.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.mail.example\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {quoted}\nSubject: x\n\n--b--\n",
        From="MAILER-DAEMON@mail.example",
        To=to or ADDRESS,
        Return_Path="<>",
        Message_ID="<bounce@mail.example>",
        Content_Type="multipart/report; report-type=delivery-status; boundary=b",
    )


def test_a_bounce_is_believed_if_it_names_a_mail_of_ours() -> None:
    address, number = THREADS.reply_address(TOKEN), THREADS.message_id(TOKEN)
    for raw in (bounce(to=address), bounce(quoted=number)):
        receipt, gone = parse(raw)
        assert receipt.receipt == (number, "failed") and receipt.contact == CITIZEN
        assert gone.change == "unreachable" and gone.contact == CITIZEN
    (full,) = parse(bounce(to=address, status="5.2.2"))
    assert full.receipt == (number, "failed")
    (arrived,) = parse(bounce(to=address, action="delivered", status="2.0.0"))
    assert arrived.receipt == (number, "delivered")
    assert one(bounce(to=address, action="delayed", status="4.4.1")).kind == "ignored"
    # Anybody can say that somebody's mailbox is gone.
    for forged in (bounce(), bounce(recipient="b@x.example", to=address), bounce(quoted="<x@y>")):
        assert one(forged).kind == "ignored"


@pytest.mark.parametrize(
    "headers",
    [
        {"Subject": "AUTO: Ana Diaz is out of the office (returning 5 November)"},
        {"Subject": "Ausente de la oficina: Farola"},
        {"Subject": "Im Urlaub: Laterne"},
        {"Subject": "Нет на рабочем месте: Фонарь"},
        {"Subject": "Ej på plats Re: Lampa"},
        {"Subject": "Undelivered Mail Returned to Sender"},
        {"Subject": "Поза офісом: Ліхтар"},
        {"Delivered-To": "Autoresponder"},
        {"X-Auto-Reply-From": "ana@mail.example"},
    ],
)
def test_other_automatic_mails(headers: dict[str, str]) -> None:
    got = one(mail(**headers))
    assert got.kind == "ignored" and got.evidence


@pytest.mark.parametrize(
    "subject",
    ["Read: Lamp", "Not read: Lamp", "Gelesen: Laterne", "Lu : Lampadaire", "Leído: Farola", "Läst: Lampa"],
)
def test_a_receipt_is_told_from_a_person_who_has_read_something(subject: str) -> None:
    named = (
        "Your message\n\n  To: City\n  Subject: Lamp\n  Sent: Monday, 2 November 2026\n\nwas read on Monday."
    )
    for receipt in (
        mail("It was read.", Subject=subject, In_Reply_To=THREADS.message_id(TOKEN)),
        mail(named, Subject=subject),
        mail("", Subject=subject),
    ):
        assert one(receipt).reason == "a receipt, by its subject"
    written = mail("Your sign at the school is wrong.", Subject=subject)
    assert one(written).kind == "message"
    answered = mail("And now?", Subject=f"Re: {subject}", In_Reply_To=THREADS.message_id(TOKEN))
    assert one(answered).kind == "message"


def test_a_report_that_a_person_sends_along_is_a_message() -> None:
    parts = "--b\n\nWhy did this come back?\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: x\n--b--\n"
    got = one(mail(parts, Content_Type="multipart/mixed; boundary=b"))
    assert (got.kind, got.text) == ("message", "Why did this come back?")
