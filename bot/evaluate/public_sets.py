"""The files of BANKING77 and CLINC150, with the SHA-256 of each. Their origin: docs/performance.md.

They are not part of the repository. Uses the standard library only, because both interpreters import it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

VARIABLE = "CIVICDESK_BENCH_DATA"
"""The variable that names their folder."""
SHA256 = {
    "banking77_10_train.tsv": "3bc6f79fbe2fe8b0c0e1964403a9bb32537afedcc27b9f11764844cb31385e66",
    "banking77_test.tsv": "eec01ed259904c08fd4b89b624344992b1a1569a98728d403830c2a76dabda27",
    "banking77_train.tsv": "a60f5bb0b1ba70b28f73f92ceff4700417dbd3b1ce1eeb0f026a36ab6a411f87",
    "clinc150_10_train.tsv": "e9f580703e48de8cccb564b75f07240c16c6d8fb04294794b43c6c5733692d33",
    "clinc150_oos_test.tsv": "afce3747f38a74d9eda96c8b29d49786a17c33dbbc3adbf46a0891cd20e68677",
    "clinc150_test.tsv": "05eb10c85d17b2bc25afab69861d839535386ed4eca870d7d758c245da29fcc5",
    "clinc150_train.tsv": "b52aea19bcb6307ebe8934dccc17d4a0aafeef4e09b408126878968ad53c441a",
}


class WrongData(Exception):
    """A file is missing, or is not the one that our figures were measured with. The message is for the user."""


def read_verified(path: Path) -> str:
    """Returns the text of one of the files. Raises WrongData."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WrongData(
            f"{path} cannot be read ({error.strerror}). docs/performance.md says where to get it."
        ) from None
    if hashlib.sha256(content).hexdigest() != SHA256[path.name]:
        raise WrongData(
            f"{path} is not the file that the figures of docs/performance.md were measured with: its SHA-256 differs. "
            "Nothing was measured with it."
        )
    return content.decode("utf-8")


def verify(folder: Path) -> None:
    """Checks all files. Raises WrongData."""
    for name in SHA256:
        read_verified(folder / name)
