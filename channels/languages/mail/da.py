"""Danish."""

from channels.languages.mail.words import MailWords

MAIL = MailWords(
    sender=("fra", "afsender"),
    sent=("sendt", "dato"),
    to=("til",),
    copy=("cc", "kopi"),
    reply_to=("svar til",),
    subject=("emne",),
    starts=("den",),
    wrote=("skrev", "skrev følgende", "skriver"),
    i_wrote=("skrev til mig", "skrev mig", "skrev jeg", "jeg skrev"),
    original=("oprindelig meddelelse", "original meddelelse", "oprindelig besked"),
    forwarded=("videresendt meddelelse", "start på videresendt besked", "videresendt besked"),
    forwards=("videresendt",),
    automatic=(
        "automatisk svar",
        "autosvar",
        "ikke til stede",
        "ude af kontoret",
        "fraværsbesked",
        "kan ikke leveres",
        "læst:",
        "kvittering for læst",
    ),
    advertisements=(
        "virusfri*",
        "sendt fra *",
        "sendt fra min *",
        "sendt fra * mail*",
        "sendt fra outlook*",
        "sendt fra mail *",
        "sendt via *",
        "sendt med *",
        "hent outlook til *",
        "få outlook til *",
    ),
    closings=("venlig hilsen", "med venlig hilsen", "mvh", "hilsen", "tak", "mange tak", "på forhånd tak"),
    choices=("ja", "nej", "ja tak", "nej tak", "ok", "rigtigt", "annuller", "hjælp"),
    below=("se nedenfor", "mine svar", "med rødt"),
    secret=(
        "fortrolig",
        "fortrolige",
    ),
    whose=("min", "mit", "mine", "vores"),
)
