"""English."""

from desk.languages.words import Words

WORDS = Words(
    days="{first} to {last}",
    span="{start} to {end}",
    moment="{day} at {time}",
    time="h:mm a",
    day="EEEE, MMMM d",
    date="MMMM d, y",
    numbers="two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen",
    number_words={"twice": 2, "both": 2, "twenty": 20, "thirty": 30, "sixty": 60},
    before_noon=("am",),
    after_noon=("pm",),
    named_times={"noon": 12, "midnight": 0},
)
