"""Which approved answers a reply is made from, told from its text."""

from desk.replies.used_answers import provenance, version_of

PARKING = "A resident permit costs $60 a year. Apply on the city website.\n\nBring proof of address."
BINS = "Bins are emptied on Tuesdays."
TEXTS = {"parking": PARKING, "bins": BINS}


def _said(
    sent: str, put: tuple[str, ...] = (), looked: tuple[str, ...] = ()
) -> tuple[object, tuple[str, ...]]:
    found = provenance(sent, put, looked, TEXTS)
    return [(one.id, one.changed) for one in found.used], found.suggested


def test_an_answer_that_is_sent_as_it_stands_is_no_proposal() -> None:
    assert _said(f"Hello!\n\n{PARKING}\n\nAna", ("parking",), ("bins",)) == ([("parking", False)], ())
    # Line ends and spaces that a browser or an agent changed are no other words.
    assert _said(PARKING.replace("\n\n", "\r\n"), ("parking",)) == ([("parking", False)], ())


def test_changed_words_are_the_answer_and_a_proposal() -> None:
    changed = PARKING.replace("$60", "$65")
    assert _said(changed, ("parking",)) == ([("parking", True)], ("parking",))


def test_other_words_than_those_looked_at_are_a_proposal_alone() -> None:
    assert _said("Please ring us.", ("parking",), ("bins", "nothing", "bins")) == ([], ("parking", "bins"))
    assert _said("Please ring us.") == ([], ())


def test_ids_that_are_no_answers_say_nothing() -> None:
    assert _said("Bins are emptied on Tuesdays.", ("bins'; DROP", "")) == ([], ())


def test_another_text_is_another_version() -> None:
    assert version_of(PARKING) == version_of(PARKING) != version_of(PARKING + " ")
    assert len(version_of("")) == 12
