"""English."""

from bot.languages.follow_ups.words import FollowUpWords

WORDS = FollowUpWords(
    parts={
        "cost": (
            "how much", "howmuch", "how much pay", "how much money", "how many dollars", "how many bucks", "cost", "costs",
            "costing", "price", "prices", "priced", "fee", "fees", "charge", "charges", "charged", "free", "expensive",
            "cheap", "cheaper", "rate", "rates", "money", "dollars", "bucks", "discount", "discounts", "pay anything",
            "pay something", "pay for", "have to pay", "need to pay", "must pay", "should pay", "what pay", "free of charge",
            "paid", "fork out", "set me back",
        ),
        "instalments": (
            "instalments", "installments", "instalment", "installment", "in parts", "pay in parts", "can pay in parts", "can pay in instalments", "can pay in installments", "could pay in instalments", "pay in instalments", "pay in installments", "can pay instalments",
            "pay parts", "payment plan", "payment plans", "pay monthly", "monthly payments", "spread payments",
            "spread the payments", "spread cost", "pay bit by bit", "little by little", "pay in stages", "several payments",
            "several rates", "two payments", "pay half now", "in two halves", "deferred", "defer", "postpone payment",
        ),
        "appeal": (
            "appeal", "appeals", "appealing", "appealed", "object", "objection", "objections", "contest", "contesting",
            "dispute", "disputing", "challenge", "challenging", "disagree", "don t agree", "dont agree", "not agree",
            "think it is wrong", "think wrong", "unfair", "unjust", "refused", "rejected", "denied", "turned down", "refuse",
            "reject", "deny", "say no", "says no", "fight it", "how fight", "reconsider", "reviewed again",
        ),
        "payment": (
            "how pay", "where pay", "where have to pay", "can pay", "could pay", "pay by", "pay with", "pay in",
            "pay online", "pay cash", "pay later", "pay by card", "pay in cash", "pay at", "credit card", "debit card",
            "card", "cards", "cash", "cheque", "cheques", "bank transfer", "accept",
            "payment", "payments", "paypal",
        ),
        "documents": (
            "document", "documents", "doc", "docs", "documentation", "paper", "papers", "paperwork", "what need", "what do i need",
            "what do i need for it", "what will i need", "what would i need", "what do we need", "what is needed",
            "what else need", "what bring", "what have to bring", "need to bring", "have to bring", "bring", "with me",
            "what show", "what send", "what have to send", "what prepare", "identification", "id", "proof", "requirements",
            "required", "requires", "bring along", "take along", "papers need",
        ),
        "appointment": (
            "appointment", "appointments", "appt", "book", "booking", "reserve", "reservation", "slot", "walk in",
            "just show up", "just walk in", "without appointment",
        ),
        "online": (
            "online", "on line", "internet", "web", "website", "web site", "webpage", "link", "url", "from home",
            "in person", "electronically", "digitally", "app", "by e mail", "by email", "by post", "by mail", "do online",
            "apply online", "from my phone", "on my phone", "with my phone", "send by mail",
        ),
        "renewal": (
            "renew", "renewal", "renewals", "renewed", "renewing", "extend", "extended", "extension", "prolong", "how renew",
            "how often renew", "when renew", "when have to renew",
        ),
        "lost": (
            "lost", "lose", "losing", "stolen", "stole", "steal", "steals", "misplaced", "replacement", "replace",
            "replaced", "if lose", "if lost", "what if lost", "what if lose", "damaged",
        ),
        "late": (
            "pay late", "if pay late", "what if pay late", "paid late", "pay too late", "paying late",
            "late", "too late", "late fee", "overdue", "miss", "missed", "miss deadline", "missed deadline", "miss date",
            "missed date", "penalty", "penalties", "fine", "fines", "fined", "forget", "forgot", "after deadline",
            "dont pay", "don t pay", "not pay", "cannot pay", "can t pay", "cant pay", "not do", "don t do",
            "what happens after",
        ),
        "validity": (
            "valid", "validity", "expire", "expires", "expired", "expiry", "expiration", "when expire", "when expires",
            "when does expire", "how long valid", "how long good for", "good for", "how long last", "lasts", "run out",
            "runs out", "when run out", "how long keep", "until when valid", "valid until", "valid till", "how long good",
        ),
        "duration": (
            "how long", "howlong", "how many days", "how many weeks", "how many months", "how fast", "how quickly",
            "how quick", "how soon", "how much time", "take long", "long take", "wait", "waiting", "processing",
            "turnaround", "ready", "when ready", "when arrive", "when get", "when receive", "when have it",
            "when will it be", "how long wait", "how long have to wait", "how many days wait", "how long until",
            "how long before", "when pick up", "when collect", "how soon ready",
        ),
        "holidays": (
            "holiday", "holidays", "bank holiday", "bank holidays", "public holiday", "public holidays",
            "what about holidays", "on holidays", "christmas", "thanksgiving", "new year", "easter",
        ),
        "exceptions": (
            "exception", "exceptions", "exempt", "exempted", "exemption", "exemptions", "excluded", "special case",
            "special cases", "not apply", "doesn t apply", "who doesn t need", "who is exempt", "anyone exempt",
            "who not need",
        ),
        "contact": (
            "who call", "who phone", "who contact", "who ask", "who email", "who write", "whom call", "whom contact",
            "whom ask", "what number call", "which number", "what number", "phone number", "telephone number", "phone",
            "telephone", "call", "contact", "email address", "e mail address", "email", "number", "hotline",
        ),
        "who": (
            "who pays", "who has to pay", "who must pay", "who pays it", "who needs to pay", "who", "who can", "who needs", "whos it for", "who is it for", "eligible", "eligibility", "qualify", "qualifies",
            "am allowed", "allowed", "entitled", "can anyone", "can anybody", "anyone", "anybody", "everyone", "everybody",
            "can i get one", "can i have one", "can i get it", "do i need one", "do i need it", "do i need that",
            "conditions", "criteria", "mandatory", "compulsory", "obligatory", "does everyone",
        ),
        "when": (
            "when", "by when", "deadline", "deadlines", "due", "due date", "what date", "which date", "what day",
            "which day", "what days", "which days", "what time", "until when", "till when", "closing date", "date", "dates",
            "cutoff", "cut off", "time limit", "how often", "how many times", "how frequently", "latest", "when have to pay", "when pay", "when need to pay",
            "by what date", "how long have", "how long have got", "how long do i have", "how long do i have got",
            "how much time have", "how much time do i have", "how much time left", "how long left", "time left", "weekend", "weekends", "saturday", "saturdays", "sunday", "sundays", "at night",
        ),
        "where": (
            "where", "wheres", "where apply", "where go", "address", "location", "located", "which office", "what office",
            "office", "which counter", "which desk", "counter", "which place", "what place", "directions", "how get there",
            "whereabouts", "were do", "were go", "wher", "whre", "where pick up", "where collect", "building",
        ),
        "how": (
            "how", "how do", "how can", "hows it work", "how apply", "steps", "process", "procedure", "what have to do",
            "what do i need to do", "what do we need to do", "what will i need to do", "what is needed to do",
            "what need to do", "what do i do", "what should i do", "what must i do", "next step", "application process",
            "what do i do first", "next", "what is next", "whats next",
        ),
    },
    qualifiers={
        "children": (
            "child", "children", "childs", "kid", "kids", "baby", "babies", "minor", "minors", "son", "daughter", "teenager",
            "teenagers", "teen", "teens", "underage", "under 18", "under age", "toddler", "toddlers", "infant", "infants",
        ),
        "seniors": (
            "senior", "seniors", "pensioner", "pensioners", "retired", "retiree", "retirees", "elderly", "over 65",
            "older people", "old people", "senior citizens",
        ),
        "visitors": (
            "visitor", "visitors", "guest", "guests", "visiting", "tourist", "tourists", "visits",
        ),
        "first": (
            "first time", "first one", "never had one", "for the first",
        ),
        "second": (
            "second", "second one", "another one", "additional", "extra one", "two of them",
        ),
        "urgent": (
            "urgent", "urgently", "faster", "quicker", "sooner", "express", "rush", "hurry", "in a hurry", "asap",
            "speed up", "expedite", "expedited",
        ),
    },
    filler=(
        "a", "an", "the", "this", "that", "thats", "it", "its", "is", "isn", "are", "was", "were", "be", "been", "being",
        "am", "i", "im", "me", "my", "mine", "myself", "we", "our", "us", "you", "your", "u", "ur", "they", "them", "their",
        "he", "she", "his", "her", "do", "does", "did", "done", "doing", "don", "dont", "doesn", "doesnt", "can", "could",
        "will", "would", "shall", "should", "may", "might", "must", "have", "has", "had", "having", "get", "gets", "getting",
        "got", "gotten", "need", "needs", "needed", "want", "wanted", "wanna", "gonna", "gotta", "going", "go", "goes",
        "come", "like", "to", "of", "for", "from", "at", "in", "on", "by", "with", "without", "about", "into", "as", "and",
        "or", "but", "so", "then", "if", "any", "some", "one", "ones", "there", "theres", "here", "what", "whats", "which",
        "how", "s", "t", "re", "ve", "ll", "d", "m", "please", "pls", "plz", "thanks", "thank", "thx", "ok", "okay", "hi",
        "hello", "hey", "yes", "yeah", "no", "not", "just", "also", "too", "again", "exactly", "apply", "applying",
        "application", "applies", "request", "requesting", "order", "ordering", "obtain", "submit", "file", "make", "making",
        "take", "takes", "taking", "took", "give", "gives", "happen", "happens", "happening", "really", "actually", "think",
        "know", "tell", "find", "out", "thing", "things", "else", "now", "already", "usually", "normally", "usual", "normal",
        "up", "people", "case", "same", "other", "all", "hmm", "um", "well", "right", "sure", "great", "cool", "good",
        "anything", "something", "total", "exact", "wat", "wht", "sort", "kind", "type", "use", "using", "when", "where",
        "who", "whom", "why", "possible", "possibly", "currently", "today", "probably", "maybe", "perhaps", "able",
        "available", "necessary", "along", "wich", "whch", "tht", "teh", "dis", "dat", "da", "wud", "cud", "shud", "shld",
        "gimme", "lemme", "anyways", "thanx", "cheers", "btw", "though", "tho", "somehow", "always", "ever", "both",
        "either",
    ),
    also=(
        "and", "what about", "how about", "what if", "and if", "and what", "also", "even if", "but if", "same for", "or",
    ),
    never=(
        "how are you", "how are you doing", "how do you do", "how is it going", "hows it going", "how s it going",
        "who are you", "who is this", "whos this", "who made you", "what can you do", "where are you", "where are you from",
        "how old are you", "what do you need", "what is your number", "who am i", "who do you work for", "what do you do",
        "how do you know", "when were you made", "how do you work", "can you call me", "call me", "how come",
    ),
)  # fmt: skip
