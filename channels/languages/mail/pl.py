"""Polish."""

from channels.languages.mail.words import MailWords

MAIL = MailWords(
    sender=("od", "nadawca"),
    sent=("wysłano", "data", "wysłane", "wysłana"),
    to=("do", "adresat"),
    copy=("dw", "udw", "cc", "kopia"),
    reply_to=("odpowiedz do", "odpowiedź do"),
    subject=("temat",),
    starts=("w dniu", "dnia", "pon", "wt", "śr", "czw", "pt", "sob", "niedz"),
    wrote=("napisał(a)", "napisana przez", "napisał", "napisała", "napisali", "pisze"),
    i_wrote=("napisałem", "napisałam"),
    original=("wiadomość oryginalna", "oryginalna wiadomość", "wiadomość pierwotna"),
    forwarded=(
        "wiadomość przekazana",
        "przekazana wiadomość",
        "początek przekazywanej wiadomości",
        "przesłana wiadomość",
        "treść przekazanej wiadomości",
    ),
    forwards=("pd", "przekaz", "przekazano"),
    automatic=(
        "odpowiedź automatyczna",
        "automatyczna odpowiedź",
        "autoodpowiedź",
        "poza biurem",
        "nieobecność",
    ),
    advertisements=(
        "wysłane z *",
        "wysłano z *",
        "wysłane za pomocą *",
        "wysłano za pomocą *",
        "wysłane przez *",
        "pobierz outlook*",
        "pobierz aplikację outlook*",
        "pobierz program outlook*",
    ),
    closings=(
        "pozdrawiam",
        "z poważaniem",
        "pozdrowienia",
        "serdecznie pozdrawiam",
        "z wyrazami szacunku",
        "dziękuję",
        "dzięki",
        "z góry dziękuję",
    ),
    choices=("tak", "nie", "tak proszę", "nie dziękuję", "ok", "zgadza się", "anuluj", "pomoc"),
    below=("patrz poniżej", "odpowiedzi poniżej", "moje odpowiedzi", "na czerwono"),
    secret=(
        "poufne",
        "poufna",
        "poufny",
    ),
)
