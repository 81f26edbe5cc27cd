"""Gets programs that only tests need from Debian packages: unpacked under var/tools, not installed."""

import os
import shutil
import subprocess
from pathlib import Path

TOOLS = Path("var/tools").absolute()
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def find(program: str, version_flag: str) -> str | None:
    """The path of a working program: the machine's, else the unpacked one, else None."""
    unpacked = [str(TOOLS / program / "usr" / folder / program) for folder in ("bin", "sbin")]
    for candidate in (shutil.which(program, path=PATH), *unpacked):
        if candidate and _runs(candidate, version_flag):
            return candidate
    return None


def ensure(program: str, version_flag: str) -> str | None:
    """find(), after unpacking Debian's package of this name if there is none. None if that is not possible."""
    found = find(program, version_flag)
    if found or not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return found
    print(f"No {program} found: unpacking Debian's package under var/tools for the tests.", flush=True)
    folder = TOOLS / program
    folder.mkdir(parents=True, exist_ok=True)
    if not _download(program, folder) and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], stdout=subprocess.DEVNULL, check=False)
        _download(program, folder)
    for package in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", str(package), str(folder)], check=False)
    return find(program, version_flag)


def _download(package: str, folder: Path) -> bool:
    # As root, apt downloads as a separate user, who may not write here.
    command = ["apt-get", "-o", "APT::Sandbox::User=root", "download", "-qq", package]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


def _runs(path: str, version_flag: str) -> bool:
    try:
        return (
            subprocess.run([path, version_flag], capture_output=True, timeout=30, check=False).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
