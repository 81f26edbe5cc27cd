"""Which of OpenBLAS's kernels numpy uses, and that they multiply."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bot import kernels
from bot.encoders import EncoderError, multilingual
from bot.kernels import CHOICE, WrongProducts, verify_products

AVX2 = "fpu sse4_2 fma avx2"
AVX512 = f"{AVX2} avx512f avx512dq avx512cd avx512bw avx512vl"


@pytest.mark.parametrize(
    ("vendor", "flags", "name"),
    [
        ("GenuineIntel", AVX512, "SkylakeX"),
        ("GenuineIntel", f"{AVX512} avx512_bf16 amx_tile", "SkylakeX"),  # OpenBLAS would take Cooperlake
        ("GenuineIntel", f"{AVX2} avx512f", "Haswell"),  # Xeon Phi
        ("GenuineIntel", AVX2, "Haswell"),
        ("GenuineIntel", "fpu sse4_2", None),
        ("AuthenticAMD", AVX512, "Zen"),
        ("AuthenticAMD", "fpu sse4_2", None),
    ],
)
def test_kernels_are_chosen_by_what_the_processor_can_do(vendor: str, flags: str, name: str | None) -> None:
    one = f"processor\t: 0\nvendor_id\t: {vendor}\nflags\t\t: {flags}\n"
    assert kernels.kernels(f"{one}\n{one}") == name


def test_other_machines_and_settings_are_left_alone(tmp_path: Path) -> None:
    assert kernels.kernels("processor : 0\nFeatures : fp asimd\n\n") is None  # ARM
    code = """
import sys
from pathlib import Path
import bot.kernels
given, none = {"OPENBLAS_CORETYPE": "Haswell"}, {}
bot.kernels.choose(given)
bot.kernels.choose(none, Path("/no such file"))
print(given, none)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "{'OPENBLAS_CORETYPE': 'Haswell'} {}\n"


def test_every_command_of_the_bot_chooses_before_numpy_is_loaded() -> None:
    environ = {name: value for name, value in os.environ.items() if name != CHOICE}
    code = """
import sys
import bot.encoders.one_text
from bot.kernels import kernels, verify_products
import os
from threadpoolctl import threadpool_info
verify_products()
expected = kernels(open("/proc/cpuinfo").read())
used = {one["architecture"] for one in threadpool_info() if one.get("internal_api") == "openblas"}
assert os.environ.get("OPENBLAS_CORETYPE") == expected
assert used == {expected} or expected is None, used
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_bot_that_cannot_multiply_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def half(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
        found: np.ndarray = rows @ weights
        found[:, found.shape[1] // 2 :] = 0  # as Cooper Lake's kernels for float64
        return found

    verify_products()
    with pytest.raises(WrongProducts, match=f"{CHOICE}=Haswell"):
        verify_products(half)

    def refuse() -> None:
        raise WrongProducts("numpy multiplies wrongly.")

    monkeypatch.setattr(multilingual, "verify_products", refuse)
    with pytest.raises(EncoderError, match="multiplies wrongly"):
        multilingual.Multilingual()
