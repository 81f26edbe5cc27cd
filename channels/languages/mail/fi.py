"""Finnish."""

from channels.languages.mail.words import MailWords

MAIL = MailWords(
    sender=("lähettäjä", "keneltä"),
    sent=("lähetetty", "päivämäärä", "päiväys", "lähetysaika"),
    to=("vastaanottaja", "kenelle", "saaja", "vastaanottajat"),
    copy=("kopio", "cc"),
    reply_to=("vastausosoite", "vastaa osoitteeseen"),
    subject=("aihe", "otsikko"),
    starts=("ma", "ti", "ke", "to", "pe", "la", "su"),
    wrote=("kirjoitti", "kirjoitti seuraavasti", "kirjoittaa"),
    i_wrote=("kirjoitin",),
    original=("alkuperäinen viesti", "alkuperäinen sähköposti"),
    forwarded=("välitetty viesti", "edelleenlähetetty viesti", "välitetty viesti alkaa"),
    forwards=("vl", "välitetty"),
    automatic=("automaattinen vastaus", "poissa", "poissaolo", "poissaoloviesti", "automaattivastaus"),
    advertisements=(
        "lähetetty iphonesta",
        "lähetetty ipadista",
        "lähetetty * mail*",
        "lähetetty outlook*",
        "lähetetty samsung*",
        "lähetetty puhelimesta*",
        "lähetetty laitteesta *",
        "lähetetty minun *",
        "lähetetty *puhelimestani",
        "hanki outlook*",
        "lataa outlook*",
    ),
    closings=(
        "ystävällisin terveisin",
        "terveisin",
        "yst. terv",
        "t",
        "terveiset",
        "kiitos",
        "kiitos etukäteen",
        "parhain terveisin",
    ),
    choices=("kyllä", "ei", "kyllä kiitos", "ei kiitos", "ok", "joo", "oikein", "peruuta", "apua"),
    below=("katso alla", "vastaukset alla", "vastaukseni", "punaisella"),
    secret=(
        "luottamuksellinen",
        "luottamuksellista",
    ),
)
