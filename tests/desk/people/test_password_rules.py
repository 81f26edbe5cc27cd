"""Which passwords an agent may have. For each refused one there is a similar one that is accepted."""

from typing import Any

import pytest
from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from desk.people.password_rules import SHORTEST, PasswordRefused, check_password
from desk.people.passwords import LONGEST

OWN = ("ana.duarte@lindenport.example", "Ana Duarte", "Lindenport")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("x7#Lq0!vPz2", "between 12 and"),
        ("x" * (LONGEST + 1), "between 12 and"),
        ("password1234", "too easy to guess"),
        ("passwordpassword", "too easy to guess"),
        ("qwertyuiop12", "too easy to guess"),
        ("123456789012", "too easy to guess"),
        ("iloveyou1234", "too easy to guess"),
        ("aaaaaaaaaaaaaaaa", "too easy to guess"),
        ("abcabcabcabcabc", "too easy to guess"),
        ("AnaDuarte2026!", "made of words"),
        ("lindenport 2026", "made of words"),
        ("Civicdesk-Frontdesk", "made of words"),
    ],
)
def test_guessable_passwords_are_refused(password: str, why: str) -> None:
    with pytest.raises(PasswordRefused, match=why):
        check_password(password, OWN)


def test_the_commonest_passwords_of_breaches_are_refused() -> None:
    """Those of zxcvbn's list that are long enough, as they are and with what people add to them."""
    leaked = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= SHORTEST]
    assert len(FREQUENCY_LISTS["passwords"]) == 30_000 and len(leaked) > 200
    for password in (*leaked, *(f"{word.capitalize()}1" for word in leaked[:50])):
        with pytest.raises(PasswordRefused, match="too easy to guess"):
            check_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "x7#Lq0!vPz2w",
        "correct horse battery staple",
        "rue du marché vendredi pluie",
        "Lindenport umbrella gravel ostrich",
        "пароль не такой простой",
        "x7#Lq0!v" * 100,
    ],
)
def test_a_long_unusual_password_is_accepted_without_composition_rules(password: str) -> None:
    check_password(password, OWN)


def test_the_same_password_is_somebody_elses_name_and_no_word_of_this_account() -> None:
    check_password("Beatrix Okafor 71 harbour", OWN)
    with pytest.raises(PasswordRefused):
        check_password("Okafor Ben 2026", ("ben.okafor@lindenport.example", "Ben Okafor", "Lindenport"))


def test_a_long_password_costs_no_more_than_its_first_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    from desk.people import password_rules

    def counting(text: str, **more: Any) -> Any:
        seen.append(len(text))
        return zxcvbn(text, **more)

    monkeypatch.setattr("zxcvbn.zxcvbn", counting)
    check_password("x7#Lq0!v" * 100, OWN)
    assert seen == [password_rules.LOOKED_AT]
