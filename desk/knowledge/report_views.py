"""What the web chat shows about a report along with its question: the progress, the answers so far, and the controls."""

import secrets
from collections.abc import Mapping

from desk.knowledge.catalogue import Catalog
from desk.model import OfferedButton, ReportProgress
from desk.runtime.sanitize import sanitize_mapping

RESPONSE = "report_view"
_DOES = {"undo": "back", "pause": "later", "continue_report": "continue", "affirm": "send", "stop": "stop"}
_QUESTION = "question"


def report_controls(report: ReportProgress, catalog: Catalog, language: str) -> dict[str, OfferedButton]:
    """Buttons by new ids: those of this step, and one for each answer to change."""
    offered = {_does(one): one for one in catalog.system(RESPONSE, language).buttons}
    wanted = ["continue"] if report.paused else ["later"]
    wanted += ["back"] if report.step > 1 else []
    wanted += ["stop", *(["send"] if report.answers else [])]
    found = [offered[does] for does in wanted]
    for answer in report.answers:
        change = offered.get(answer.part) or offered[_QUESTION]
        found.append(OfferedButton(change.title, change.intent, {"part": answer.part}))
    return {secrets.token_urlsafe(12): one for one in found}


def report_kept(report: ReportProgress, controls: Mapping[str, OfferedButton]) -> dict[str, object]:
    """As a message's stored content."""
    answers: list[dict[str, object]] = [
        {"part": one.part, "title": one.title, "text": one.text} for one in report.answers
    ]
    return {
        "step": report.step,
        "steps": report.steps,
        "paused": report.paused,
        "answers": [sanitize_mapping(one) for one in answers],
        "controls": [{"id": key, "title": one.title, "does": _does(one)} for key, one in controls.items()],
    }


def _does(offer: OfferedButton) -> str:
    return _DOES.get(offer.intent) or str(offer.entities.get("part", ""))
