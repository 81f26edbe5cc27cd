"""What is inside the city, what is not, and which address is near a point."""

from pathlib import Path

import pytest

from city import CityError, load_city
from city.boundary import Boundary
from city.outside.elsewhere import load_elsewhere
from city.street_positions import load_street_positions

ROOT = Path(__file__).parent.parent.parent
HEADER = "street,from_number,to_number,from_latitude,from_longitude,to_latitude,to_longitude\n"
ELSEWHERE = load_elsewhere(
    ROOT / "content" / "elsewhere.txt",
    ("en", "es", "fr"),
    ("Lindenport", "USA", "US", "Estados Unidos", "États-Unis"),
)


def test_a_boundary_with_a_bay() -> None:
    bay = Boundary(
        [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (3.0, 4.0), (3.0, 1.0), (1.0, 1.0), (1.0, 4.0), (0.0, 4.0)]
    )
    assert bay.contains(0.5, 3.0) and bay.contains(3.5, 3.0) and bay.contains(2.0, 0.5)
    assert not bay.contains(2.0, 3.0) and not bay.contains(5.0, 0.5) and not bay.contains(-0.1, -0.1)


def test_without_a_boundary_nothing_is_outside() -> None:
    assert Boundary().contains(0.0, 0.0)


def test_two_corners_are_no_boundary(tmp_path: Path) -> None:
    text = (ROOT / "city.yml").read_text(encoding="utf-8")
    start = text.index("boundary:")
    (tmp_path / "city.yml").write_text(
        f"{text[:start]}boundary: [[1.0, 2.0], [3.0, 4.0]]\n", encoding="utf-8"
    )
    with pytest.raises(CityError, match="'boundary' has 2 corners"):
        load_city(tmp_path / "city.yml")


def test_the_demo_city_contains_its_streets_and_not_the_world() -> None:
    city = load_city(ROOT / "city.yml")
    boundary = Boundary(city.boundary)
    assert boundary.contains(41.0531, -73.5387)
    assert not boundary.contains(0.0, 0.0) and not boundary.contains(48.8566, 2.3522)


def test_the_nearest_street_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / "positions.csv"
    file.write_text(
        f"{HEADER}Mill Lane,1,101,41.0,-73.0,41.0,-72.99\nQuay Street,,,41.001,-73.0,41.001,-72.99\n"
    )
    streets = load_street_positions(file)
    assert streets.address_near(41.0001, -72.995) == "51 Mill Lane"
    assert streets.address_near(41.0001, -73.0002) == "1 Mill Lane"
    assert streets.address_near(41.0009, -72.995) == "Quay Street"
    assert streets.address_near(41.01, -72.995) is None


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("street,number\nMill Lane,1\n", "the first line must be"),
        (f"{HEADER}Mill Lane,1,9,95.0,-73.0,41.0,-72.9\n", "line 2: a segment needs"),
        (f"{HEADER}Mill Lane,1,,41.0,-73.0,41.0,-72.9\n", "line 2: '1-' are no house numbers"),
        (f"{HEADER}Mill Lane\n", "line 2: a segment needs"),
    ],
)
def test_wrong_positions_are_said_to_be_wrong(tmp_path: Path, rows: str, sentence: str) -> None:
    (tmp_path / "positions.csv").write_text(rows)
    with pytest.raises(CityError, match=sentence):
        load_street_positions(tmp_path / "positions.csv")


def test_files_may_be_missing_and_must_be_text(tmp_path: Path) -> None:
    assert load_street_positions(tmp_path / "none.csv").address_near(41.0, -73.0) is None
    assert load_elsewhere(tmp_path / "none.txt", ("en",), ()).find("Paris") == "Paris"
    (tmp_path / "latin").write_bytes("Málaga".encode("latin-1"))
    with pytest.raises(CityError, match="UTF-8"):
        load_street_positions(tmp_path / "latin")
    with pytest.raises(CityError, match="UTF-8"):
        load_elsewhere(tmp_path / "latin", ("en",), ())


@pytest.mark.parametrize(
    "text",
    [
        "Paris", "in Paris", "paris, france", "221B Baker Street, London", "221b baker street london", "en Madrid",
        "10 Downing Street, London SW1A 2AA, UK", "rue de Rivoli à Paris", "calle Mayor 3, Madrid", "75001 Paris",
        "There is a pothole in Paris", "hay un bache en Barcelona", "il y a un nid-de-poule à Lyon", "12 Mill Lane, London",
        "12 rue de Rivoli Paris", "Nueva York", "Berlin, Alemania", "à Marseille, rue Paradis", "Times Square, New York",
        "I'm in Tokyo", "Tokyo", "broken light in Boston near the station", "pothole in london", "123 Main St, Chicago, IL",
        "Brooklyn", "New York City", "Milán, Italia", "au centre de Genève", "in the middle of Chicago",
        "en el centro de Madrid", "in the north of London",
    ],
)  # fmt: skip
def test_towns_elsewhere(text: str) -> None:
    assert ELSEWHERE.find(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "12 Mill Lane", "12 Mill Lane, Lindenport", "London Road, near the park", "rue de Paris", "calle Madrid",
        "calle Madrid 12", "in front of Hotel Paris", "next to Café Paris", "12 Mill Lane, Lindenport, USA", "in Paris Street 12",
        "near the old church", "Mill Lane corner Elm Street", "en Córdoba 12", "nice weather in the park", "plaza de España",
        "the Boston bakery on Elm Street", "outside the French bakery", "please help us, it is dark", "12 Mill Lane, US",
        "I come from Spain and there is a pothole on Elm Street", "Jordan told me, on Mill Lane", "it is in the middle", "in the middle of Elm Street",
        "en el norte de la ciudad",
    ],
)  # fmt: skip
def test_places_of_ours(text: str) -> None:
    assert ELSEWHERE.find(text) is None
