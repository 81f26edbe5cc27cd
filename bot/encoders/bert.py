"""Writes the BERT network as an ONNX graph.

Float matrices become 8-bit integers with one scale for each output channel; one scale per matrix loses too much
(cosine with MiniLM's float network 0.92 to 0.97; this way at least 0.988). Matrices of 4-bit blocks are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

WORDS = "embeddings.word_embeddings.weight"
THEIRS = "com.microsoft"  # onnxruntime's own operators
WITH_8_BITS = (
    4  # of MatMulNBits: the accuracy of the other operand. Cosine with floats 0.9999, in 0.6 of the time
)


@dataclass(frozen=True)
class Blocks:
    """Rows of 4-bit numbers. `pairs`: uint8 (rows, blocks, 16); the low half is number j of the block's 32, the
    high half number j + 16; `scales`: float16 (rows, blocks). A number's value is (half - 8) * scale."""

    pairs: np.ndarray
    scales: np.ndarray

    @property
    def width(self) -> int:
        """Length of a row."""
        return 2 * self.pairs.shape[1] * self.pairs.shape[2]

    def neighbours(self) -> np.ndarray:
        """`pairs` in onnxruntime's order: numbers 2j and 2j + 1 share a byte."""
        numbers = np.concatenate([self.pairs & 15, self.pairs >> 4], axis=2)
        return numbers[:, :, 0::2] | numbers[:, :, 1::2] << 4


def write(weights: Mapping[str, np.ndarray | Blocks], path: Path, heads: int) -> None:
    """Write the network with these weights (named as by BERT's authors) to `path`.

    A vocabulary in blocks goes to a separate file, so that the operating system reads only the rows that are used
    instead of 50 MB in every process.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    table = weights[WORDS]
    network = _network(weights, heads)
    if isinstance(table, Blocks):
        onnx.save_model(
            network,
            str(path),
            save_as_external_data=True,
            location=f"{path.name}_data",
            size_threshold=table.scales.nbytes,
        )
        return
    whole = path.with_suffix(".float.onnx")
    onnx.save(network, str(whole))
    quantize_dynamic(
        whole, path, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather"]
    )
    whole.unlink()


def _network(weights: Mapping[str, Any], heads: int) -> Any:
    from onnx import TensorProto, helper, numpy_helper

    nodes: list[Any] = []
    constants: list[Any] = []

    def constant(array: Any, dtype: Any = None) -> str:
        name = f"c{len(constants)}"
        constants.append(numpy_helper.from_array(np.ascontiguousarray(array, dtype=dtype), name))
        return name

    def run(kind: str, *inputs: str, **settings: Any) -> str:
        name = f"n{len(nodes)}"
        nodes.append(helper.make_node(kind, list(inputs), [name], **settings))
        return name

    def number(value: float) -> str:
        return constant(value, np.float32)

    def whole(*values: int) -> str:
        return constant(values, np.int64)

    def linear(name: str, x: str) -> str:
        return run("Add", product(weights[f"{name}.weight"], x), constant(weights[f"{name}.bias"]))

    def product(matrix: np.ndarray | Blocks, x: str) -> str:
        if not isinstance(matrix, Blocks):
            return run("MatMul", x, constant(matrix.T))
        pairs, scales = constant(matrix.neighbours()), constant(matrix.scales.ravel(), np.float32)
        size = {"K": matrix.width, "N": len(matrix.pairs), "bits": 4, "block_size": 32}
        return run("MatMulNBits", x, pairs, scales, domain=THEIRS, accuracy_level=WITH_8_BITS, **size)

    def normal(name: str, x: str) -> str:
        scale, shift = constant(weights[f"{name}.weight"]), constant(weights[f"{name}.bias"])
        return run("LayerNormalization", x, scale, shift, axis=-1, epsilon=1e-12)

    def rows(table: np.ndarray | Blocks) -> str:
        if not isinstance(table, Blocks):
            return run("Gather", constant(table), "input_ids")
        pairs = run("Gather", constant(table.pairs), "input_ids")
        scales = run("Gather", constant(table.scales[:, :, None]), "input_ids")
        high = run(
            "Cast", run("BitShift", pairs, constant(4, np.uint8), direction="RIGHT"), to=TensorProto.FLOAT
        )
        low = run("Sub", run("Cast", pairs, to=TensorProto.FLOAT), run("Mul", high, number(16)))
        halves = run("Sub", run("Concat", low, high, axis=3), number(8))
        return run(
            "Reshape", run("Mul", halves, run("Cast", scales, to=TensorProto.FLOAT)), whole(0, 0, width)
        )

    table = weights[WORDS]
    width = table.width if isinstance(table, Blocks) else table.shape[1]
    layers = len({name.split(".")[2] for name in weights if name.startswith("encoder.layer.")})
    places = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    length = run("Gather", run("Shape", "input_ids"), whole(1))
    place = run("Slice", constant(places), whole(0), length, whole(0))
    words = rows(table)
    x = normal("embeddings.LayerNorm", run("Add", words, place))
    mask = run("Unsqueeze", run("Cast", "attention_mask", to=TensorProto.FLOAT), whole(1, 2))
    hidden = run("Mul", run("Sub", mask, number(1)), number(1e9))
    split, joined = whole(0, 0, heads, width // heads), whole(0, 0, width)
    for layer in range(layers):
        name = f"encoder.layer.{layer}"
        query, key, value = (
            run("Transpose", run("Reshape", linear(f"{name}.attention.self.{part}", x), split), perm=order)
            for part, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3]))
        )
        scores = run("Mul", run("MatMul", query, key), number((width // heads) ** -0.5))
        seen = run("MatMul", run("Softmax", run("Add", scores, hidden), axis=-1), value)
        seen = run("Reshape", run("Transpose", seen, perm=[0, 2, 1, 3]), joined)
        x = normal(
            f"{name}.attention.output.LayerNorm",
            run("Add", x, linear(f"{name}.attention.output.dense", seen)),
        )
        wide = linear(f"{name}.intermediate.dense", x)
        curve = run("Add", run("Erf", run("Mul", wide, number(2**-0.5))), number(1))
        wide = run("Mul", run("Mul", wide, number(0.5)), curve)  # GELU
        x = normal(f"{name}.output.LayerNorm", run("Add", x, linear(f"{name}.output.dense", wide)))
    nodes.append(helper.make_node("Identity", [x], ["last_hidden_state"]))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "length", width])
    graph = helper.make_graph(nodes, "bert", inputs, [output], constants)
    used = [helper.make_opsetid("", 17)]
    if isinstance(table, Blocks):
        used.append(helper.make_opsetid(THEIRS, 1))
    return helper.make_model(graph, opset_imports=used, ir_version=8)
