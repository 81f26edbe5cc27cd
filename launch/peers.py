"""Installs third-party software that the channel tests run against: npm packages, and a vendor's API
description."""

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from launch import LaunchError
from launch.web import node_environment

PEERS = Path("tests/peers")


@dataclass(frozen=True)
class Described:
    """One file from an npm package. The rest of the package and its dependencies are not installed."""

    package: str
    integrity: str
    """SHA-512 of the package's archive in base64, as the registry names it."""
    member: str
    file: Path


TWILIO = Described(
    "@twilio/cli-core@9.0.0",
    "FPHm5gXAUwM2oATmQi3AGYPFz4Urg5G5/vDkpUu5WqNuwueQaS93HwXjdX1OM+miuq0LMimdfbXDTLEp4Nsjfg==",
    "package/src/services/twilio-api/twilio_api_v2010.json",
    Path("var/tools/described/twilio.json").absolute(),
)


def install() -> None:
    """Install them if their list has changed. Raises LaunchError with a sentence."""
    _install_servers()
    _unpack(TWILIO)


def _install_servers() -> None:
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


def _unpack(described: Described) -> None:
    stamp = described.file.with_suffix(".inputs")
    if described.file.exists() and stamp.exists() and stamp.read_text() == described.integrity:
        return
    described.file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=described.file.parent) as folder:
        command = ["npm", "pack", described.package, "--ignore-scripts", "--silent", "--loglevel=error"]
        done = subprocess.run(
            [*command, "--pack-destination", folder],
            env=node_environment(),
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            raise LaunchError(
                f"{described.package}, which holds an API description that the tests need, could not be downloaded; "
                "the lines above say why. Nothing else was changed."
            )
        (archive,) = Path(folder).glob("*.tgz")
        if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != described.integrity:
            raise LaunchError(
                f"{described.package} is not the package that was reviewed: its SHA-512 differs. It was not unpacked."
            )
        with tarfile.open(archive) as files:
            member = files.extractfile(described.member)
            assert member is not None
            described.file.write_bytes(member.read())
    stamp.write_text(described.integrity)


if __name__ == "__main__":
    try:
        install()
    except LaunchError as error:
        sys.exit(str(error))
