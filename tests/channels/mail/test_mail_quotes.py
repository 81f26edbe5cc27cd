"""Replies and forwards: the written cases, and that no text costs more than its length."""

import pytest

from bench.mail_cases import FILES, OWN, counted, read_cases
from channels.mail.reading.correspondents import Correspondents, is_forward
from channels.mail.reading.quoting.quotes import new_text
from tests.support.cost import cost
from tests.support.mail_side import ADDRESS, THREADS, TOKEN, mail, one

ABOUT = Correspondents((OWN,), "ana@mail.example", "Ana Diaz")


@pytest.mark.parametrize("which", FILES)
def test_the_written_cases(which: str) -> None:
    cases = read_cases(which)
    found = counted(cases)
    assert not found["too much cut"], [case.title for case, _ in found["too much cut"]]
    assert len(found["right"]) >= 0.95 * len(cases), [case.title for case, _ in found["too much kept"]]


def test_there_are_enough_of_them() -> None:
    seen, held_out = (len(read_cases(which)) for which in ("seen", "held out"))
    assert seen + held_out >= 120 and held_out >= 40


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
    once = max(cost(lambda: new_text(short, ABOUT)), 0.002)
    assert cost(lambda: new_text(long, ABOUT)) < 10 * once


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
