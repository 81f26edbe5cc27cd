"""Splits an HTML page into passages, one or more per heading, word for word. Navigation, forms and scripts are left out."""

import re
from dataclasses import dataclass
from datetime import date

from selectolax.lexbor import LexborHTMLParser, LexborNode

from desk.store.knowledge.pages import NewPassage

LONGEST, SHORTEST = 1_200, 20
"""Characters of a passage. A longer text is cut between its paragraphs, or else between sentences."""
MOST_PASSAGES = 80
DEEPEST = 200
"""Elements within each other that are read."""
LEFT_OUT = "script, style, noscript, template, svg, nav, form, button, select, dialog, aside, [hidden], [aria-hidden=true]"
OUTSIDE = "header, footer"
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
BLOCKS = frozenset(
    [
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "caption",
        "blockquote",
        "div",
        "section",
        "article",
        "main",
        "ul",
        "ol",
        "dl",
        "table",
        "tbody",
        "thead",
        "h5",
        "h6",
        "pre",
        "figcaption",
        "address",
    ]
)
CELLS = frozenset({"td", "th"})
_SPACE = re.compile(r"\s+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s")
_BLANK = re.compile(r"\{\{|\{%")
"""What a server fills in: a passage with it is not what citizens read."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class ReadPage:
    """`changed_on`: the day that the page itself says, if any. `hidden`: it asks search engines not to show it."""

    title: str
    language: str | None
    changed_on: date | None
    hidden: bool
    passages: tuple[NewPassage, ...]


def read_page(html: bytes) -> ReadPage:
    """The page's title and passages; no passage if it has no text."""
    tree = LexborHTMLParser(html)
    root = tree.css_first("html")
    title = tree.css_first("title")
    heading = tree.css_first("h1")
    named = _plain(title.text()) if title else ""
    language = (root.attributes.get("lang") or "") if root else ""
    hidden = any("noindex" in (one.attributes.get("content") or "") for one in tree.css("meta[name=robots]"))
    changed = _changed_on(tree)
    for node in tree.css(LEFT_OUT):
        node.decompose()
    body = tree.css_first("main") or tree.css_first("article") or tree.body
    if body is not None and body.tag == "body":
        for node in body.css(OUTSIDE):
            node.decompose()
    return ReadPage(
        title=(named or (_plain(heading.text()) if heading else ""))[:200],
        language=language.split("-")[0].lower() or None,
        changed_on=changed,
        hidden=hidden,
        passages=tuple(_passages(body)) if body is not None else (),
    )


def shown(text: str, most: int) -> str:
    """The beginning of a passage in whole sentences, as far as `most` characters go; its words are not changed."""
    if len(text) <= most:
        return text
    ends = [found.start() for found in re.finditer(r"(?<=[.!?…])\s|\n", text[:most])]
    cut = text[: ends[-1]] if ends else text[:most].rpartition(" ")[0] or text[:most]
    return f"{cut.rstrip()} …"


def _passages(body: LexborNode) -> list[NewPassage]:
    found: list[NewPassage] = []
    for heading, lines in _sections(body):
        for text in _cut([line for line in lines if line and not _BLANK.search(line)]):
            if len(text) >= SHORTEST and len(found) < MOST_PASSAGES:
                found.append(NewPassage(heading[:200], text))
    return found


def _sections(body: LexborNode) -> list[tuple[str, list[str]]]:
    """(heading, lines of text below it), in the order of the page. A line that is nothing but a link is navigation."""
    sections: list[tuple[str, list[str]]] = [("", [])]
    line: list[str] = []
    said = [False]  # whether the line says something beside links

    def end_line() -> None:
        text = _plain("".join(line))
        if text and said[0]:
            sections[-1][1].append(text)
        line.clear()
        said[0] = False

    def walk(node: LexborNode, depth: int, linked: bool = False) -> None:
        before = ""
        for child in node.iter(include_text=True):
            tag = child.tag
            if tag == before == "span":  # two labels side by side, drawn apart by the page's style
                line.append(" ")
            before = tag or ""
            if tag == "-text":
                text = child.text(deep=False)
                line.append(text)
                said[0] |= not linked and bool(text.strip())
            elif tag in HEADINGS:
                end_line()
                if heading := _plain(child.text()):
                    sections.append((heading, []))
            elif tag == "br":
                line.append(" ")
            elif tag is not None and not tag.startswith("-") and depth < DEEPEST:
                if tag in BLOCKS:
                    end_line()
                walk(child, depth + 1, linked or tag == "a")
                if tag in BLOCKS:
                    end_line()
                elif tag in CELLS:
                    line.append(" ")

    walk(body, 0)
    end_line()
    return sections


def _cut(lines: list[str]) -> list[str]:
    """Texts of at most LONGEST characters, each of whole lines where that is possible."""
    texts: list[str] = []
    together: list[str] = []
    for line in (piece for whole in lines for piece in _pieces(whole)):
        if together and sum(len(one) + 1 for one in together) + len(line) > LONGEST:
            texts.append("\n".join(together))
            together = []
        together.append(line)
    return [*texts, *(["\n".join(together)] if together else [])]


def _pieces(line: str) -> list[str]:
    if len(line) <= LONGEST:
        return [line]
    pieces: list[str] = []
    kept = ""
    for sentence in _SENTENCE.split(line):
        if kept and len(kept) + len(sentence) >= LONGEST:
            pieces.append(kept)
            kept = ""
        kept = f"{kept} {sentence}".strip()[:LONGEST]
    return [*pieces, kept]


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _changed_on(tree: LexborHTMLParser) -> date | None:
    """From the names that public bodies' systems use for it."""
    for name in ("dcterms.modified", "article:modified_time", "last-modified", "dcterms.date"):
        node = tree.css_first(f'meta[name="{name}"], meta[property="{name}"]')
        found = _DAY.match((node.attributes.get("content") or "").strip()) if node else None
        if found:
            try:
                return date.fromisoformat(found[0])
            except ValueError:
                continue
    return None
