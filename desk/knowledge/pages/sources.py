"""Finds the pages: the HTML files of a folder, and the addresses of a list and of a sitemap."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from city.model import PagesConfig
from desk.knowledge.pages.fetching import FetchRound
from desk.media.fetch import NotFetched

LARGEST_SITEMAP = 10 * 1024 * 1024
MOST_SITEMAPS = 50
"""Of a sitemap that lists others; those list no further ones."""
LARGEST_FILE = 2 * 1024 * 1024


def hosts_of(config: PagesConfig) -> list[str]:
    """The hosts that city.yml names; nothing is fetched from another."""
    named = [config.sitemap, *config.addresses]
    return sorted({(urlsplit(url).hostname or "").lower() for url in named if url} - {""})


def list_files(config: PagesConfig, public_url: str) -> dict[str, Path]:
    """The HTML files of the folder, by their address. Links are not followed."""
    if config.folder is None:
        return {}
    folder = Path(config.folder)
    base = f"{(config.address or public_url).rstrip('/')}/"
    found = {}
    for path in sorted(folder.rglob("*.html"))[: config.most]:
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST_FILE:
            named = path.relative_to(folder).as_posix()
            found[urljoin(base, named.removesuffix("index.html"))] = path
    return found


async def list_addresses(config: PagesConfig, fetching: FetchRound) -> list[str]:
    """The addresses of the list and of the sitemap. Raises NotFetched or Gone if the sitemap cannot be read."""
    found = list(config.addresses)
    if config.sitemap:
        urls, others = await _sitemap(config.sitemap, fetching)
        found += urls
        for other in others[:MOST_SITEMAPS]:
            found += (await _sitemap(other, fetching))[0]
            if len(found) >= config.most:
                break
    hosts = hosts_of(config)
    ours = (url for url in found if (urlsplit(url).hostname or "").lower() in hosts)
    return list(dict.fromkeys(ours))[: config.most]


async def _sitemap(url: str, fetching: FetchRound) -> tuple[list[str], list[str]]:
    """(pages, further sitemaps)."""
    body = (await fetching.get(url, largest=LARGEST_SITEMAP)).body or b""
    try:
        root = ElementTree.fromstring(body)
    except (ParseError, DefusedXmlException, ValueError):
        raise NotFetched("the sitemap is not valid XML") from None
    listed = list(_locations(root))
    return ([], listed) if root.tag.endswith("sitemapindex") else (listed, [])


def _locations(root: Iterable[object]) -> Iterable[str]:
    for entry in root:
        for part in entry:  # type: ignore[attr-defined]  # defusedxml has no types for elements
            if part.tag.endswith("}loc") or part.tag == "loc":
                text = (part.text or "").strip()
                if text:
                    yield text
