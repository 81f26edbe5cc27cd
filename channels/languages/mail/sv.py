"""Swedish."""

from channels.languages.mail.words import MailWords

MAIL = MailWords(
    sender=("från", "avsändare"),
    sent=("skickat", "datum", "skickades"),
    to=("till",),
    copy=("kopia", "cc"),
    reply_to=("svara till", "svar till"),
    subject=("ämne",),
    starts=("den", "vid"),
    wrote=("skrev", "skrev följande", "skriver"),
    i_wrote=("skrev jag", "jag skrev"),
    original=("ursprungligt meddelande", "originalmeddelande"),
    forwarded=("vidarebefordrat meddelande", "vidarebefordrat brev", "början på vidarebefordrat meddelande"),
    forwards=("vb", "vidarebefordrat"),
    automatic=("automatiskt svar", "autosvar", "frånvarande", "frånvaro", "frånvaromeddelande"),
    advertisements=(
        "skickat från min *",
        "skickat från * mail*",
        "skickat från outlook*",
        "skickat från e-post *",
        "skickat från * för *",
        "skickat via *",
        "skickat med *",
        "skaffa outlook för *",
        "hämta outlook för *",
    ),
    closings=(
        "vänliga hälsningar",
        "med vänliga hälsningar",
        "med vänlig hälsning",
        "vänlig hälsning",
        "hälsningar",
        "mvh",
        "tack",
        "tack så mycket",
        "tack på förhand",
    ),
    choices=("ja", "nej", "ja tack", "nej tack", "ok", "stämmer", "avbryt", "hjälp"),
    below=("se nedan", "mina svar", "i rött"),
    secret=(
        "konfidentiell",
        "konfidentiellt",
        "sekretess",
    ),
)
