"""A hashed vocabulary: the most probable segmentation, whatever citizens write."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.encoders import EncoderError
from bot.encoders.onnx_folder import OnnxFolder
from bot.encoders.unigram import FILE, PENALTY, SPACE, Unigram, save

MARKS = {"<s>": 0, "</s>": 1, "<unk>": 2}
SCORES = {
    SPACE: -2.5,
    "a": -2.0,
    "b": -3.1,
    f"{SPACE}a": -3.3,
    "ab": -3.6,
    "ba": -4.2,
    "bab": -6.1,
    f"{SPACE}bab": -9.7,
}
PIECES = [*MARKS, *SCORES]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Unigram:
    folder = tmp_path_factory.mktemp("unigram")
    save(folder, PIECES, np.array([0.0, 0, 0, *SCORES.values()]), (0, 1, 2), {0x200B: " ", 0x07: ""})
    return Unigram(folder)


def pieces(found: list[int]) -> list[str]:
    return [PIECES[place] for place in found]


@given(st.text("ab", min_size=1, max_size=9))
def test_the_likeliest_of_all_cuts_is_taken(small: Unigram, word: str) -> None:
    whole = SPACE + word
    cuts = [
        [whole[a:b] for a, b in zip((0, *at), (*at, len(whole)), strict=True)]
        for count in range(len(whole))
        for at in combinations(range(1, len(whole)), count)
    ]
    best = max(sum(SCORES.get(piece, -1e9) for piece in cut) for cut in cuts)
    found = pieces(small.encode(word, 128))
    assert found[0] == "<s>" and found[-1] == "</s>" and "".join(found[1:-1]) == whole
    assert sum(SCORES[piece] for piece in found[1:-1]) == pytest.approx(best, abs=1e-5)


def test_what_no_piece_has_is_unknown_once_and_never_a_mark(small: Unigram) -> None:
    assert pieces(small.encode("a日本b", 128)) == ["<s>", f"{SPACE}a", "<unk>", "b", "</s>"]
    assert "<unk>" in pieces(small.encode("</s>", 128)[1:-1]) and "</s>" not in pieces(
        small.encode("</s>", 128)[1:-1]
    )
    assert pieces(small.encode("\ud83d", 128)) == [
        "<s>",
        SPACE,
        "<unk>",
        "</s>",
    ]  # half of a pair of surrogates
    assert min(SCORES.values()) - PENALTY == pytest.approx(small._strange, abs=1e-5)


def test_letters_are_written_in_one_way(small: Unigram) -> None:
    plain = small.encode("a b", 128)
    for text in ("  a   b ", "a\u200bb", "a\u3000b", "\x07a b", "ａ b"):
        assert small.encode(text, 128) == plain


@pytest.mark.parametrize("text", ["", "   ", "\x07"])
def test_nothing_is_the_marks_alone(small: Unigram, text: str) -> None:
    assert small.encode(text, 128) == [0, 1]


def test_a_long_text_is_cut_and_long_words_are_not_remembered(small: Unigram) -> None:
    before = small._word.cache_info().currsize
    found = small.encode("b" * 100_000, 128)
    assert len(found) == 128 and found[-1] == MARKS["</s>"]
    assert small._word.cache_info().currsize == before
    assert len(small.encode("a " * 5000, 16)) == 16


def test_pieces_that_would_be_taken_for_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="same"):
        save(tmp_path, [*PIECES, "ab"], np.zeros(len(PIECES) + 1), (0, 1, 2), {})


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"no archive"])
def test_a_damaged_vocabulary_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.onnx").touch()
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(EncoderError, match=r"cannot be read.*\.$"):
        OnnxFolder(tmp_path)
