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
    filed={
        "plain": "add adding something information info details detail photo photos picture pictures more another other thing note include attach mention forgot say tell send put one also here let me we still upload please it's",
        "withdraw": "withdr cancel delet remov retract revok undo unsend scrap",
        "add": "also too another plus addition besides forgot",
        "show": "send sent tell told said wrote put",
    },
    addresses="street st road rd avenue ave lane ln drive square place corner near at in the of and a my report number",
    numbers="number no nr house num address door",
    unknown=(
        "i don t know", "i dont know", "i do not know", "don t know", "dont know", "do not know", "dunno", "idk", "no idea",
        "no clue", "haven t a clue", "not sure", "unsure", "i am not sure", "can t tell", "cant tell", "cannot tell", "can t say",
        "cannot say", "couldn t say", "hard to say", "hard to tell", "who knows", "unknown", "not known", "beats me",
        "didn t look", "did not look", "haven t checked", "have not checked", "couldn t see", "could not see", "can t see",
        "i forgot", "don t remember", "do not remember", "can t remember", "no way to know", "not certain",
    ),
    counting=(
        "one first 1st", "two second 2nd", "three third 3rd", "four fourth 4th", "five fifth 5th", "six sixth 6th",
        "seven seventh 7th", "eight eighth 8th", "nine ninth 9th", "ten tenth 10th", "eleven eleventh 11th",
        "twelve twelfth 12th", "thirteen thirteenth", "fourteen fourteenth", "fifteen fifteenth",
    ),
    last="last",
    around="the option choice answer number no nr num please thanks i want take choose pick would like d ll it is s one",
    excluding="not no isn t neither nor never without",
    vague="near nearby at in on by to of from the a an my our your his her this that these those here there where it is s i m am "
    "i live living we are are stand standing house home flat apartment building place block street road corner around round "
    "down up outside inside front back behind next beside close opposite across along end start middle somewhere anywhere "
    "everywhere nowhere neighbourhood neighborhood area district city town over just right left side sidewalk pavement "
    "kerb curb work office job car garden yard driveway door window gate other same usual way little bit far away from "
    "very really neighbours neighbors neighbour neighbor mum mom dad parents friend s place spot location position "
    "current me us you know see can get off turn and or sort kind like exact exactly last time always before as than again usually",
    beside=("near", "in front of", "next to", "opposite", "between", "behind", "outside", "by the", "across from", "beside", "close to"),
    own="my our",
    streets_after="street st road rd avenue ave lane ln drive square court way boulevard",
)  # fmt: skip
