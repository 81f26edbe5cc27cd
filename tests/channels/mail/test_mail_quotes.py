"""Replies and forwards: the written cases, and that reading takes time linear in the text's length."""

import pytest

from bench.mail_quotes.cases import FILES, OWN, Case, counted, read_cases
from channels.mail.reading.correspondents import Correspondents, is_forward
from channels.mail.reading.quoting.quotes import new_text
from tests.support.cost import cost, undisturbed
from tests.support.mail_side import ADDRESS, THREADS, TOKEN, mail, one

ABOUT = Correspondents((OWN,), "ana@mail.example", "Ana Diaz")


@pytest.mark.parametrize("which", FILES)
def test_the_written_cases(which: str) -> None:
    cases = read_cases(which)
    found = counted(cases)
    assert not found["too much cut"], [case.title for case, _ in found["too much cut"]]
    assert len(found["right"]) >= 0.95 * len(cases), [case.title for case, _ in found["too much kept"]]


OWN_LINES = """
On Monday my neighbour wrote:
On 3 November 2026 my landlord wrote:
On Monday at 9:00 the office said:
My landlord wrote on 3 November 2026:
My landlord wrote to me on 3 November 2026:
Op 2 november 2026 om 9:00 heb ik naar help@lindenport.example geschreven:
Ik heb op 2 november 2026 om 9:00 naar help@lindenport.example geschreven:
Ho scritto il 2 novembre 2026 alle 9:00 a help@lindenport.example:
Mein Vermieter schrieb am 3. November 2026:
Mi casero me escribió el 3 de noviembre de 2026:
Date: 5 May 2026 8:00
Yesterday at 10:30 she wrote to me:
I wrote to help@lindenport.example and got no answer:
I asked help@lindenport.example on 3 November 2026, and somebody wrote:
My mail is ana@mail.example, my husband's bob@mail.example:
From: Oak Street
To: Elm Street
From 8:00 to 17:00
Date: 5 May
Subject: noise
Sent: never
Re: your question
Sent from the office by my boss
Sent from work
Get well soon for the lamp
---
________________________________
-----
***
>> big hole <<
> this is my arrow
Regards from the whole street
Thanks
Thank you for your help, it is still broken
Best, and please hurry
Ana
1
2) the second
Original message was lost
Forwarded message follows
El lunes 3 de noviembre el vecino escribió:
El 3 de noviembre a las 9:00 me escribió el portero:
Escribí a help@lindenport.example el 3 de noviembre:
De: casa
Para: el parque
Asunto: farola
Enviado desde la oficina por mi jefe
Gracias
Le 3 novembre 2026 à 9h00 le gardien a écrit :
De : la gare
À : la mairie
Envoyé par mon fils
Cordialement mais fermement
Am 3. November 2026 um 9:00 schrieb der Vermieter:
Am Montag schrieb ich:
Von: Eichenweg
An: Marktplatz
Gesendet habe ich es gestern
Mit freundlichen Grüßen an alle
Il 3 novembre 2026 alle 9:00 il portiere ha scritto:
Da: via Roma
A: piazza
Inviato da mio figlio
Op 3 november 2026 om 9:00 schreef de buurman:
Van: de brug
Aan: het park
Den 3. november 2026 kl. 9.00 skrev naboen:
Fra: broen
Til: parken
Från: bron
Skickat från kontoret igår
Lähettäjä: naapuri
naapuri kirjoitti 3.11.2026 klo 9.00:
W dniu 3 listopada 2026 o 9:00 sąsiad napisał:
Od: most
Do: park
Temat: hałas
3 ноября 2026 в 9:00 сосед написал:
От: моста
Кому: парку
Тема: шум
3 листопада 2026 о 9:00 сусід написав:
Від: моста
Em 3 de novembro de 2026 às 9:00 o vizinho escreveu:
Enviado do trabalho ontem
On Tue, Nov 3, 2026 at 9:14 AM I fell.
On 03/11/2026 09:14, it happened again
Call 555 0134 on Monday 3 November 2026 at 9:14:
See https://x.example/a?b=1:
12 Oak Street, 2026-11-03 09:14:
The sign says: "wrote:"
confidential: the key is under the mat
This message is private, please do not share my e-mail
-- Ana
- one
* two
On 2/11/2026 you wrote to me (help@lindenport.example)
Den 2/11/2026 skrev jag till staden <help@lindenport.example>
2.11.2026 kirjoitin kaupungille <help@lindenport.example>
Your colleague at help@lindenport.example wrote:
PS: number 12
I ask you to keep this message confidential, so that my neighbour does not hear of it.
Date: 3 November 2026 at 9:14
Time: 9:14
Name: Ana Diaz
Address: 12 Elm Street
E-mail: ana@mail.example
Phone: 555 0134
"""
"""What people write that looks like something a program wrote."""

OLD_MAILS = (
    "",
    f"\n\nOn Tue, Nov 3, 2026 at 9:14 AM City <{OWN}> wrote:\n\n> Where?\n>",
    f"\n\nFrom: City <{OWN}>\nSent: Tuesday, November 3, 2026 9:14 AM\nTo: Ana\nSubject: RE: Lamp\n\nWhere?",
    "\n\nAm 03.11.26 um 09:14 schrieb Stadt:\n> Wo?",
)


@pytest.mark.parametrize("old", OLD_MAILS, ids=["none", "Gmail", "Outlook", "Thunderbird"])
def test_no_words_of_the_author_are_cut(old: str) -> None:
    lines = OWN_LINES.strip().split("\n")
    title = "X, en, reply" if old else "own words"
    for line, next_one in zip(lines, [*lines[1:], lines[0]], strict=True):
        own = f"The lamp is dark.\n{line}\n{next_one}\nIt is dangerous."
        outcome, got = Case(title, own + old, own, exact=False).outcome()
        assert outcome == "right", (line, got)


@pytest.mark.parametrize(
    ("name", "below"),
    [
        ("Thanks\nAna", "I am home from 9 to 12."),
        ("Best\nAna", "My number is 555 0123, please call me."),
        ("Ana Diaz", "The gate is open until 5 pm."),
        ("Gruß\nAna", "Ich bin ab 14 Uhr zu Hause"),
        ("Merci\nAna", "Je suis là après 18 heures."),
        ("Gracias\nAna", "Estoy en casa desde las 9"),
        ("Kind regards\nAna Diaz", "PS the gate code is 4711"),
        ("Saludos\nAna", "P.D.: el código es 4711"),
        ("Cordialement\nAna Diaz", "P.-S. : le code est 4711"),
        ("Hälsningar\nAna", "OBS! Koden är 4711"),
        ("-- \nAna Diaz\n12 Oak Street", "PS: the gate code is 4711."),
    ],
)
@pytest.mark.parametrize("old", OLD_MAILS, ids=["none", "Gmail", "Outlook", "Thunderbird"])
def test_what_stands_below_the_name_is_kept(name: str, below: str, old: str) -> None:
    title = "X, en, reply" if old else "own words"
    outcome, got = Case(
        title, f"Number 12.\n\n{name}\n\n{below}{old}", f"Number 12.\n{below}", exact=False
    ).outcome()
    assert outcome == "right" and "12 Oak Street" not in got, got


@pytest.mark.parametrize(
    "line",
    [
        *("Mit Proton Mail sicher versendet.", "Надіслано за допомогою безпечної пошти Proton Mail.", "Получено с iPhone"),
        *("Yahoo Mail: Search, Organize, Conquer", "Wysłano z aplikacji mobilnej WP Poczta", "Sent from my phone, please excuse typos"),
    ],
)  # fmt: skip
def test_what_an_app_adds_is_left_out(line: str) -> None:
    assert one(mail(f"Yes.\n\n{line}")).text == "Yes."


def test_there_are_enough_of_them() -> None:
    seen, held_out = (len(read_cases(which)) for which in ("seen", "held out"))
    assert seen + held_out >= 120 and held_out >= 40


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "On Mon, Nov 2, 2026 at 12:34 PM City <help@lindenport.example> wrote\n",
        "On 2.11.2026 12:34 a@b.c wrote:\n",
        "From: a@b.c\nSent: 2026\n",
        "From: a\n\n",
        "________________________________\n",
        "--\n",
        "-- \n",
        "> a\nb\n",
        "Sent from my iPhone\n",
        "Kind regards,\nAna Diaz\n1\n",
        "<<<<<<<<<<<<<<<<\n",
        "a@" * 150 + "\n",
        "wrote " * 60 + ":\n",
        "----- Original Message -----\n",
        "-" * 399 + "\n",
    ],
)
def test_a_text_costs_what_its_length_says(piece: str) -> None:
    """Four times the text takes about four times as long, never sixteen times."""
    short, long = (piece * (size // len(piece)) for size in (40_000, 160_000))
    with undisturbed():
        once = max(cost(lambda: new_text(short, ABOUT)), 0.002)
        assert cost(lambda: new_text(long, ABOUT)) < 10 * once


LISTS = [
    ("From: Oak Street 5", "To: Elm Street 12", "Date: 5 May 2026, 8:00", "Subject: removal van"),
    ("De: calle Mayor", "Para: calle Nueva", "Fecha: 5 de mayo de 2026 a las 8:00", "Asunto: mudanza"),
    ("De : rue Haute", "À : rue Neuve", "Date : 5 mai 2026 à 8:00", "Objet : déménagement"),
    ("Von: Eichenweg", "An: Ulmenweg", "Datum: 5. Mai 2026 8:00", "Betreff: Umzug"),
    ("Da: via Roma", "A: via Nuova", "Data: 5/5/2026 8:00", "Oggetto: trasloco"),
    ("От: дома 5", "Кому: дом 12", "Дата: 5.5.2026 8:00", "Тема: переезд"),
]


@pytest.mark.parametrize("lines", LISTS, ids=lambda lines: lines[0].split(":")[0].strip())
@pytest.mark.parametrize("rule", ["", "-----\n"], ids=["bare", "under a rule"])
def test_a_list_of_ones_own_is_no_header_of_an_old_mail(lines: tuple[str, ...], rule: str) -> None:
    for order in (lines, (lines[2], lines[0], lines[1], lines[3]), lines[:2] + lines[3:]):
        text = f"I need this:\n\n{rule}" + "\n".join(order) + "\n\nIs that possible?"
        assert new_text(text, ABOUT) == text


def test_a_header_without_an_address_is_known_by_its_recipient_or_its_subject() -> None:
    begin = "Yes.\n\nFrom: Help desk\nSent: Monday, November 2, 2026 9:00 AM\n"
    lamp = Correspondents((OWN,), "ana@mail.example", "Ana Diaz", subject="AW: Lamp")
    for about, header in [
        (ABOUT, "To: Ana Diaz\nSubject: Lamp"),
        (ABOUT, "To: citizen\nSubject: RE: Lamp"),
        (lamp, "To: citizen\nSubject: Lamp"),
    ]:
        assert new_text(f"{begin}{header}\n\nWhich one?", about) == "Yes."


def test_a_token_in_our_address_proves_the_thread_without_references() -> None:
    quoted = "2\n\nCity wrote on 2.11.2026 at 12:34:\n> 1. Elm\n> 2. Oak"
    got = one(mail(quoted, To=THREADS.reply_address(TOKEN), Subject="Re: Lamp"))
    assert (got.text, got.thread["verified"]) == ("2", "thread")


def test_a_reply_with_nothing_but_a_photo_says_none_of_our_words() -> None:
    body = (
        f"--b\nContent-Type: text/plain\n\nOn Mon, Nov 2, 2026 at 12:34 PM City <{ADDRESS}> wrote:\n> Where?\n"
        "--b\nContent-Type: image/jpeg\nContent-Disposition: attachment; filename=a.jpg\n"
        "Content-Transfer-Encoding: base64\n\n/9j/4AAQSkZJRg==\n--b--\n"
    )
    got = one(mail(body, References="<1@lindenport.example>", Content_Type="multipart/mixed; boundary=b"))
    assert got.text is None and len(got.media) == 1


def test_no_kept_quote_makes_the_city_its_own_contact() -> None:
    quote = f"On Mon, Nov 2, 2026 at 12:34 PM City <{ADDRESS}> wrote:\n> Where?"
    got = one(mail(quote, References="<1@lindenport.example>"))
    assert got.text and ADDRESS not in got.text


def test_the_address_in_a_signature_is_no_part_of_the_text_and_is_shown_to_the_agent() -> None:
    text = "The lamp is dark.\n\nKind regards,\nAna Diaz\n14 Oak Avenue\n555 0134"
    got = one(mail(text, From="Ana Diaz <ana@mail.example>"))
    assert got.text == "The lamp is dark." and "14 Oak Avenue" in (got.note or "")


@pytest.mark.parametrize(
    ("subject", "forwards"),
    [
        ("Fwd: Heating", True), ("FW: Heating", True), ("RV: Heating", True), ("TR : Heating", True),
        ("WG: Heating", True), ("ENC: Heating", True), ("I: Heating", True), ("VB: x", True), ("PD: x", True),
        ("VL: x", True), ("Re: Fwd: Heating", False), ("Heating", False), ("Where: here", False), ("", False),
    ],
)  # fmt: skip
def test_which_subjects_are_forwards(subject: str, forwards: bool) -> None:
    assert is_forward(subject) is forwards


def test_a_forward_as_an_attachment_says_what_is_in_it() -> None:
    inner = "From: Landlord <l@rent.example>\nSubject: Heating\n\nThe heating stays off."
    body = f"--b\nContent-Type: text/plain\n\nPlease look.\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
    got = one(mail(body, Subject="Fwd: Heating", Content_Type="multipart/mixed; boundary=b"))
    assert "Please look." in (got.text or "") and "The heating stays off." in (got.text or "")
