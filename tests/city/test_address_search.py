"""Addresses that begin as somebody types."""

from city.address_search import MOST, AddressSearch
from city.street_positions import Segment, StreetPositions

ENDS = (41.0, -73.50), (41.0, -73.49)
SEARCH = AddressSearch(
    StreetPositions(
        [
            Segment("Mill Lane", *ENDS, (1, 101)),
            Segment("Old Mill Road", *ENDS, (1, 9)),
            Segment("Rue de l'Église", *ENDS),
            *(Segment(f"Oak Street {name}", *ENDS) for name in "ABCDEFG"),
        ]
    )
)


def _labels(text: str) -> list[str]:
    return [one.label for one in SEARCH.begins(text)]


def test_a_street_is_found_by_the_beginning_of_any_of_its_words() -> None:
    assert _labels("mil") == ["Mill Lane", "Old Mill Road"]
    assert _labels("EGLISE") == ["Rue de l'Église"]
    assert len(_labels("oak")) == MOST
    assert _labels("m") == _labels("ill") == _labels("") == _labels("12") == []


def test_a_number_comes_before_or_after_and_only_where_it_exists() -> None:
    assert _labels("51 mill") == _labels("Mill 51") == ["51 Mill Lane"]
    assert _labels("5, mill") == ["5 Mill Lane", "5 Old Mill Road"]
    assert _labels("7 rue") == ["7 Rue de l'Église"], "no numbers are known there"
    (found,) = SEARCH.begins("51 mill l")
    assert (found.latitude, round(found.longitude or 0, 6)) == (41.0, -73.495)
    assert SEARCH.begins("mill lane")[0].latitude is None, "a street alone can be long"
