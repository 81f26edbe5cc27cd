"""The page from which a site's owner copies the chat's lines."""

import json
from pathlib import Path

from console.admin.embedding import Version, version_of
from tests.support.console import RunningConsole


def _built(folder: Path, script: str, integrity: str) -> Path:
    (folder / "widget").mkdir(parents=True, exist_ok=True)
    (folder / "widget" / "version.json").write_text(json.dumps({"script": script, "integrity": integrity}))
    return folder


def test_a_version_names_a_script_and_its_fingerprint(tmp_path: Path) -> None:
    fingerprint = "sha384-" + "A" * 64
    assert version_of(tmp_path) is None
    assert version_of(_built(tmp_path, "civicdesk-0A1B2C3D.js", fingerprint)) == Version(
        "civicdesk-0A1B2C3D.js", fingerprint
    )
    for script, wrong in (('x"><script>', fingerprint), ("civicdesk-0A1B2C3D.js", 'sha384-"')):
        assert version_of(_built(tmp_path, script, wrong)) is None


async def test_the_lines_are_those_of_this_gateway(console: RunningConsole) -> None:
    admin = await console.signed_in(role="admin")
    page = await admin.get("/console/embedding")
    assert '&lt;civicdesk-chat server="' + console.base + '" emergency="911"&gt;' in page.text
    assert f"connect-src {console.base}" in page.visible
    assert "No other site may use the chat yet." in page.visible
    assert 'href="/console/embedding"' in (await admin.get("/console/inboxes")).text
