"""`python -m bench.mail`: a thousand generated mails through an independent IMAP server (hoodiecrow).

Every charset that we decode, in every structure that programs write, as six programs write a reply or a first mail.
Counts the outcome of each, and the longest pause between two accepted mails. Takes three minutes, most of them the
server's. Needs `make peers`.
"""

import argparse
import asyncio
import sys
import time

from bench.report import Row, keep, table
from channels.base import Webhook
from tests.support.generated_mails import Generated, generated
from tests.support.imap_peer import Mailbox, imap_server
from tests.support.mail_desk import NEVER_LOOKS, Desk, inbox, listening
from tests.support.mail_side import PASSWORD

RIVAL = "none"
LONGEST_PAUSE = 2.0  # seconds
PATIENCE = 900.0  # seconds for all


class Timed(Desk):
    """A desk that notes when each mail was taken."""

    def __init__(self, box: Mailbox) -> None:
        super().__init__(inbox(box, NEVER_LOOKS))
        self.at: list[float] = []

    async def take(self, arrival: Webhook) -> None:
        """Keep it, and the time."""
        await super().take(arrival)
        self.at.append(time.monotonic())


async def _run(made: list[Generated], box: Mailbox) -> list[Row]:
    await asyncio.to_thread(box.put, *(each.raw for each in made))
    began = time.monotonic()
    desk = Timed(box)
    async with listening(desk.email, desk):
        await desk.has(len(made), PATIENCE)
    took = desk.at[-1] - began
    pauses = [after - before for before, after in zip(desk.at, desk.at[1:], strict=False)]
    right = sum(
        found.kind == each.fate and each.says in (found.text or "") and len(found.media) == each.pictures
        for found, each in zip(desk.kept, made, strict=False)
    )
    listed = sum(found.kind == "ignored" and bool(found.evidence) for found in desk.kept)
    once = len({found.external_id for found in desk.kept})
    count = float(len(made))
    return [
        Row("mails that were given", count, 0, RIVAL, count, count, "higher", "mails"),
        Row("kept or listed, each once", once, 0, RIVAL, count, count, "higher", "mails"),
        Row(
            "in their order, with their words and pictures", right, 0, RIVAL, count, count, "higher", "mails"
        ),
        Row("of these listed as not taken", listed, 0, RIVAL, listed, listed, "higher", "mails"),
        Row("longest pause between two", max(pauses), 0, RIVAL, LONGEST_PAUSE, LONGEST_PAUSE, "lower", "s"),
        Row("all of them", took, 0, RIVAL, PATIENCE, PATIENCE, "lower", "s"),
    ]


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.mail", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--count", type=int, default=1_000, help="how many mails")
    made = list(generated(parser.parse_args(arguments).count))
    with imap_server(PASSWORD) as box:
        rows = asyncio.run(_run(made, box))
    print(table("\nGenerated mails through an IMAP server", rows, []))
    print(f"\nwritten: {keep('mail', rows)}")
    return int(any(row.ours < row.limit if row.better == "higher" else row.ours > row.limit for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
