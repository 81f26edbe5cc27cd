"""JSON as the bot writes and reads it: the same values as with the standard library."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.json_text import dumps, loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)  # fmt: skip


@given(VALUES)
def test_both_libraries_read_what_either_wrote(value: Any) -> None:
    assert loads(dumps(value)) == json.loads(dumps(value)) == value
    assert "\n" not in dumps(value), "the tracker store separates its lines by line feeds"


def test_numpy_floats_are_floats() -> None:
    assert loads(dumps({"confidence": np.float64(0.25)})) == {"confidence": 0.25}
    with pytest.raises(TypeError):
        dumps({"row": np.zeros(2)})


def test_half_a_surrogate_pair_is_kept_as_an_escape() -> None:
    assert dumps(["\ud800"]) == '["\\ud800"]'


@pytest.mark.parametrize("text", ["", "{", "NaN", '{"a":1} b', b"\xff"])
def test_what_is_no_json_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        loads(text)
