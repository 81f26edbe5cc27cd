"""The words of an HTML mail, for a person to read and a bot to understand. Nothing of it is ever shown as HTML.

selectolax reads HTML as browsers do. Its time grows with the length, but for elements left open by the thousand
and for sibling selectors: the first are cut off, the second not used.
"""

import re
from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

LONGEST = 256 * 1024
MOST_NODES = 50_000
SILENT = frozenset(
    {"head", "script", "style", "template", "noscript", "title", "meta", "link", "object", "embed"}
    | {"iframe", "svg", "math", "form", "button", "select", "textarea", "audio", "video", "canvas"}
)
"""Active content, and what no reader sees."""
BLOCKS = frozenset(
    {"p", "div", "section", "article", "header", "footer", "table", "tr", "ul", "ol", "dl", "dt", "dd"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "pre", "address", "center", "hr", "blockquote"}
)
PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol"})
QUOTES = (
    "blockquote[type=cite]",
    "blockquote.gmail_quote",
    "div.gmail_quote",
    "div.yahoo_quoted",
    "div.moz-cite-prefix",
)
"""How Apple Mail, Gmail, Yahoo and Thunderbird mark the mail that is answered."""
QUOTES_FROM_HERE = ("#divRplyFwdMsg", "#appendonsend")  # Outlook: this element, and all after it beside it
MOST_OPEN = 2_000
VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0", re.IGNORECASE)
_BREAK, _GAP = "\n", "\n\n"


def html_text(html: str) -> str:
    """The visible words, a block on its own line, links without their address where the words say it."""
    tree = LexborHTMLParser(_shallow(html[:LONGEST]))
    answered = frozenset(node.mem_id for node in _answered(tree))
    # A mail of nothing but a quote is a forwarded one: then the quote is the message.
    return _words(tree.body, answered) or _words(tree.body, frozenset())


def _answered(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    for selector in QUOTES:
        yield from tree.css(selector)
    for selector in QUOTES_FROM_HERE:
        node = tree.css_first(selector)
        while node is not None:
            yield node
            node = node.next


def _shallow(html: str) -> str:
    """The beginning of it in which no more than so many elements are open at a time."""
    still: Counter[str] = Counter()
    depth = 0
    for found in _TAG.finditer(html):
        name = found[2].lower()
        if name in VOID:
            continue
        if not found[1]:
            still[name] += 1
            depth += 1
            if depth > MOST_OPEN:
                return html[: found.start()]
        elif still[name]:
            still[name] -= 1
            depth -= 1
    return html


def _words(body: LexborNode | None, without: frozenset[int]) -> str:
    """The tree walked with a stack of our own: a stranger's HTML may be deeper than Python's."""
    out: list[str] = []
    stack: list[tuple[LexborNode | None, str]] = [(body, "")]
    seen = 0
    while stack and seen < MOST_NODES:
        node, closing = stack.pop()
        if node is None:
            out.append(closing)
            continue
        seen += 1
        tag = node.tag or ""
        if tag == "-text":
            out.append(re.sub(r"[ \t\r\n\f]+", " ", node.text_content or ""))
            continue
        if tag in SILENT or tag.startswith(("-", "!")) or node.mem_id in without or _unseen(node):
            continue
        before, after = _around(tag)
        out.append(before)
        stack.append((None, after))
        stack.extend((child, "") for child in reversed(list(node.iter(include_text=True))))
    return _tidy("".join(out))


def _around(tag: str) -> tuple[str, str]:
    if tag == "br":
        return _BREAK, ""
    if tag == "li":
        return "\n- ", ""
    if tag in PARAGRAPHS:
        return _GAP, _GAP
    if tag in BLOCKS:
        return _BREAK, _BREAK
    return ("", " ") if tag in ("td", "th") else ("", "")


def _unseen(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(HIDDEN.search((attributes.get("style") or "")[:1_000]))


def _tidy(text: str) -> str:
    lines = [" ".join(line.split(" ")).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
