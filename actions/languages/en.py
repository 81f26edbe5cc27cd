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
    before_street="on at in for my the of to from near is are am i live and when what which day bin bins collected collection "
    "a an by around off along down up street about us our s",
    correcting=(
        "no", "actually", "sorry", "i meant", "i mean", "rather", "correction", "wait", "hold on", "hang on", "oops", "my mistake", "change", "edit",
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
    starting=("start with", "begin with", "switch to", "go to", "move on to", "take", "do", "let s do", "lets do", "let s start with", "rather"),
    others="other that second next latter others those",
    other_one=("the other", "other one"),
    this_one="this former current",
    single=("just", "only", "nothing but", "only do", "just do"),
    referring="the one ones do take with start begin let s lets go to report matter problem thing issue no wait actually i d we can could you please pls want meant mean would like rather oh sorry yes ok switch move on now of two prefer",
    yes=(
        "yes", "y", "yep", "yeah", "yup", "sure", "ok", "okay", "yes please", "send it", "send it now", "ok send", "ok send it", "yes send it", "just send it", "go ahead", "do it", "yes do it", "go for it", "looks good", "all good", "sounds good", "perfect", "that s right", "that's right", "thats right", "correct", "all correct", "confirm", "fine", "send", "send now", "yes send",
    ),
    no=("no", "n", "nope", "nah", "no thanks", "none", "no no", "nope nope"),
    commands={
        "pause": (
            "later", "maybe later", "not now", "in a minute", "in a moment", "another time", "i ll do it later", "ill do it later", "i ll continue later", "i ll finish later", "i ll finish it later", "do it later", "let me check", "let me see", "let me look", "gimme a sec", "gimme a minute",
            "wait", "please wait", "wait a moment", "wait a minute", "wait a second", "wait a sec", "hold on", "hang on", "one moment", "just a moment", "a moment", "one minute",
            "just a minute", "one second", "just a second", "one sec", "just a sec", "give me a moment", "give me a minute", "give me a second", "let me think", "pause", "not yet", "brb", "be right back",
        ),
        "undo": ("go back", "undo", "undo that", "take that back", "step back", "one step back", "go back one", "previous question", "i want to go back", "let me go back", "can i go back"),
        "start_over": ("start over", "start again", "restart", "begin again", "from the beginning"),
    },
    polite="please thanks thank you sorry first a bit for me it there now oh",
    empty="i want to would like need report a an the there is are problem issue hello hi please my on in at and of with this "
    "that it some has have been was were be you can could for from",
    filed={
        "plain": "add adding something information info details detail photo photos picture pictures more another other thing note include attach mention forgot say tell send put one also here let me we still upload please it's",
        "withdraw": "withdr cancel delet remov retract revok undo unsend scrap",
        "add": "also too another plus addition besides forgot",
        "show": "send sent tell told said wrote put",
        "adding": "add append include mention note",
        "that": "that",
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
    "current me us you know see can get off turn and or sort kind like exact exactly last time always before as than again usually downtown centre center",
    beside=("near", "in front of", "next to", "opposite", "between", "behind", "outside", "by the", "across from", "beside", "close to"),
    own="my our",
    streets_after="street st road rd avenue ave lane ln drive square court way boulevard crescent alley parkway highway",
    but="but and though only just",
    same=("me too", "the same", "same one", "same problem", "same thing", "that one", "that s it", "that is it", "that s the one", "follow it"),
    different=("new", "another one", "a different one", "different", "not the same", "mine is new", "none of them", "none of these", "neither"),
    day_after=("day after", "next day", "following day", "day after that", "the one after"),
    going_on=("and", "what about", "how about", "and what about", "also"),
    this_week=("this week",),
    not_being=("is not a", "is not an", "s not a", "s not an", "its not a", "its not an", "isn t a", "isn t an", "isnt a", "isnt an", "was not a", "was not an", "wasn t a", "wasn t an", "not a", "not an", "aren t"),
    describing=(
        "it is", "it s", "its", "it has", "it was", "it looks", "it smells", "it keeps", "it gets", "it got", "it goes", "they are", "they re", "they have", "there is", "there s", "theres", "there are",
        "that is", "very", "really", "quite", "pretty", "about", "around", "roughly", "also", "and it", "since", "for days", "for weeks", "has been", "have been", "been",
    ),
    since=("since", "for days", "for weeks", "for months", "it s been", "its been", "it has been", "been"),
    generic="problem problems issue issues thing things matter matters report reports complaint complaints have got make file tell reporting city something several different couple lots many new today here about you us we ve",
    map="map maps pin location gps position",
    enough="ok okay fine good all alright right done enough true correct perfect great me everything nothing no yes good nice sure late wrong",
    other_photo=(
        "another one", "a different one", "different one", "another problem", "another thing", "another place", "something else", "a different problem", "the other one", "the other problem",
        "other report", "another report", "different report", "other matter", "wrong photo", "wrong picture", "wrong pic", "wrong image", "not that photo", "not this photo", "not that one", "not the right photo", "not the right picture",
    ),
    same_photo=(
        "same photo", "same picture", "same pic", "same image", "the same", "same one", "that photo", "that picture", "that one", "i already sent", "already sent it", "i sent it already", "i sent it", "i sent one", "already sent one",
        "already sent you", "the one i sent", "the photo i sent", "the one before", "previous photo", "first photo", "you have it", "you already have it", "use it", "use that", "both are in it", "it shows both",
    ),
    sending="send submit file",
    around_sending="just it now already ok okay yes yeah yep the this report go ahead and so then that s thats fine can you as is anyway straight away without more no questions rest skip to city only s all it all done finally",
)  # fmt: skip
