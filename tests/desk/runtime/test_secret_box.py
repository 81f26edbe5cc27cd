"""What is encrypted cannot be read, changed, exchanged or opened for another purpose."""

import pytest

from desk.runtime.secret_box import SecretBox

SECRET = b"a secret of the tests, long enough"
BOX = SecretBox(SECRET, "codes")


def test_the_same_value_never_looks_the_same_and_opens_again() -> None:
    sealed = {BOX.seal(b"words", "ana") for _ in range(100)}
    assert len(sealed) == 100 and not any(b"words" in one for one in sealed)
    assert {BOX.open(one, "ana") for one in sealed} == {b"words"}


def test_every_changed_bit_is_noticed() -> None:
    sealed = BOX.seal(b"words", "ana")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        assert BOX.open(bytes(changed), "ana") is None
    assert BOX.open(sealed[:-1], "ana") is None and BOX.open(sealed + b"x", "ana") is None


@pytest.mark.parametrize(
    ("box", "owner"),
    [
        (BOX, "ben"),
        (SecretBox(SECRET, "provider"), "ana"),
        (SecretBox(b"another secret of the tests", "codes"), "ana"),
    ],
)
def test_it_opens_for_its_owner_purpose_and_secret_alone(box: SecretBox, owner: str) -> None:
    assert box.open(BOX.seal(b"words", "ana"), owner) is None


@pytest.mark.parametrize("text", ["", "x", "zz", "00", "ff" * 5_000, "\udcff", "٣٣"])
def test_a_cookie_that_is_none_of_ours_is_none(text: str) -> None:
    assert BOX.open_text(text, "ana") is None
