"""English."""

from actions.languages.words import Words

WORDS = Words(
    name="English",
    called={
        "en": "english", "es": "spanish", "fr": "french", "de": "german", "it": "italian", "pt": "portuguese", "ar": "arabic",
        "zh": "chinese mandarin", "ru": "russian", "pl": "polish", "tr": "turkish", "uk": "ukrainian",
    },
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
    everything="everything all both",
    removing=("remove", "delete", "take out", "drop", "without", "leave out", "no photo", "erase"),
    negating="not",
    instead=("instead of", "rather than"),
    rewriting=("to", "should say", "should be", "is"),
    dropping=("forget", "drop", "skip", "cancel", "never mind", "nevermind", "not", "leave", "no need for", "do not report", "scrap"),
    first="first before instead",
    yes=(
        "yes", "y", "yep", "yeah", "yup", "sure", "ok", "okay", "yes please", "send it", "go ahead",
    ),
    no=("no", "n", "nope", "nah", "no thanks", "none"),
    empty="i want to would like need report a an the there is are problem issue hello hi please my on in at and of with this "
    "that it some has have been was were be you can could for from",
    addresses="street st road rd avenue ave lane ln drive square place corner near at in the of and a my report number",
    numbers="number no nr house num address door",
)  # fmt: skip
