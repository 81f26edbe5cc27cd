"""What the tests of Messenger and Instagram share."""

from typing import Any

import pytest

from channels.base import (
    Button,
    Inbound,
    Outbound,
)
from tests.support.specimens import instagram, messenger
from tests.support.specimens.base import Specimen
from tests.support.specimens.meta_common import deliver

PAGE, INSTAGRAM = messenger.SPECIMEN, instagram.SPECIMEN
BOTH = pytest.mark.parametrize("specimen", [PAGE, INSTAGRAM], ids=lambda one: one.channel)
KEY = "4b6f3d0e-0000-4000-8000-000000000001:0"
WEBHOOK = "https://desk.lindenport.example/webhooks/page"


def parse(specimen: Specimen, body: bytes) -> list[Inbound]:
    return specimen.open().parse(deliver(body))


def told(specimen: Specimen, name: str) -> list[Inbound]:
    """What a fixture holds, without who has the thread."""
    found = parse(specimen, specimen.fixtures()[name])
    return [one for one in found if not one.external_id.endswith(":owner")]


def only(specimen: Specimen, name: str) -> Inbound:
    (found,) = told(specimen, name)
    return found


def kind_of(specimen: Specimen) -> str:
    return "page" if specimen is PAGE else "instagram"


def messages(specimen: Specimen, outbound: Outbound) -> list[Any]:
    return [request.payload["message"] for request in specimen.open().render(outbound)]


def choices(*titles: str) -> tuple[Button, ...]:
    return tuple(Button(f"b{number}", title) for number, title in enumerate(titles))
