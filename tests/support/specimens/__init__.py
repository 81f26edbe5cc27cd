"""One specimen for each channel: what the contract suite (test_contract.py) has to know of it. A new channel adds a line."""

from tests.support.specimens import email, instagram, line, messenger, sms, telegram, whatsapp
from tests.support.specimens.base import Specimen

SPECIMENS: list[Specimen] = [
    instagram.SPECIMEN,
    messenger.SPECIMEN,
    whatsapp.SPECIMEN,
    sms.SPECIMEN,
    email.SPECIMEN,
    telegram.SPECIMEN,
    line.SPECIMEN,
]
