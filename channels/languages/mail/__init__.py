"""What mail programs add around a mail, one file per language: used by channels/mail/reading."""

from collections.abc import Mapping

from channels.languages.mail import da, de, en, es, fi, fr, it, nb, nl, pl, pt, ru, sv, uk
from channels.languages.mail.words import MailWords

MAIL_WORDS: Mapping[str, MailWords] = {
    "da": da.MAIL,
    "de": de.MAIL,
    "en": en.MAIL,
    "es": es.MAIL,
    "fi": fi.MAIL,
    "fr": fr.MAIL,
    "it": it.MAIL,
    "nb": nb.MAIL,
    "nl": nl.MAIL,
    "pl": pl.MAIL,
    "pt": pt.MAIL,
    "ru": ru.MAIL,
    "sv": sv.MAIL,
    "uk": uk.MAIL,
}

PRODUCTS = (
    *(
        "iphone",
        "iphonesta",
        "iphone'a",
        "ipad",
        "ipadista",
        "ipod",
        "android",
        "androidille",
        "samsung",
        "galaxy",
    ),
    *(
        "huawei",
        "honor",
        "xiaomi",
        "redmi",
        "poco",
        "pixel",
        "motorola",
        "nokia",
        "oneplus",
        "oppo",
        "xperia",
    ),
    *(
        "blackberry",
        "fairphone",
        "windows",
        "ios",
        "outlook",
        "outlookista",
        "yahoo",
        "gmail",
        "gmx",
        "web.de",
        "aol",
    ),
    *("proton", "protonmail", "thunderbird", "tutanota", "bluemail", "zoho", "zimbra", "mail.ru", "ukr.net"),
    *("avast", "avg", "avira", "avast.com", "avg.com", "www.avast.com", "www.avg.com"),
    *(
        "tuta",
        "bluemail",
        "mailspring",
        "sfr",
        "bbox",
        "k-9",
        "canary",
        "airmail",
        "superhuman",
        "ionos",
        "onet",
        "wp",
        "interia",
    ),
    *("windowsin", "samsungin", "galaxysta", "androidista"),
    *("яндекс", "айфона", "айпада", "айфон"),
)
"""Names of devices and programs, the same in all languages. One of these, of PROGRAMS or of PHONES is in every
advertisement that an app adds ("Sent from my iPhone"); any other line that begins like one was written by the citizen."""

PROGRAMS = (
    "Mail",
    "Correo",
    "Courrier",
    "Post",
    "Почты",
    "Пошти",
    "Почта",
    "Пошта",
    "Orange",
    "Spark",
    "Front",
    "Edison",
)
"""Names that are ordinary words unless they begin with a capital."""

PHONES = (
    *("phone", "smartphone", "mobile", "tablet", "handset", "cellphone", "device", "handy", "gerät"),
    *("mobiltelefon", "teléfono", "dispositivo", "appareil", "enhet", "enhed", "laitteesta", "urządzenia"),
    *("telefono", "móvil", "movil", "celular", "téléphone", "portable", "mobil", "telefon", "telemóvel"),
    *(
        "cellulare",
        "telefoon",
        "mobiel",
        "mobieltje",
        "puhelimesta",
        "puhelimestani",
        "telefonu",
        "telefonen",
    ),
    *("телефона", "смартфона", "планшета"),
)
"""Words for a telephone; in an advertisement the last word."""

AUTOMATIC_ELSEWHERE = (
    *(
        "自动回复",
        "自動回覆",
        "自動返信",
        "不在通知",
        "자동 회신",
        "자동 응답",
        "otomatik yanıt",
        "αυτόματη απάντηση",
    ),
    *(
        "תשובה אוטומטית",
        "מענה אוטומטי",
        "رد تلقائي",
        "automatická odpověď",
        "automatikus válasz",
        "răspuns automat",
    ),
    *(
        "automatski odgovor",
        "samodejni odgovor",
        "автоматичен отговор",
        "аутоматски одговор",
        "automatinis atsakymas",
    ),
    *("automātiskā atbilde", "automaatvastus", "trả lời tự động", "balasan otomatis", "resposta automàtica"),
)
"""How the subject of an automatic answer begins in languages that have no table here."""
