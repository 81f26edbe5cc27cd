"""Whatever a citizen writes is shown as text, in every template."""

import re
from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

import pytest
from jinja2 import UndefinedError

from console.rendering import TEMPLATES, environment
from desk.store import georeport, requests
from desk.store.georeport import NewGeoRequest
from tests.support.console import RunningConsole

HOSTILE = [
    "<script>alert(1)</script>",
    "</bdi></p><img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "\u202eevil\u202c \u2066x",
    "javascript:alert(1)",
    "x" * 10_000,
    "&lt;b&gt; & \x01\x7f",
]


class Tags(HTMLParser):
    """The elements and attributes that a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_stays_text_on_every_page(console: RunningConsole, words: str) -> None:
    # As long as the hostile ones: a page may fold what is long.
    calm, hostile = await _pages(console, "c" * len(words)), await _pages(console, words)
    for path, text in hostile.items():
        tags = Tags()
        tags.feed(_without_offers(text))
        plain = Tags()
        plain.feed(_without_offers(calm[path]))
        assert tags.tags == plain.tags, path  # not one element more
        assert words in tags.words or path == "answers", path
        assert not [name for _, name, _ in tags.attributes if name.startswith("on")], path
        for tag, name, value in tags.attributes:
            if name in ("href", "src", "action"):
                assert value.startswith(("/", "#", "https://")), value
            if words in value:
                # A form field's own text, and the name of a contact's checkbox in the list: both are escaped.
                assert (tag, name) == ("input", "value") or value == f"Choose {words}", (tag, name, value)


def _without_offers(page: str) -> str:
    """Which approved answers are offered depends on the words, and none of those words is the citizen's."""
    return re.sub(r"<section data-offers>.*?</section>", "", page, flags=re.DOTALL)


async def _pages(console: RunningConsole, words: str) -> dict[str, str]:
    """Every page of the console, with these words wherever a citizen's may stand."""
    await console.store.pool.execute(
        "TRUNCATE contacts, agents, georeport_requests, service_requests, audit CASCADE"
    )
    waiting = await console.queued(name=words, text=words, summary=words)
    await console.store.pool.execute("UPDATE contacts SET email = $1, phone = $1", words)
    await console.say(
        waiting,
        words,
        content={
            "location": {"latitude": 1.0, "longitude": 2.0, "label": words},
            "attachments": [{"id": str(uuid4()), "content_type": words}],
            "buttons": [{"id": "b", "title": words}],
        },
    )
    carla = await console.signed_in("Carla Rossi", "supervisor")
    id = uuid4()
    await requests.add_request(
        console.store.pool, id=id, conversation_id=waiting.id, contact_id=waiting.contact_id, backend="requests",
        service_code=words, payload={}, now=console.clock(),
    )  # fmt: skip
    await console.store.pool.execute(
        "UPDATE service_requests SET state = 'filed', reference = $1, status = 'open', raw_status = $1", words
    )
    await georeport.add_request(
        console.store.pool, "SR-AAAA-BBBB", "t", NewGeoRequest(words, words, words), console.clock(), None
    )
    await georeport.set_status(console.store.pool, "SR-AAAA-BBBB", "open", words, console.clock())
    paths = {
        "queue": "/console/",
        "list": "/console/list?tab=open",
        "conversation": f"/console/conversations/{waiting.id}",
        "live": f"/console/conversations/{waiting.id}/live",
        "requests": "/console/requests",
    }
    pages = {}
    for name, path in paths.items():
        answer = await carla.get(path)
        assert answer.status == 200, answer.visible[:300]
        pages[name] = answer.text.replace("\r", "")
    return pages


async def test_a_hostile_e_mail_comes_back_as_text_in_the_sign_in_form(console: RunningConsole) -> None:
    answer = await console.browser().sign_in('"><script>alert(1)</script>@x.yz\x00', "wrong password here")
    assert answer.status == 401
    tags = Tags()
    tags.feed(answer.text)
    assert tags.tags.count("script") == 1
    assert any("<script>alert(1)" in value for _, name, value in tags.attributes if name == "value")


def test_every_template_escapes_and_stops_at_unknown_names() -> None:
    jinja = environment()
    for path in TEMPLATES.glob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert "|safe" not in source and "autoescape" not in source and "Markup" not in source, path.name
        assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?! type=\"module\" src=\"/assets/)", source), (
            path.name
        )
        assert not re.search(r"\s[\w-]+=\{\{", source), f"{path.name}: an attribute without quotes"
    assert jinja.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        jinja.from_string("{{ nobody_gave_this }}").render()


def test_every_form_control_has_a_label_and_every_button_a_word() -> None:
    for path in Path(TEMPLATES).glob("*.html"):
        source = re.sub(r"\{%.*?%\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        labels = set(re.findall(r'<label for="([^"]+)"', source))
        for control in re.findall(r"<(?:input|textarea|select)\b[^>]*>", source):
            if 'type="hidden"' in control:
                continue
            if 'type="checkbox"' in control and re.search(r'\saria-label="Choose \{\{', control):
                continue  # a row's checkbox: the row itself is a link, which cannot be its label
            found = re.search(r'\sid="([^"]+)"', control)
            assert found and found[1] in labels, f"{path.name}: {control}"
        for words in re.findall(r"<button[^>]*>(.*?)</button>", source, flags=re.S):
            assert re.sub(r"<[^>]*>", "", words).strip(), f"{path.name}: a button without a word"
        if "<form" in source:
            assert source.count('method="post"') == source.count('name="csrf"'), path.name
