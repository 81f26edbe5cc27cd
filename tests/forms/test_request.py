"""Sanic's own parsers of forms and JSON cannot be called."""

import re
from pathlib import Path
from typing import Any

import pytest
from sanic import Sanic
from sanic.compat import Header

from forms.request import BoundedRequest

ROOT = Path(__file__).parents[2]
READERS = re.compile(r"\brequest\.(form|files|json|get_form|load_json|parsed_\w+)\b|parse_multipart_form")


def test_no_module_uses_them() -> None:
    used = [
        f"{path.relative_to(ROOT)}:{number}"
        for package in ("gateway", "console", "forms", "desk", "channels", "actions")
        for path in sorted((ROOT / package).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if READERS.search(line) and "from forms" not in line and "forms.request.read_form" not in line
    ]
    assert used == []


def test_the_request_class_refuses_them() -> None:
    app: Sanic[Any, Any] = Sanic("forms_request", configure_logging=False)
    request = BoundedRequest(b"/", Header({}), "1.1", "POST", None, app)  # type: ignore[arg-type]  # what the test does not use is left out
    for name in ("form", "files", "json"):
        with pytest.raises(RuntimeError):
            getattr(request, name)
    with pytest.raises(RuntimeError):
        request.get_form()
    Sanic.unregister_app(app)
