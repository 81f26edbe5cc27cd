"""A browser without scripts, for the chat as a plain page."""

import html
import re

import aiohttp

from tests.support.gateway import RunningGateway


class Browser:
    """Fills in forms as they stand on the page, follows redirects, keeps cookies, runs no script."""

    def __init__(self, gateway: RunningGateway, http: aiohttp.ClientSession) -> None:
        self.gateway, self.http = gateway, http
        self.page, self.status, self.path = "", 0, ""

    async def open(self, path: str, language: str = "en") -> str:
        async with self.http.get(self.gateway.base + path, headers={"accept-language": language}) as answer:
            return await self._take(answer)

    async def send(self, path: str = "/chat", **fields: str) -> str:
        async with self.http.post(self.gateway.base + path, data={**self.hidden(), **fields}) as answer:
            return await self._take(answer)

    def hidden(self) -> dict[str, str]:
        form = self.page.rsplit('action="/chat"', 1)[-1]
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form.split("</form>")[0])
        return {name: html.unescape(value) for name, value in found}

    def cookie(self, name: str) -> str | None:
        return next((one.value for one in self.http.cookie_jar if one.key == name), None)

    async def _take(self, answer: aiohttp.ClientResponse) -> str:
        self.page, self.status, self.path = await answer.text(), answer.status, str(answer.url)
        assert answer.content_type == "text/html"
        return self.page
