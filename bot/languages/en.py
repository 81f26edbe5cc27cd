"""English."""

from bot.languages.words import Words

WORDS = Words(
    # Not "is", "has", "does" alone: "does not work" is a description.
    asking=(
        "how", "what", "when", "where", "why", "who", "which", "whom", "whose", "can i", "can you", "could i", "could you",
        "do i", "do you", "do they", "does it", "does the", "did you", "did they", "is it", "is there", "is the", "are you",
        "are there", "will he", "will she", "will my", "will the", "will anyone", "will anybody", "will you", "will it", "will they", "would it", "should i", "may i", "tell me", "am i", "i want to know",
        "i would like to know", "i need to know", "information about", "info about",
    ),
    telling=(
        "there is", "there s", "theres", "there are", "there re", "there has been", "i see", "i can see", "i saw", "i found",
        "i have found", "i ve found", "i noticed", "we have", "we saw", "someone", "somebody", "some people", "people are",
        "people have",
    ),
    holidays={
        "any": ("holiday", "holidays", "public holiday", "public holidays", "bank holiday", "federal holiday", "a holiday"),
        "new_year": ("new year", "new years", "new years day", "new year s day", "new year day", "first of january"),
        "epiphany": ("epiphany", "three kings day", "three kings"),
        "martin_luther_king_day": ("martin luther king day", "martin luther king", "mlk day", "mlk"),
        "valentines_day": ("valentines day", "valentine s day", "valentines"),
        "presidents_day": ("presidents day", "president s day", "washington s birthday"),
        "good_friday": ("good friday",), "easter": ("easter", "easter sunday"), "easter_monday": ("easter monday",),
        "ascension": ("ascension", "ascension day"), "pentecost": ("pentecost", "whit sunday"), "whit_monday": ("whit monday",),
        "memorial_day": ("memorial day",), "juneteenth": ("juneteenth",),
        "independence_day": ("independence day", "fourth of july", "4th of july", "july fourth", "july 4th"),
        "labor_day": ("labor day", "labour day"), "columbus_day": ("columbus day", "indigenous peoples day"),
        "halloween": ("halloween",), "all_saints": ("all saints", "all saints day"), "election_day": ("election day",),
        "veterans_day": ("veterans day", "veteran s day"),
        "thanksgiving": ("thanksgiving", "thanks giving", "thanksgiving day", "turkey day"),
        "thanksgiving_friday": ("black friday", "day after thanksgiving", "friday after thanksgiving"),
        "christmas_eve": ("christmas eve", "xmas eve"), "christmas": ("christmas", "xmas", "x mas", "christmas day", "xmas day"),
        "boxing_day": ("boxing day", "day after christmas"),
        "new_years_eve": ("new years eve", "new year s eve", "new year eve"),
    },
    joining=("and", "n", "also", "plus", "and also", "and then", "as well as", "another question"),
    referring=("it", "that", "this", "they", "them", "there", "one"),
    also=(
        "also", "and also", "plus", "as well as", "besides", "in addition", "another problem", "another thing", "another issue",
        "second problem", "secondly", "and complain about", "and report", "and to report", "and to complain about", "and i want to report",
        "and i want to complain about", "and tell you about", "thirdly", "one more thing", "on top of that",
    ),
    another=("another one", "another", "one more", "the other one", "a second one", "a second", "and another", "also one"),
    pointing=("it", "its", "they", "them", "this", "that", "which", "who", "these", "those", "he", "she"),
    determiners=(
        "a", "an", "another", "the", "some", "my", "our", "two", "three", "four", "several", "many", "lots", "one", "more",
    ),
    at=("at", "on", "in"),
    beside=(
        "near", "next", "behind", "beside", "opposite", "between", "under", "outside", "inside", "across", "around", "along",
        "by", "from", "off", "over", "into", "through", "against", "because",
    ),
    days={
        "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "tomorrow": 1, "yesterday": -1,
        "day after tomorrow": 2, "day before yesterday": -2, "last night": -1,
    },
    # No "mon" and "tue": they are French words.
    weekdays=(
        "monday mondays", "tuesday tuesdays tues", "wednesday wednesdays weds", "thursday thursdays thurs thu",
        "friday fridays fri", "saturday saturdays sat", "sunday sundays",
    ),
    months=(
        "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
        "september sept sep", "october oct", "november nov", "december dec",
    ),
    next=(("next", "coming"), ("next",)),
    last=(("last", "past", "since", "since last"), ()),
    this=(("this", "on"), ("this week",)),
    ahead=(("in", "within"), ("from now", "from today")),
    ago=((), ("ago",)),
    day=("day", "days"),
    week=("week", "weeks"),
    counts={"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10},
    morning=("am", "a.m.", "a.m", "in the morning"),
    afternoon=("pm", "p.m.", "p.m", "in the afternoon", "in the evening", "at night"),
    named_times={"noon": "12:00", "midday": "12:00", "midnight": "00:00"},
    languages={
        "english": "en", "spanish": "es", "french": "fr", "german": "de", "italian": "it", "portuguese": "pt", "arabic": "ar",
        "chinese": "zh", "mandarin": "zh", "russian": "ru", "polish": "pl", "turkish": "tr", "ukrainian": "uk",
    },
    switching="in to into i we you it us me my d ll m am can could may would will shall should do does is are be let s prefer rather "
    "want like need have speak talk write continue go on switch change carry answer reply respond chat use please now from "
    "onwards on then instead better and the this that language langauge conversation with of for not only just ok okay yes no hi hello "
    "sorry thanks thank possible if possible your our everything else all rest only much any get have receive well very good bad",
    not_speaking=(
        "i don t speak", "i dont speak", "i do not speak", "i don t understand", "i dont understand", "i do not understand",
        "my bad", "i can t read", "i cannot read", "i don t read", "not", "no",
    ),
    closing=(
        "best regards", "kind regards", "warm regards", "with regards", "many regards", "regards", "best wishes", "yours sincerely",
        "sincerely", "yours faithfully", "yours truly", "respectfully", "sent from my", "get outlook for",
    ),
    thanking=("many thanks", "thank you", "thanks", "cheers", "best"),
    courteous=("please", "pls", "plz", "kindly", "thank you", "thank you very much", "thank u", "thanks", "thanks a lot", "many thanks", "thx", "ty", "sorry", "cheers"),
    living=(
        "i live at", "i live on", "i live in", "i m living at", "we live at", "we live on", "living at", "my home address is",
        "my house is at", "i m a resident of", "i am a resident of", "resident of", "residing at", "i reside at",
        "my postal address is", "my mailing address is",
    ),
    adding="add append include mention note",
    forgetting=(
        "forgot to say", "forgot to tell", "forgot to mention", "forgot to add", "forgot to write", "forgot to put", "didn t say that", "didnt mention", "didn t mention",
        "should have said", "should have mentioned", "should add that",
    ),
    done=(
        "fixed it", "fixed that", "fixed now", "been fixed", "is fixed", "s fixed", "its fixed", "got fixed", "already fixed", "was fixed", "repaired it", "been repaired", "is repaired", "was repaired",
        "already repaired", "is solved", "s solved", "been solved", "solved itself", "is resolved", "been resolved", "sorted itself out", "works again", "working again", "is back on", "s back on",
        "no longer needed", "not needed anymore", "not needed any more", "don t need it anymore", "dont need it anymore", "don t need it any more", "dont need it any more", "no longer need it",
        "has been removed", "took it away", "already gone", "is gone now", "s gone now", "cleaned it up", "cleaned up already",
    ),
    not_done="not no never nobody nothing hasn haven didn isn wasn ain hasnt havent didnt isnt wasnt yet still badly again until unless when if thought said",
    that="that it there they",
    being="is are was were has have looks smells keeps got gets can cannot isn isnt aren arent wasn wasnt weren werent hasn hasnt",
    showing="show read list copy see view display repeat",
    which=("what", "what s", "which", "tell me what", "and what", "so what", "can you tell me what", "exactly what"),
    stating=(
        "send", "sent", "say", "says", "said", "in my", "in the", "in it", "written", "write", "did i report", "i reported", "did i file",
        "i filed", "submit", "submitted", "forward", "forwarded", "pass on", "passed on", "went", "address", "text", "words", "details",
        "information", "stands",
    ),
    going="happen happens happening happened going status progress new news done working fixed repaired update updates when",
    ways=(
        "how do i", "how can i", "how to", "how do we", "how can we", "how would i", "how should i", "where do i", "where can i", "where to", "can i pay", "may i pay", "can i appeal", "what do i need",
    ),
    street_short={
        "st": "street", "str": "street", "av": "avenue", "ave": "avenue", "rd": "road", "ln": "lane",
        "dr": "drive", "ct": "court", "sq": "square", "pl": "place", "ter": "terrace", "blvd": "boulevard",
        "hwy": "highway",
    },
    streets_after="street avenue lane road drive court square place terrace boulevard way crescent alley parkway highway",
    crossing="and with at",
    before_number="no nr num number",
    on_street="on in of",
    number_next="number no n num house at opposite outside the facing",
    units="day days week weeks month months year years hour hours minute minutes times am pm feet metres meters m km",
    enumerating="second secondly third thirdly next then finally lastly last number two three 2 3 4",
    first="first firstly",
    dropping=("forget", "forget about", "never mind", "nevermind", "drop", "scrap", "cancel", "no need for", "don t bother with", "dont bother with"),
    starting=("start with", "begin with", "take", "do"),
    around_first="please pls plz thanks thank you but and can could would will you we i d like want wanna let s lets so ok oh no wait actually sorry to it",
    not_being=("it s not a", "it s not an", "its not a", "its not an", "it is not a", "it is not an", "it isn t a", "it isn t an", "it isnt a", "it wasn t a", "it was not a", "that s not a", "that is not a", "not a"),
    describing=("it s been", "its been", "it has been", "it s out", "its out", "it is out", "it s dark", "its dark", "they have been", "they ve been", "been", "since", "for days", "for weeks", "it happens", "it started", "it goes"),
    lasting="still remains remain again",
    untrue=(
        "that is not what i said", "not what i said", "not what i meant", "not what i wrote", "not what i reported", "not how it is", "i never said that",
        "never said that", "i didn t say that", "i didnt say that", "i did not say that", "isn t what i said", "isnt what i said", "isn t true", "isnt true",
        "isn t right", "isnt right", "isn t correct", "isnt correct", "not true", "not right", "not correct", "not accurate", "got it wrong", "got that wrong",
        "got me wrong", "made a mistake", "a mistake", "an error", "mistaken", "incorrect", "untrue", "false", "inaccurate", "wrong",
    ),
    around_untrue="no nope nah that thats that's s is it its it's this these they all totally completely just simply so very quite you you're youre re your have has "
    "had there i m my sorry but and wait hey excuse me oh well actually report summary info information details was were are what in the with at something everything",
    announced="issue issues problem problems thing things matter matters report reports complaint complaints point points",
    announcing="i we have ve got there are is here come some several few a an couple of to tell you report about need want would like hi hello ok so today multiple these following also first all my the and for your us let me",
)  # fmt: skip
