"""The Cookie header is read in linear time, and no cookie of another site passes for ours."""

import pytest

from forms.cookies import read_cookies
from tests.support.cost import cost, one_pass


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("", {}),
        ("a=1; b=2", {"a": "1", "b": "2"}),
        ('a="x=y"; ;b', {"a": "x=y", "b": ""}),
        ("a=first; a=second", {"a": "first"}),
        ("a=\u00e9; b=\udce9; c=3", {"c": "3"}),
        (r'a="1\073 b=2"; c=3', {"c": "3"}),
    ],
)
def test_cookies_are_read(header: str, read: dict[str, str]) -> None:
    assert {name: value for name, value in read_cookies(header).items() if name} == read


@pytest.mark.parametrize("blank", ["\u00a0", "\u2000", "\u0085", "\x1c", "\x0b"])
def test_a_blank_that_is_no_space_belongs_to_the_name(blank: str) -> None:
    """A subdomain may set such a name; the browser does not see the prefix in it."""
    assert "__Host-session" not in read_cookies(f"{blank}__Host-session=planted")
    assert read_cookies("a=1;\t __Host-session=ours")["__Host-session"] == "ours"


@pytest.mark.parametrize("hostile", [r"\"", r"\101", "a=b;", ";", "=", '"'])
def test_a_cookie_header_costs_no_more_than_its_length(hostile: str) -> None:
    header = f'a="{hostile * (8_000 // len(hostile))}"'
    assert cost(lambda: read_cookies(header)) < 100 * one_pass("word " * 1_600)
