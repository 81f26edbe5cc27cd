"""Embeds our pictures in a mail: our links expire one day, but a mail is kept."""

from urllib.parse import urlsplit

import aiohttp

from channels.errors import RetryLater, Undeliverable
from channels.kit.calls import CONNECT_SECONDS, TOTAL_SECONDS, keeps_secret

LARGEST = 10 * 1024 * 1024  # bytes of all pictures in one mail


async def own_pictures(
    http: aiohttp.ClientSession | None, public_url: str, images: object
) -> list[tuple[bytes, str, str]]:
    """Content, type and name of each. Read only from our own address, without following redirects."""
    found: list[tuple[bytes, str, str]] = []
    for image in images if isinstance(images, list) else []:
        url = str(image["url"])
        if http is None or urlsplit(url)[:2] != urlsplit(public_url)[:2] or not keeps_secret(url):
            raise Undeliverable("this picture is not at our own address", "picture")
        # One limit for the whole mail: memory use does not grow with the number of pictures.
        left = LARGEST - sum(len(content) for content, _, _ in found)
        found.append((await _read(http, url, left), str(image["type"]), str(image["name"])))
    return found


async def _read(http: aiohttp.ClientSession, url: str, most: int) -> bytes:
    content = bytearray()
    timeout = aiohttp.ClientTimeout(total=TOTAL_SECONDS, sock_connect=CONNECT_SECONDS)
    try:
        async with http.get(url, allow_redirects=False, timeout=timeout) as answer:
            if answer.status >= 500:
                raise RetryLater(f"our own picture cannot be read now ({answer.status})")
            if answer.status == 200:
                async for chunk in answer.content.iter_chunked(65_536):
                    content += chunk
                    if len(content) > most:
                        raise Undeliverable("our own pictures are too large for a mail", "picture")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise RetryLater(f"our own picture cannot be read now ({type(error).__name__})") from None
    if not content:
        raise Undeliverable("our own picture is gone", "picture")
    return bytes(content)
