"""Norwegian Bokmål."""

from channels.languages.mail.words import MailWords

MAIL = MailWords(
    sender=("fra", "avsender"),
    sent=("sendt", "dato"),
    to=("til",),
    copy=("kopi", "cc"),
    reply_to=("svar til",),
    subject=("emne",),
    starts=("den",),
    wrote=("skrev", "skrev følgende", "skriver"),
    i_wrote=("skrev jeg", "jeg skrev"),
    original=("opprinnelig melding", "original melding", "opprinnelig e-post"),
    forwarded=("videresendt melding", "start på videresendt melding", "videresendt e-post"),
    forwards=("videresendt",),
    automatic=("automatisk svar", "autosvar", "fraværende", "ikke på kontoret"),
    advertisements=(
        "sendt fra min *",
        "sendt fra * mail*",
        "sendt fra e-post *",
        "sendt fra outlook*",
        "sendt via *",
        "sendt med *",
        "skaff deg outlook for *",
        "få outlook for *",
        "last ned outlook for *",
    ),
    closings=(
        "vennlig hilsen",
        "med vennlig hilsen",
        "mvh",
        "hilsen",
        "takk",
        "tusen takk",
        "på forhånd takk",
    ),
    choices=("ja", "nei", "ja takk", "nei takk", "ok", "riktig", "avbryt", "hjelp"),
    below=("se nedenfor", "svarene mine", "i rødt"),
    secret=(
        "fortrolig",
        "konfidensiell",
    ),
)
