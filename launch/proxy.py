"""An nginx for the tests of the proxy's configuration: the machine's, else Debian's package unpacked under var/tools.

Unpacked and not installed: Debian's package would start a server of its own on port 80.
"""

import os
import shutil
import subprocess
from pathlib import Path

UNPACKED = Path("var/tools/nginx").absolute()
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def find_proxy() -> str | None:
    """The path of an nginx that runs, or None."""
    for candidate in (shutil.which("nginx", path=PATH), str(UNPACKED / "usr" / "sbin" / "nginx")):
        if candidate and _runs(candidate):
            return candidate
    return None


def ensure_proxy() -> str | None:
    """find_proxy(), after unpacking one if there is none. None where that cannot be: its tests are then skipped."""
    found = find_proxy()
    if found or not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return found
    print("No nginx found: unpacking Debian's package under var/tools for the proxy's tests.", flush=True)
    UNPACKED.mkdir(parents=True, exist_ok=True)
    if not _download() and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], stdout=subprocess.DEVNULL, check=False)
        _download()
    for package in UNPACKED.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", str(package), str(UNPACKED)], check=False)
    return find_proxy()


def _download() -> bool:
    # As root apt downloads as a user of its own, who may not write here.
    command = ["apt-get", "-o", "APT::Sandbox::User=root", "download", "-qq", "nginx"]
    return subprocess.run(command, cwd=UNPACKED, capture_output=True, check=False).returncode == 0


def _runs(path: str) -> bool:
    try:
        return subprocess.run([path, "-v"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    found = ensure_proxy()
    print(
        f"Proxy tests use {found}"
        if found
        else "SKIPPED: the proxy's tests need an nginx and none could be had (Debian: apt-get install nginx). "
        "Its configuration is still checked by grammar."
    )
