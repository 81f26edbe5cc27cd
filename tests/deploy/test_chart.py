"""The Helm chart: valid for Kubernetes, no less restricted than docker-compose.yml, and consistent with it.
helm renders it and the Kubernetes schemas validate it. It is not run on a cluster here.
"""

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.deploy.chart import CHART, LEAST, Object, faults, helm, named, render
from tests.deploy.compose import TOP, load, services

PROCESSES = ("gateway", "worker", "actions", "bot")
PODS = (*PROCESSES, "trainer", "prepare")
SIZES = {"m": "Mi", "g": "Gi"}


@pytest.fixture(scope="module")
def objects() -> list[Object]:
    return render(demo=True)


@pytest.fixture(scope="module")
def pods(objects: list[Object]) -> dict[str, Object]:
    """Component -> pod spec."""
    found = named(objects, "Deployment") | named(objects, "Job")
    return {name: one["spec"]["template"]["spec"] for name, one in found.items()}


def container(pod: Object) -> Object:
    (only,) = pod["containers"]
    found: Object = only
    return found


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"demo": True, "autoscaling": {"enabled": False, "cpu": 60}},
        {"ingress": {"enabled": False}, "media": {"existingClaim": "photos"}},
        {"image": {"app": {"repository": "r/app", "tag": "2.0"}, "bot": {"repository": "r/bot", "tag": "2.0"},
                   "pullSecrets": [{"name": "registry"}]}, "media": {"storageClass": "files", "size": "1Gi"}},
    ],
)  # fmt: skip
def test_what_is_rendered_keeps_the_schemas_of_kubernetes(more: dict[str, Any]) -> None:
    found = render(**more)
    assert len(found) > 15 and [fault for one in found for fault in faults(one)] == []
    names = [(one["kind"], one["metadata"]["name"]) for one in found]
    assert len(names) == len(set(names))


def test_a_slip_is_seen_by_that_check(objects: list[Object]) -> None:
    for place, wrong in (
        ("replicaz", 2),
        ("strategy", {"type": "RollingUpdate", "rollingUpdat": {}}),
        ("paused", "yes"),
    ):
        broken = copy.deepcopy(named(objects, "Deployment")["gateway"])
        broken["spec"][place] = wrong
        assert faults(broken), place


def test_helm_itself_has_nothing_against_it() -> None:
    done = helm("lint", "--strict", str(CHART))
    assert done.returncode == 0 and "WARNING" not in done.stdout, done.stdout


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"publicUrl": "http://desk.example.org"}, "publicUrl"),
        ({"publicUrl": "https://desk.example.org/chat"}, "publicUrl"),
        ({"postgresql": {"port": 5432, "peers": []}}, "postgresql"),
        ({"networkPolicies": {"enabled": False}}, "networkPolicies"),
        ({"image": {"app": {"repository": "a", "tag": "latest"}}}, "tag"),
        ({"trustedProxies": 0}, "trustedProxies"),
    ],
)
def test_a_value_that_would_open_or_break_something_is_refused(wrong: dict[str, Any], says: str) -> None:
    done = helm("template", "x", str(CHART), values=LEAST | wrong)
    assert done.returncode != 0 and says in done.stderr


@pytest.mark.parametrize("name", PODS)
def test_a_pod_can_do_no_more_than_it_must(pods: dict[str, Object], name: str) -> None:
    """The "restricted" standard of Kubernetes, and what compose asks for besides."""
    pod, only = pods[name], container(pods[name])
    uid, gid = (int(part) for part in services()[name]["user"].split(":"))
    assert pod["securityContext"] == {
        "runAsNonRoot": True, "runAsUser": uid, "runAsGroup": gid, "fsGroup": gid,
        "fsGroupChangePolicy": "OnRootMismatch", "seccompProfile": {"type": "RuntimeDefault"},
    }  # fmt: skip
    assert only["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
    }  # fmt: skip
    assert pod["automountServiceAccountToken"] is False
    # Kubernetes would set CIVICDESK_BOT_PORT=tcp://… for a service of that name, and the bot reads that variable.
    assert pod["enableServiceLinks"] is False
    assert not {"hostNetwork", "hostPID", "hostIPC", "initContainers", "hostAliases"} & set(pod)
    for volume in pod["volumes"]:
        assert set(volume) - {"name"} <= {"secret", "emptyDir", "persistentVolumeClaim"}
        if "emptyDir" in volume:
            assert volume["emptyDir"]["medium"] == "Memory" and volume["emptyDir"]["sizeLimit"]
    writable = {one["mountPath"] for one in only["volumeMounts"] if not one.get("readOnly")}
    assert writable == {"/tmp"} | ({"/var/lib/civicdesk/media"} if name in ("gateway", "worker") else set())


@pytest.mark.parametrize("name", PODS)
def test_command_environment_memory_and_secrets_are_those_of_compose(
    pods: dict[str, Object], name: str
) -> None:
    service, pod, only = load({"CIVICDESK_PUBLIC_URL": LEAST["publicUrl"], "CIVICDESK_DEMO": "1"})["services"][name], pods[name], container(pods[name])  # fmt: skip
    assert only["command"] == service["command"]
    environ = {one["name"]: one["value"].replace("civicdesk-", "") for one in only["env"]}
    expected = dict(service["environment"])
    if name == "gateway":
        # Compose's proxy is ours and has a network of its own; an ingress controller is and has neither.
        assert expected.pop("CIVICDESK_PROXY_NETWORKS") and environ.pop("CIVICDESK_PROXY_NETWORKS") == ""
        assert (expected.pop("CIVICDESK_PROXY_REQUEST_IDS"), environ.pop("CIVICDESK_PROXY_REQUEST_IDS")) == (
            "1",
            "0",
        )
    assert environ == expected
    size, unit = service["mem_limit"][:-1], SIZES[service["mem_limit"][-1]]
    assert only["resources"]["limits"] == {"memory": f"{size}{unit}"}, "and no limit on processors"
    (scratch,) = service["tmpfs"]
    assert f"{scratch.split('size=')[1].split('m,')[0]}Mi" == _volume(pod, "tmp")["emptyDir"]["sizeLimit"]
    items = _volume(pod, "secrets")["secret"]["items"] if "secrets" in service else []
    assert all(item["key"] == item["path"] for item in items)
    assert {item["key"] for item in items} == set(service.get("secrets", []))
    assert only["image"] == service["image"]
    for folder in ("inboxes", "keys"):
        mounted = any(f"/run/{folder}" in volume for volume in service.get("volumes", []))
        assert any(volume["name"] == folder for volume in pod["volumes"]) is mounted


def _volume(pod: Object, name: str) -> Object:
    (found,) = (one for one in pod["volumes"] if one["name"] == name)
    return found


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_is_watched_and_stopped_as_under_compose(pods: dict[str, Object], name: str) -> None:
    only = container(pods[name])
    probe = services()[name]["healthcheck"]["test"][-1]
    paths = {f"http://127.0.0.1:{one['httpGet']['port']}{one['httpGet']['path']}"
             for one in (only["livenessProbe"], only["readinessProbe"])}  # fmt: skip
    assert probe in paths
    assert only["startupProbe"]["httpGet"] == only["livenessProbe"]["httpGet"]
    start = only["startupProbe"]
    patience = int(services()[name]["healthcheck"]["start_period"].removesuffix("s"))
    assert start["periodSeconds"] * start["failureThreshold"] >= patience
    grace = int(services()[name]["stop_grace_period"].removesuffix("s"))
    waits = int(only["lifecycle"]["preStop"]["exec"]["command"][1]) if "lifecycle" in only else 0
    assert pods[name]["terminationGracePeriodSeconds"] >= grace + waits


def test_a_database_that_is_away_restarts_nobody(pods: dict[str, Object]) -> None:
    for name in ("gateway", "worker"):
        assert container(pods[name])["livenessProbe"]["httpGet"]["path"] == "/live"
        assert container(pods[name])["readinessProbe"]["httpGet"]["path"] == "/ready"


def _reaches(objects: list[Object]) -> Iterator[tuple[str, str, int]]:
    """(who, whom, port) where the one may go out and the other lets it in; `whom` of the city's own words is a name."""
    policies = named(objects, "NetworkPolicy")
    for who, policy in policies.items():
        for rule in policy["spec"]["egress"]:
            for peer in rule["to"]:
                for port in rule["ports"]:
                    yield who, _who(peer), port["port"]


def _who(peer: Object) -> str:
    if "podSelector" in peer:
        return str(peer["podSelector"]["matchLabels"]["app.kubernetes.io/component"])
    known = {"10.0.5.10/32": "postgres", "10.0.5.11/32": "redis", "0.0.0.0/0": "abroad"}
    if "ipBlock" in peer:
        return known[peer["ipBlock"]["cidr"]]
    return str(peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"])


def test_the_policies_allow_what_the_networks_of_compose_allow(objects: list[Object]) -> None:
    document = load()
    networks = {name: set(service["networks"]) for name, service in document["services"].items()}
    out = {network for network, how in document["networks"].items() if not how.get("internal")}
    reached: dict[str, set[tuple[str, int]]] = {}
    for who, whom, port in _reaches(objects):
        if whom == "kube-system":
            assert port == 53
        elif whom == "abroad":
            assert networks[who] & out, f"{who} has no way out under compose"
        else:
            assert networks[who] & networks[whom], f"{who} and {whom} do not meet under compose"
            reached.setdefault(who, set()).add((whom, port))
    # And everything that the environment names is reachable.
    assert reached == {
        "gateway": {("postgres", 5432), ("redis", 6379)},
        "worker": {("postgres", 5432), ("redis", 6379), ("gateway", 8080), ("bot", 5005)},
        "actions": {("gateway", 8080)},
        "bot": {("postgres", 5432), ("actions", 5055)},
        "trainer": {("postgres", 5432)},
        "prepare": {("postgres", 5432)},
    }
    abroad = {who for who, whom, _ in _reaches(objects) if whom == "abroad"}
    assert abroad == {name for name in PODS if networks[name] & out}
    assert "bot" not in abroad and "prepare" not in abroad


def test_each_pod_accepts_its_callers_and_no_others(objects: list[Object]) -> None:
    policies = named(objects, "NetworkPolicy")
    let_in = {
        name: {(_who(peer), port["port"]) for rule in policy["spec"]["ingress"] for peer in rule["from"] for port in rule["ports"]}
        for name, policy in policies.items()
    }  # fmt: skip
    inside = {(who, whom, port) for who, whom, port in _reaches(objects) if whom in PODS}
    assert inside == {
        (who, name, port) for name, all_of in let_in.items() for who, port in all_of if who in PODS
    }
    others = {name: {who for who, _ in all_of if who not in PODS} for name, all_of in let_in.items()}
    assert others == {
        "gateway": {"ingress-nginx", "monitoring"}, "worker": {"monitoring"},
        **{name: set() for name in ("actions", "bot", "trainer", "prepare")},
    }  # fmt: skip
    for policy in policies.values():
        assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]


def test_every_pod_is_under_one_policy_and_nothing_selects_another_release() -> None:
    found = render("second")
    pods = {**named(found, "Deployment"), **named(found, "Job")}
    for kind in ("NetworkPolicy", "PodDisruptionBudget"):
        for name, one in named(found, kind).items():
            selector = one["spec"].get("podSelector") or one["spec"]["selector"]
            assert selector["matchLabels"] == pods[name]["spec"]["template"]["metadata"]["labels"]
            assert selector["matchLabels"]["app.kubernetes.io/instance"] == "second"
    assert set(named(found, "NetworkPolicy")) == set(PODS)


def test_the_internet_reaches_only_the_gateway_over_tls(objects: list[Object]) -> None:
    (ingress,) = (one for one in objects if one["kind"] == "Ingress")
    assert ingress["spec"]["tls"] == [{"hosts": ["desk.example.org"], "secretName": "civicdesk-tls"}]
    (rule,) = ingress["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    service = named(objects, "Service")["gateway"]
    assert path["backend"]["service"] == {"name": service["metadata"]["name"], "port": {"number": 8080}}
    for one in named(objects, "Service").values():
        assert one["spec"].get("type", "ClusterIP") == "ClusterIP"
    assert set(named(objects, "Service")) == {"gateway", "actions", "bot"}


def test_what_grows_grows_and_what_is_evicted_is_evicted_one_by_one(objects: list[Object]) -> None:
    scalers, deployments = named(objects, "HorizontalPodAutoscaler"), named(objects, "Deployment")
    assert set(scalers) == {"gateway", "worker", "bot"}
    for name, scaler in scalers.items():
        assert scaler["spec"]["scaleTargetRef"]["name"] == deployments[name]["metadata"]["name"]
        assert scaler["spec"]["minReplicas"] >= 2
        assert "replicas" not in deployments[name]["spec"], (
            "the scaler's word would be undone at each release"
        )
        assert container(deployments[name]["spec"]["template"]["spec"])["resources"]["requests"]["cpu"]
    for name, one in named(objects, "PodDisruptionBudget").items():
        least = (
            scalers[name]["spec"]["minReplicas"] if name in scalers else deployments[name]["spec"]["replicas"]
        )
        assert one["spec"]["maxUnavailable"] == 1 < least, "else no machine could ever be emptied"
    fixed = named(render(autoscaling={"enabled": False, "cpu": 60}), "Deployment")
    replicas = {name: one["spec"]["replicas"] for name, one in fixed.items()}
    assert replicas == {"trainer": 1, **dict.fromkeys(PROCESSES, 2)}


def test_the_schema_is_made_before_the_processes_change(objects: list[Object]) -> None:
    (job,) = named(objects, "Job").values()
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert job["spec"]["template"]["spec"]["restartPolicy"] == "Never"
    plain = container(named(render(), "Job")["prepare"]["spec"]["template"]["spec"])
    assert {one["name"]: one["value"] for one in plain["env"]}["CIVICDESK_DEMO"] == "0"
    assert "PASSWORD" not in yaml.safe_dump(plain)


def test_the_chart_holds_no_secret_and_photos_outlive_it(objects: list[Object]) -> None:
    assert not [one for one in objects if one["kind"] in ("Secret", "ConfigMap")]
    (claim,) = (one for one in objects if one["kind"] == "PersistentVolumeClaim")
    assert claim["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]


def test_the_readme_tells_how_to_make_the_secret_with_every_key(pods: dict[str, Object]) -> None:
    told = (
        (TOP / "deploy/README.md")
        .read_text()
        .split("create secret generic civicdesk --", 1)[1]
        .split("create secret")[0]
    )
    keys = {item["key"] for name in PODS for item in _volume(pods[name], "secrets")["secret"]["items"]}
    assert set(re.findall(r"from-file=(\w+)", told)) == keys
