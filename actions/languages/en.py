"""English."""

from actions.languages.words import Words

WORDS = Words(
    name="English",
    called={
        "en": "english", "es": "spanish", "fr": "french", "de": "german", "it": "italian", "pt": "portuguese", "ar": "arabic",
        "zh": "chinese mandarin", "ru": "russian", "pl": "polish", "tr": "turkish", "uk": "ukrainian",
    },
    holidays={
        "new_year": "New Year's Day", "epiphany": "Epiphany", "martin_luther_king_day": "Martin Luther King Day",
        "valentines_day": "Valentine's Day", "presidents_day": "Presidents' Day", "good_friday": "Good Friday",
        "easter": "Easter Sunday", "easter_monday": "Easter Monday", "ascension": "Ascension Day", "pentecost": "Pentecost",
        "whit_monday": "Whit Monday", "memorial_day": "Memorial Day", "juneteenth": "Juneteenth",
        "independence_day": "Independence Day", "bastille_day": "Bastille Day", "assumption": "Assumption Day",
        "labor_day": "Labor Day", "columbus_day": "Columbus Day", "halloween": "Halloween", "all_saints": "All Saints' Day",
        "election_day": "Election Day", "veterans_day": "Veterans Day", "thanksgiving": "Thanksgiving",
        "thanksgiving_friday": "the day after Thanksgiving", "immaculate_conception": "Immaculate Conception",
        "christmas_eve": "Christmas Eve", "christmas": "Christmas Day", "boxing_day": "Boxing Day",
        "new_years_eve": "New Year's Eve",
    },
    day_pattern="EEEE, MMMM d",
    time_pattern="h:mm a",
    span="{start} to {end}",
    now=("now", "right now", "at the moment", "currently", "still open", "open yet"),
    because=("because", "due to", "thanks to", "on account of"),
    weekend=("weekend", "weekends", "week end"),
    streets_after="street st road rd lane ln avenue ave drive dr court square place terrace boulevard blvd way close row",
    before_street="on at in for my the of to from near is are am i live and when what which day bin bins collected collection "
    "a an by around off along down up street about us our s",
    correcting=(
        "no", "actually", "sorry", "i meant", "i mean", "rather", "correction", "wait", "oops", "my mistake", "change", "edit",
        "wrong", "that is wrong", "thats wrong", "not",
    ),
    place=(
        "near", "at", "in front of", "next to", "opposite", "between", "behind", "outside", "by the", "on the", "in the",
        "corner", "across", "beside", "close to", "under", "the", "entrance",
    ),
    parts={
        "location": "address street place location where road house number spot corner avenue",
        "description": "description text wording details",
        "photo": "photo picture image pic photograph",
        "contact": "email e-mail mail phone telephone contact",
        "service": "problem type category kind service issue",
    },
    yes=(
        "yes", "y", "yep", "yeah", "yup", "sure", "ok", "okay", "yes please", "send it", "go ahead",
    ),
    no=("no", "n", "nope", "nah", "no thanks", "none"),
    empty="i want to would like need report a an the there is are problem issue hello hi please my on in at and of with this "
    "that it some has have been was were be you can could for from",
)  # fmt: skip
