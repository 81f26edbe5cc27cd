"""A real mailbox for the tests of e-mail; one server for all of them."""

from collections.abc import Iterator

import pytest

from tests.support.imap_peer import Mailbox, imap_server
from tests.support.mail_side import PASSWORD


@pytest.fixture(scope="session")
def imap() -> Iterator[Mailbox]:
    with imap_server(PASSWORD) as running:
        yield running


@pytest.fixture
def box(imap: Mailbox) -> Mailbox:
    with imap.signed_in() as client:
        if uids := client.search("ALL"):
            client.delete_messages(uids)
            client.expunge()
    return imap
