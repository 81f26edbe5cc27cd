"""Finds a Chromium for the browser tests: the machine's, else Debian's package, else Playwright's own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from launch import LaunchError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """The path of a Chromium that runs, or None."""
    named = os.environ.get("CIVICDESK_CHROMIUM")
    for candidate in (named, *(shutil.which(name) for name in NAMES), _playwrights_own()):
        if candidate and _runs(candidate):
            return candidate
    return None


def ensure_browser() -> str:
    """find_browser(), after installing one if there is none, and what Playwright needs to drive it. Raises LaunchError
    with a sentence."""
    ensure_driver()
    found = find_browser()
    if found:
        return found
    if _may_install():
        print("No Chromium found: installing Debian's package 'chromium' for the browser tests.", flush=True)
        _install("chromium")
    else:
        print("No Chromium found: asking Playwright to fetch its own for the browser tests.", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    found = find_browser()
    if not found:
        raise LaunchError(
            "The browser tests need a Chromium and none could be installed. "
            "Install one (Debian: apt-get install chromium), or set CIVICDESK_CHROMIUM to its path."
        )
    return found


def ensure_driver() -> None:
    """Playwright brings a Node.js that needs libatomic, which a bare Debian does not have."""
    if _driver_runs():
        return
    if _may_install():
        _install("libatomic1")
    if not _driver_runs():
        raise LaunchError(
            "Playwright, which drives the browser in the tests, does not start here: "
            "'.venv/bin/python -m playwright --version' says why. On Debian, 'apt-get install libatomic1' may be what it needs."
        )


def _driver_runs() -> bool:
    command = [sys.executable, "-m", "playwright", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install(package: str) -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", package]):
        subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=False)


def _playwrights_own() -> str | None:
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    return next(
        (str(path) for path in sorted(folder.glob("chromium-*/chrome-linux*/chrome"), reverse=True)), None
    )


def _runs(path: str) -> bool:
    try:
        return (
            subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    try:
        print(f"Browser tests use {ensure_browser()}")
    except LaunchError as error:
        sys.exit(str(error))
