"""English."""

from desk.notices.languages.words import Words

WORDS = Words(
    levels={"watch": "Be prepared", "alert": "Warning", "emergency": "Emergency", "recovery": "After the event"},
    scenarios={
        "storm": "storms",
        "flood": "floods",
        "outage": "power cuts",
        "water": "drinking water",
        "evacuation": "evacuations",
        "unrest": "unrest",
        "health": "health warnings",
    },
    all_clear="All clear",
    update="Update",
    everywhere="the whole city",
    anything="everything urgent",
    subscribe=(
        "alerts", "alert me", "tell me about", "tell me when there is", "tell me when there are", "warn me about", "warn me of",
        "notify me about", "notify me of", "subscribe to", "subscribe me to", "subscribe", "send me alerts", "send me warnings",
        "i want alerts", "i want warnings", "please tell me about", "please warn me about", "keep me informed about",
    ),
    unsubscribe=(
        "no alerts", "stop alerts", "no more alerts", "no more warnings", "stop the alerts", "stop the warnings",
        "unsubscribe from", "end alerts", "cancel alerts", "cancel my alerts",
    ),
    weak=("tell me about", "please tell me about", "keep me informed about",),
    confirm=("confirm alerts", "yes confirm alerts"),
    between=(
        "in", "the", "for", "of", "at", "about", "and", "or", "district", "neighbourhood", "neighborhood", "area", "part", "please", "city", "my", "me", "us", "emergency", "any", "all", "if", "there", "is", "are", "when",
    ),
    about={
        "storm": ("storm", "storms", "wind", "hurricane", "hurricanes"),
        "flood": ("flood", "floods", "flooding", "high water"),
        "outage": ("power cut", "power cuts", "outage", "outages", "power outage", "power outages", "blackout", "blackouts"),
        "water": ("drinking water", "boil water", "tap water", "water quality"),
        "evacuation": ("evacuation", "evacuations"),
        "unrest": ("unrest", "riot", "riots"),
        "health": ("health warning", "health warnings", "health alert", "health alerts", "heat", "heatwave", "heat wave"),
    },
    all_of=("all alerts", "all warnings", "everything", "emergencies", "emergency", "alerts", "warnings"),
    banner="Notices of the city",
    feed="Notices of {city}",
    nothing="There is no notice now.",
    invite="Get notices in the chat",
    until="Holds until {moment}.",
    fixed="You wrote to us about this: {title}. The city says it is over. Is it fixed where you are? If so, you need not answer.",
    safe="You wrote to us about this: {title}. The city says it is over. Are you safe? If so, you need not answer. In danger, call {number}.",
    not_well="No, I need somebody",
    code="Code of this message: {code}. To check that it is ours, write the code to us.",
    short_code="Code",
)  # fmt: skip
