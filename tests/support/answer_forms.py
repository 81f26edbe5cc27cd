"""The form of an answer's page, read as a browser would send it."""

import html
import re

from tests.support.console import Answer


def form_of(page: Answer) -> dict[str, str]:
    """The answer's form as a browser would send it."""
    form = page.text.partition('class="stack answer-form"')[2].partition("</form>")[0]
    found = {
        name: html.unescape(text)
        for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)', form)
    }
    for one in re.findall(r"<input ([^>]*)>", form):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', one))
        if attributes.get("type") == "checkbox":  # none is ticked
            continue
        found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    return {name: value for name, value in found.items() if name != "csrf"}
