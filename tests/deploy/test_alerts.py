"""Alerts: each rule uses an existing metric, and the runbook says what to do."""

import re

import pytest
import yaml

from desk.runtime.metrics import Metrics as WorkerMetrics
from gateway.ops.metrics import GatewayMetrics
from tests.deploy.compose import TOP

RULES = [
    rule
    for group in yaml.safe_load((TOP / "deploy/alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
# Counts for a graph: no number of them is wrong.
WITHOUT_ALERT = {
    "civicdesk_events_ignored",
    "civicdesk_streams",
    "civicdesk_photos_stored",
    "civicdesk_outbox_for_contact",
    "civicdesk_wait_coverage",
    "civicdesk_wait_hidden",
}


def _families() -> dict[str, str]:
    """Name and type of every metric that a gateway or a worker shows."""
    return {
        family.name: family.type
        for metrics in (WorkerMetrics(), GatewayMetrics())
        for family in metrics.registry.collect()
    }


def _family(sample: str) -> str:
    return re.sub(r"_(bucket|count|sum|total)$", "", sample)


def test_every_rule_is_about_a_metric_that_exists_and_every_metric_has_a_rule() -> None:
    families = _families()
    named = {_family(sample) for rule in RULES for sample in re.findall(r"civicdesk_\w+", rule["expr"])}
    assert named - families.keys() == set()
    assert families.keys() - named == WITHOUT_ALERT


def test_a_rule_reads_a_sample_of_the_right_kind() -> None:
    families = _families()
    for rule in RULES:
        for sample in re.findall(r"civicdesk_\w+", rule["expr"]):
            ending = sample.removeprefix(_family(sample))
            allowed = {"counter": {"_total"}, "gauge": {""}, "histogram": {"_bucket", "_count", "_sum"}}
            assert ending in allowed[families[_family(sample)]], f"{rule['alert']} reads {sample}"


def test_the_runbook_has_an_action_for_every_alert_and_no_other() -> None:
    table = (TOP / "docs/runbook.md").read_text().split("| alert |", 1)[1].split("\n\n", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    assert [row[0] for row in rows] == [rule["alert"] for rule in RULES]
    for row, rule in zip(rows, RULES, strict=True):
        metric = re.search(r"civicdesk_\w+", row[1])
        assert metric and _family(metric[0]) in {
            _family(sample) for sample in re.findall(r"civicdesk_\w+", rule["expr"])
        }
        assert len(row[2]) > 20


@pytest.mark.parametrize("hop", ["queue", "agents"])
def test_nobody_is_woken_for_a_wait_that_only_the_office_can_end(hop: str) -> None:
    (rule,) = [one for one in RULES if f'civicdesk_oldest_seconds{{hop="{hop}"}}' in one["expr"]]
    assert re.search(r"and min\(min_over_time\(civicdesk_office_open\[\d+[mh]\]\)\) == 1$", rule["expr"])
