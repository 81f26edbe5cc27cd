"""The npm package: what it names is in it, and it works on a page of another origin than the gateway's."""

from __future__ import annotations

import json

from playwright.async_api import expect

from tests.support.browser import NewPage
from tests.support.widget import open_chat, write
from tests.web.fake_gateway import DIST, FakeGateway

PACKAGE = DIST / "package"


async def test_the_package_holds_what_it_names_and_runs(gateway: FakeGateway, new_page: NewPage) -> None:
    manifest = json.loads((PACKAGE / "package.json").read_text("utf-8"))
    entry = manifest["exports"]["."]
    assert (PACKAGE / entry["default"]).read_bytes() == (DIST / "widget" / "civicdesk.js").read_bytes()
    assert (PACKAGE / entry["types"]).read_text("utf-8").count("declare") == 2
    for pattern in manifest["files"]:
        assert list(PACKAGE.glob(pattern)), pattern

    gateway.policy = ""
    gateway.pages["shop"] = f"""<!doctype html><html lang="en"><head><title>Shop</title>
        <script type="importmap">{json.dumps({"imports": {"civicdesk-chat": "/package/civicdesk.js"}})}</script>
        <script type="module">import "civicdesk-chat";</script></head>
        <body><main><h1>Shop</h1></main><civicdesk-chat server="{gateway.url}"></civicdesk-chat></body></html>"""
    page = await new_page("site/shop")
    panel = await open_chat(page)
    await write(page, "Hello")
    await gateway.heard()
    await panel.get_by_role("button", name="Options").click()
    await expect(panel.get_by_role("button", name="Larger text")).to_be_visible()
    loaded = "performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)"
    folders = {path.split("/")[1] for path in await page.evaluate(loaded)}
    assert {"package", "chat"} <= folders and "widget" not in folders
