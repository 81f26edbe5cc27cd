"""What operators look at: every expression of a dashboard, an alert or the runbook is about something that is exported."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from desk.runtime.metrics import LIMITS, OUTCOMES, PARTS
from desk.runtime.metrics import Metrics as WorkerMetrics
from desk.store.inbound.backlog import Backlog, Waiting
from desk.store.waits.statements import CalibrationRow
from gateway.ops.metrics import GatewayMetrics
from tests.deploy.compose import TOP

DASHBOARDS = sorted((TOP / "deploy/dashboards").glob("*.json"))
RUNBOOK = (TOP / "docs/runbook.md").read_text()
ALERTS = [rule for group in yaml.safe_load((TOP / "deploy/alerts.yml").read_text())["groups"] for rule in group["rules"]]  # fmt: skip
METRIC = re.compile(r"(civicdesk_\w+)(?:\{([^}]*)\})?")
VALUES = {
    "outcome": set(OUTCOMES),
    "part": set(PARTS),
    "state": {"dead", "unknown"},
    "result": {"sent", "later", "unknown", "dead"},
    "limit": set(LIMITS),
}


def _panels() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in DASHBOARDS:
        for panel in json.loads(path.read_text())["panels"]:
            yield f"{path.stem}: {panel['title']}", panel


EXPRESSIONS = {
    **{f"{name} {target['refId']}": target["expr"] for name, panel in _panels() for target in panel["targets"]},
    **{rule["alert"]: rule["expr"] for rule in ALERTS},
}  # fmt: skip


def _labels() -> dict[str, set[str]]:
    """Sample name -> its labels, as a gateway and a worker that have seen everything show them."""
    worker, gateway = WorkerMetrics(), GatewayMetrics(["sms"])
    some = Waiting(1, 1.0)
    worker.backlog(Backlog(some, some, some, some, {"sms": some}, {("sms", "dead"): 1}, {"sms": 1}))
    worker.delivery("sms", "sent")
    worker.taken("sms", 2)
    worker.held_back("sms", "contact_cap")
    worker.waits([CalibrationRow("front-desk", [], [], None, 1, 1, datetime.now(UTC))])
    gateway.seen("GET", "/", 200, 0.1)
    for gauge in (gateway.inbox_stopped, gateway.inbox_paused):
        gauge.labels("sms")
    found: dict[str, set[str]] = {}
    for metrics in (worker, gateway):
        registry: CollectorRegistry = metrics.registry
        for family in registry.collect():
            for sample in family.samples:
                found.setdefault(sample.name, set()).update(sample.labels)
                if hop := sample.labels.get("hop"):
                    VALUES.setdefault("hop", set()).add(hop)
    return found


LABELS = _labels()


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_reads_what_is_exported_by_labels_that_it_has(name: str) -> None:
    expression = EXPRESSIONS[name]
    read = METRIC.findall(expression)
    assert read
    labels = set.intersection(*(LABELS[metric] for metric, _ in read))
    for group in re.findall(r"by \(([^)]*)\)", expression):
        assert set(group.replace(" ", "").split(",")) <= labels, expression
    for metric, matchers in read:
        for label, how, value in re.findall(r'(\w+)(=~|!~|!=|=)"([^"]*)"', matchers):
            assert label in LABELS[metric], f"{metric} has no {label}"
            if how == "=" and label in VALUES:
                assert value in VALUES[label], f"no {label} is called {value}"


@pytest.mark.parametrize("name", [name for name, _ in _panels()])
def test_a_panel_says_which_alert_it_belongs_to_and_shows_its_labels(name: str) -> None:
    panel = dict(_panels())[name]
    named = set(re.findall(r"\b[A-Z][a-z]+[A-Z][A-Za-z]+\b", panel["description"]))
    assert named <= {rule["alert"] for rule in ALERTS}
    for target in panel["targets"]:
        grouped = {
            one.strip() for group in re.findall(r"by \(([^)]*)\)", target["expr"]) for one in group.split(",")
        }
        shown = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
        assert shown <= grouped
        assert len(panel["targets"]) == 1 or target["legendFormat"]
        assert target["datasource"] == {"type": "prometheus", "uid": "${datasource}"}


def test_every_metric_is_on_a_dashboard_and_every_alert_has_its_panel() -> None:
    shown = {_family(metric) for _, panel in _panels() for target in panel["targets"]
             for metric, _ in METRIC.findall(target["expr"])}  # fmt: skip
    assert shown == {_family(sample) for sample in LABELS}
    described = " ".join(panel["description"] for _, panel in _panels())
    assert [rule["alert"] for rule in ALERTS if rule["alert"] not in described] == []


def test_dashboards_do_not_lie_over_each_other_or_share_a_name() -> None:
    boards = [json.loads(path.read_text()) for path in DASHBOARDS]
    assert len({board["uid"] for board in boards}) == len(boards) == 3
    for board in boards:
        assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
        taken: set[tuple[int, int]] = set()
        for panel in board["panels"]:
            place = panel["gridPos"]
            cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
            assert not cells & taken and place["x"] + place["w"] <= 24
            taken |= cells


def test_what_the_runbook_names_is_exported() -> None:
    for metric, matchers in METRIC.findall(RUNBOOK):
        assert metric in LABELS or any(_family(sample) == metric for sample in LABELS), metric
        for label, value in re.findall(r'(\w+)="([^"]*)"', matchers):
            assert label in LABELS[metric] and value in VALUES[label]


def test_a_count_begins_at_zero_so_that_its_first_error_is_an_increase() -> None:
    worker, gateway = WorkerMetrics().registry, GatewayMetrics(["sms"]).registry
    for part in PARTS:
        assert worker.get_sample_value("civicdesk_broken_total", {"part": part}) == 0
    for outcome in OUTCOMES:
        assert worker.get_sample_value("civicdesk_turn_seconds_count", {"outcome": outcome}) == 0
    assert gateway.get_sample_value("civicdesk_messages_accepted_total", {"inbox": "sms"}) == 0


def _family(sample: str) -> str:
    return re.sub(r"_(bucket|count|sum|total|created)$", "", sample)
