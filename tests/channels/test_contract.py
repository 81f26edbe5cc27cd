"""What the desk may expect of every channel. A new channel adds a line in specimens/.

What arrives is here; test_contract_damage.py has damaged JSON, test_contract_sending.py what is sent.
"""

from typing import Any

import pytest

from channels.base import NotAuthentic
from channels.registry import declared
from tests.channels.contract import each, sound
from tests.support.specimens.base import Specimen

pytestmark = each


def test_its_name_is_its_name(specimen: Specimen) -> None:
    assert specimen.open().name == specimen.channel
    assert {one.name for one in declared(specimen.channel)} == set(specimen.settings)


def test_an_unset_secret_does_not_start(specimen: Specimen) -> None:
    needed = [one.name for one in declared(specimen.channel) if one.secret and one.required]
    assert needed
    for name in needed:
        with pytest.raises(ValueError):
            specimen.open(**dict[str, Any]({name: ""}))


def test_what_is_not_signed_is_refused(specimen: Specimen) -> None:
    channel = specimen.open()
    for body in specimen.fixtures().values():
        channel.verify(specimen.deliver(body))
        forgeries = specimen.forgeries(body)
        assert forgeries
        for what, forged in forgeries.items():
            with pytest.raises(NotAuthentic):
                channel.verify(forged)
                pytest.fail(f"accepted: {what}")


def test_what_was_signed_before_the_secret_changed_is_refused(specimen: Specimen) -> None:
    """Stale: a good signature of yesterday's secret. An optional secret beside it changes nothing."""
    secrets: dict[str, Any] = {name: f"{specimen.settings[name]}2" for name in specimen.signs_with}
    assert secrets
    old, new = specimen.open(), specimen.open(**secrets)
    for body in specimen.fixtures().values():
        old.verify(specimen.deliver(body))
        with pytest.raises(NotAuthentic):
            new.verify(specimen.deliver(body))


def test_the_same_payload_gives_the_same_external_ids(specimen: Specimen) -> None:
    for name, body in specimen.fixtures().items():
        first = specimen.open().parse(specimen.deliver(body))
        again = specimen.open().parse(specimen.deliver(body))
        assert first == again, name
        assert len({one.external_id for one in first}) == len(first), name
        sound(first)


def test_fixtures_are_understood(specimen: Specimen) -> None:
    """A fixture is what the provider documents; what it holds is a message, a receipt, a change or nothing, never lost."""
    kinds = {
        one.kind
        for name, body in specimen.fixtures().items()
        for one in specimen.open().parse(specimen.deliver(body))
    }
    assert "message" in kinds


def test_unknown_events_are_taken_and_ignored(specimen: Specimen) -> None:
    for body in specimen.unknown:
        found = specimen.open().parse(specimen.deliver(body))
        assert all(one.kind == "ignored" and one.reason for one in found), body
        sound(found)


def test_unreadable_content_is_still_a_message(specimen: Specimen) -> None:
    """So that its author is told. Silence would be the worst answer."""
    for body in specimen.unread:
        (found,) = [one for one in specimen.open().parse(specimen.deliver(body)) if one.kind != "contact"]
        assert (found.kind, found.text, found.media, found.location) == ("message", None, (), None), body
        assert found.contact and found.reason and not found.edits
        sound([found])


def test_a_batch_loses_none(specimen: Specimen) -> None:
    body, texts = specimen.batch
    assert len(texts) >= 3 or not (specimen.fuzz and specimen.batches)
    found = specimen.open().parse(specimen.deliver(body))
    assert [one.text for one in found if one.kind == "message"] == list(texts)
    assert len({one.external_id for one in found}) == len(found)
