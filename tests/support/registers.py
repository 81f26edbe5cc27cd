"""Two registers of different shape, as a city maps them, and the answers that their services give."""

import json
from typing import Any

import msgspec

from city.registers.model import RegisterConfig

PERMIT = {
    "permit": {
        "no": "2026-123",
        "state": "ISSUED",
        "decided": "2026-11-20T09:30:00",
        "steps": [{"state": "done", "name": "CHECK"}, {"state": "open", "name": "PAY_FEE"}],
        "applicant": {"born": "1985-03-04", "post code": "10115"},
    }
}
FINE = {"results": [{"id": 20261234, "status code": 7, "due": "2026-12-20"}], "error": None}


def permits(url: str, **further: Any) -> RegisterConfig:
    """One object in another, a key in a header, and the birth date before anything is told."""
    return msgspec.convert(
        {
            "name": "permits",
            "title": {"en": "building permit", "es": "licencia de obras", "fr": "permis de construire"},
            "url": f"{url}/api/permits/{{number}}?expand=steps",
            "reference_pattern": "20[0-9]{2}-[0-9]{3,6}",
            "auth": {"kind": "header", "name": "X-Key", "secret_env": "PERMITS_KEY"},
            "values": {
                "number": "$.permit.no",
                "status": "$.permit.state",
                "date": "$.permit.decided",
                "next_step": "$.permit.steps[?@.state=='open'].name",
            },
            "words": {
                "ISSUED": {"en": "it was granted.", "es": "fue concedida."},
                "PAY_FEE": {"en": "pay the fee", "es": "pagar la tasa"},
            },
            "errors": {"423": {"en": "It is being moved to another office. Ask again tomorrow."}},
            "identity": [
                {
                    "path": "$.permit.applicant.born",
                    "kind": "date",
                    "prompt": {"en": "When were you born?", "es": "¿Cuándo nació?"},
                }
            ],
            **further,
        },
        RegisterConfig,
    )


def fines(url: str, **further: Any) -> RegisterConfig:
    """A list with one element, numbers for texts, a key in the address, errors with HTTP 200; anybody may ask."""
    return msgspec.convert(
        {
            "name": "fines",
            "title": {"en": "parking fine"},
            "url": f"{url}/search?ref={{number}}",
            "reference_pattern": "[0-9]{8}",
            "auth": {"kind": "query", "name": "token", "secret_env": "FINES_KEY"},
            "values": {
                "number": "$.results[0].id",
                "status": "$.results[0]['status code']",
                "date": "$.results[0].due",
                "error": "$.error.code",
            },
            "words": {"7": {"en": "it is not paid yet."}},
            "errors": {"E17": {"en": "Fines of the police are not here. Call 555-0100."}},
            "public": True,
            **further,
        },
        RegisterConfig,
    )


def as_json(document: object) -> str:
    """What the service writes."""
    return json.dumps(document)
