"""What docker-compose.yml promises, checked without an engine.

The schema is the Compose Specification's own, as the models that compose-viz generates from its JSON schema; the
generator drops the rule for `x-` names at the top, so those are taken out first.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_viz.spec.compose_spec import ComposeSpecification
from pydantic import ValidationError

from backends.registry import KEY_FOLDER
from channels.kit.setup import FOLDER
from desk.media.decoding.limits import DATA_BYTES
from desk.people.passwords import AT_ONCE, HASH_BYTES
from forms.memory import MOST
from tests.deploy.compose import FILE, ONCE, TOP, load, services

ALL = sorted(services())
MB = 1_048_576
INBOXES = "./deploy/secrets/inboxes"
OURS = {"gateway", "worker", "actions", "bot", "trainer", "prepare"}


def valid(document: dict[str, Any]) -> None:
    ComposeSpecification.model_validate(
        {name: value for name, value in document.items() if not name.startswith("x-")}
    )


def test_the_file_follows_the_compose_specification() -> None:
    valid(yaml.safe_load(FILE.read_text()))
    valid(load())


@pytest.mark.parametrize(
    "wrong",
    [
        {"readonly": True},
        {"healthcheck": {"test": ["CMD", "true"], "intervall": "5s"}},
        {"depends_on": {"redis": {"condition": "service_happy"}}},
        {"ports": [{"targett": 80}]},
        {"networks": 5},
    ],
)
def test_a_slip_is_seen_by_that_check(wrong: dict[str, Any]) -> None:
    document = load()
    document["services"]["gateway"].update(wrong)
    with pytest.raises(ValidationError):
        valid(document)


def test_every_process_of_the_procfile_has_its_service_with_the_same_command() -> None:
    lines = (TOP / "Procfile").read_text().splitlines()
    processes = {name: command.split() for name, command in (line.split(": ", 1) for line in lines)}
    assert set(processes) == OURS - {ONCE}
    for name, command in processes.items():
        assert services()[name]["command"][1:] == command[command.index("-m") :]


@pytest.mark.parametrize("name", ALL)
def test_a_service_has_no_more_rights_than_it_needs(name: str) -> None:
    service = services()[name]
    uid, gid = service["user"].split(":")
    assert int(uid) > 0 and int(gid) > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "devices", "network_mode", "pid", "ipc", "extra_hosts"} & set(
        service
    )
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert service["memswap_limit"] == service["mem_limit"]
    assert 0 < service["pids_limit"] <= 256
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    for place in service.get("tmpfs", []):
        assert "size=" in place, "a tmpfs without a size is the machine's memory"
    for volume in service.get("volumes", []):
        assert "docker.sock" not in volume
        assert volume.endswith(":ro") or not volume.startswith("."), "the checkout is never written to"


@pytest.mark.parametrize("name", sorted(set(ALL) - {ONCE}))
def test_a_service_that_stays_up_is_watched_and_restarted(name: str) -> None:
    service = services()[name]
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries", "start_period"} <= set(service["healthcheck"])
    assert service["restart"] == "unless-stopped"
    assert int(service["stop_grace_period"].removesuffix("s")) > 15


def test_what_runs_once_is_waited_for_and_not_repeated() -> None:
    assert services()[ONCE]["restart"] == "no"
    for name in ("gateway", "worker", "bot"):
        assert services()[name]["depends_on"][ONCE] == {"condition": "service_completed_successfully"}


def test_only_the_proxy_publishes_ports() -> None:
    assert [name for name, service in services().items() if "ports" in service] == ["proxy"]
    assert services()["proxy"]["ports"] == ["80:8080", "443:8443"]
    assert services()["proxy"]["networks"] == ["edge"]


def test_which_service_reaches_which() -> None:
    members: dict[str, set[str]] = {}
    for name, service in services().items():
        for network in service["networks"]:
            members.setdefault(network, set()).add(name)
    assert members == {
        "edge": {"proxy", "gateway"},
        "core": {"gateway", "worker", "actions"},
        "data": {"gateway", "worker", "prepare", "postgres", "redis"},
        "bot": {"bot", "trainer", "worker", "actions", "postgres"},
    }


def test_the_bot_and_the_data_have_no_outbound_access() -> None:
    networks = load()["networks"]
    assert networks["bot"] == {"internal": True}
    assert networks["data"] == {"internal": True}
    for name in ("bot", "postgres", "redis"):
        assert set(services()[name]["networks"]) <= {"bot", "data"}


def test_who_is_waited_for_can_be_waited_for() -> None:
    for service in services().values():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in services()[other]


def test_secrets_are_files_and_never_plain_environment() -> None:
    for name, service in services().items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"SECRET|PASSWORD|_KEY|DATABASE_URL|REDIS_URL|TOKEN", variable):
                assert variable.endswith("_FILE"), f"{name} is given {variable} in plain"
            if variable.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in service["secrets"], f"{name}: {variable}"
            assert "://" not in str(value) or "@" not in str(value)


def test_no_service_is_given_a_secret_it_does_not_read() -> None:
    for name, service in services().items():
        if name not in OURS:
            continue
        read = {Path(value).name for key, value in service["environment"].items() if key.endswith("_FILE")}
        assert read == set(service.get("secrets", [])), name
    for name in ("gateway", "worker", "bot"):
        urls = [secret for secret in services()[name]["secrets"] if secret.endswith("database_url")]
        assert urls == [f"{name}_database_url"], "each has a role of its own, and none is the owner"


def test_who_sends_and_who_receives_reads_the_secrets_of_inboxes_and_nobody_else() -> None:
    """As files of one folder that they may not write to; `read_settings` finds them there."""
    for name, service in services().items():
        mounted = [one for one in service.get("volumes", []) if one.startswith(INBOXES)]
        if name not in ("gateway", "worker"):
            assert not mounted and FOLDER not in service.get("environment", {}), name
            continue
        (mount,) = mounted
        assert mount == f"{INBOXES}:{service['environment'][FOLDER]}:ro"
    elsewhere = load({"CIVICDESK_SECRETS": "/srv/secrets"})["services"]["worker"]["volumes"]
    assert "/srv/secrets/inboxes:/run/inboxes:ro" in elsewhere


def test_keys_for_reading_reach_who_reads_back_ends_and_nobody_else() -> None:
    """`read_key` of a back end, and the secrets of registers; not the key that files reports."""
    for name, service in services().items():
        mounted = [one for one in service.get("volumes", []) if one.startswith("./deploy/secrets/keys")]
        if name not in ("worker", "actions"):
            assert not mounted and KEY_FOLDER not in service.get("environment", {}), name
            continue
        assert mounted == [f"./deploy/secrets/keys:{service['environment'][KEY_FOLDER]}:ro"]


def test_every_secret_is_a_file_that_somebody_uses() -> None:
    document = load()
    used = {secret for service in document["services"].values() for secret in service.get("secrets", [])}
    assert set(document["secrets"]) == used
    for name, secret in document["secrets"].items():
        assert secret == {"file": f"./deploy/secrets/{name}"}


def test_images_are_pinned_by_version() -> None:
    for name, service in services().items():
        image, _, tag = service["image"].rpartition(":")
        assert image and re.match(r"\d+\.?\d*", tag), f"{name}: {service['image']}"


def test_mounted_files_exist() -> None:
    for service in services().values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source in (INBOXES, "./deploy/secrets/keys"):
                continue  # make-secrets.sh makes it
            if source.startswith("."):
                assert (TOP / source).is_file(), source
            else:
                assert source in load()["volumes"]


def test_what_strangers_can_make_a_gateway_hold_fits_into_its_memory() -> None:
    """All at once: a picture in its own process, a password, and the bodies that are arriving. Forms with files are on disk."""
    idle = 135 * MB  # as `make run` measures it
    assert idle + DATA_BYTES + AT_ONCE * HASH_BYTES + MOST <= 512 * MB
    assert services()["gateway"]["mem_limit"] == "512m"
