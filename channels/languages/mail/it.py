"""Italian."""

from channels.languages.mail.words import MailWords

MAIL = MailWords(
    sender=("da", "mittente"),
    sent=("inviato", "data", "inviata", "inviati"),
    to=("a", "destinatario"),
    copy=("cc", "ccn", "per conoscenza"),
    reply_to=("rispondi a",),
    subject=("oggetto",),
    starts=("il", "il giorno", "in data", "nel giorno"),
    wrote=("ha scritto", "scrive", "scrisse"),
    i_wrote=("ho scritto",),
    original=("messaggio originale", "messaggio originario"),
    forwarded=("messaggio inoltrato", "inizio messaggio inoltrato", "inoltrato da"),
    forwards=("i", "inoltro", "inoltra"),
    automatic=(
        "risposta automatica",
        "fuori sede",
        "fuori ufficio",
        "assente dall'ufficio",
        "non recapitabile",
    ),
    advertisements=(
        "inviato da iphone",
        "inviato da ipad",
        "inviato dal mio *",
        "inviato da * mail*",
        "inviato da outlook*",
        "inviato da * per *",
        "inviato con *",
        "inviato tramite *",
        "scarica outlook per *",
        "ottieni outlook per *",
    ),
    closings=(
        "cordiali saluti",
        "distinti saluti",
        "saluti",
        "un saluto",
        "grazie",
        "grazie mille",
        "cordialmente",
    ),
    choices=("sì", "si", "no", "sì grazie", "no grazie", "ok", "va bene", "esatto", "annulla", "aiuto"),
    below=("vedi sotto", "risposte sotto", "le mie risposte", "in rosso"),
    secret=(
        "riservato",
        "riservate",
        "confidenziale",
        "confidenziali",
    ),
)
