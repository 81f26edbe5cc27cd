"""The boundary as GeoJSON: what mapping programs write is read, and everything else is refused with a sentence."""

from typing import Any

import msgspec
import pytest

from city import CityError
from city.boundary import MOST_CORNERS, Boundary, area_text, read_area

RING = [[-74.3, 41.2], [-73.4, 41.2], [-73.4, 40.5], [-74.3, 40.5], [-74.3, 41.2]]
CORNERS = [[41.2, -74.3], [41.2, -73.4], [40.5, -73.4], [40.5, -74.3]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}
FEATURE = {"type": "Feature", "properties": {"name": "x"}, "geometry": POLYGON}


def written(value: Any) -> str:
    return msgspec.json.encode(value).decode()


@pytest.mark.parametrize(
    "value",
    [POLYGON, FEATURE, {"type": "FeatureCollection", "features": [FEATURE]}, {"type": "MultiPolygon", "coordinates": [[RING]]}],
    ids=["polygon", "feature", "collection", "multi"],
)  # fmt: skip
def test_one_polygon_is_read_and_written_back(value: dict[str, Any]) -> None:
    assert read_area(written(value)) == CORNERS
    assert read_area(area_text(CORNERS)) == CORNERS
    assert Boundary([(a, b) for a, b in CORNERS]).contains(40.9, -74.0)


@pytest.mark.parametrize(
    "text",
    [
        "41.2, -74.3", "{}", "[]", "null", "[" * 5_000, '{"type": "Polygon"}', '{"type": "Polygon", "coordinates": [[1, 2]]}',
        written({"type": "Point", "coordinates": [1, 2]}), written({"type": "Polygon", "coordinates": [RING, RING]}),
        written({"type": "Polygon", "coordinates": [RING[:2]]}), written({"type": "Polygon", "coordinates": [[[0, 95]] * 4]}),
        written({"type": "Polygon", "coordinates": [[[n / 100, 1] for n in range(MOST_CORNERS + 2)]]}),
        written({"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}),
    ],
    ids=range(13),
)  # fmt: skip
def test_everything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(CityError) as refused:
        read_area(text)
    assert str(refused.value).endswith(".")


def test_nothing_is_no_boundary() -> None:
    assert read_area("  ") == [] and area_text([]) == ""
    assert Boundary().contains(0, 0)
