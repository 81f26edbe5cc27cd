"""Shared by the contract tests (test_contract*.py), which check every channel in the same way."""

import json
from dataclasses import asdict, replace

import pytest

from channels.base import Inbound
from tests.support.specimens import SPECIMENS

each = pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda one: one.channel)


def sound(found: list[Inbound]) -> None:
    """What the desk may count on."""
    for one in found:
        assert one.external_id and isinstance(one.external_id, str)
        assert one.contact or one.kind in ("ignored", "receipt")
        assert one.kind != "contact" or one.change
        assert one.kind != "receipt" or one.receipt
        assert one.kind != "button" or one.button
        assert one.change != "moved" or one.moved_to
        json.dumps(asdict(replace(one, sent_at=None)), allow_nan=False)
