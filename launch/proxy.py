"""Finds the nginx and openssl for the proxy configuration's tests: the machine's, else Debian's, unpacked.

Unpacked rather than installed: Debian's nginx would start a server of its own on port 80.
"""

import sys
from pathlib import Path

from launch import debian

PROGRAMS = {"nginx": "-v", "openssl": "version"}


def find_proxy() -> str | None:
    """The path of a working nginx, or None."""
    return debian.find("nginx", PROGRAMS["nginx"])


def openssl_folder() -> Path | None:
    """The folder of a working openssl, for PATH, or None."""
    found = debian.find("openssl", PROGRAMS["openssl"])
    return Path(found).parent if found else None


def main() -> int:
    """Exit code 0, or 1 with a sentence for each program that is not available."""
    missing = [name for name, flag in PROGRAMS.items() if debian.ensure(name, flag) is None]
    for name in missing:
        print(
            f"The tests need {name}, and none could be had. Install it (Debian: apt-get install {name}) "
            "and run this again.",
            file=sys.stderr,
        )
    if not missing:
        print(f"Proxy tests use {find_proxy()}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
