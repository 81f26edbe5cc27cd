"""Install the servers of other authors that judge our channels in the tests: npm packages of tests/peers."""

import hashlib
import subprocess
import sys
from pathlib import Path

from launch.errors import LaunchError
from launch.web import node_environment

PEERS = Path("tests/peers")


def install() -> None:
    """Install them if their list changed. Raises LaunchError with a sentence."""
    stamp = PEERS / "node_modules" / ".inputs"
    inputs = hashlib.sha256((PEERS / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == inputs:
        return
    command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=PEERS, env=node_environment(), check=False).returncode:
        raise LaunchError(
            "The servers the channels are tested against could not be installed; the lines above say why. "
            "Nothing else was changed."
        )
    stamp.write_text(inputs)


if __name__ == "__main__":
    try:
        install()
    except LaunchError as error:
        sys.exit(str(error))
