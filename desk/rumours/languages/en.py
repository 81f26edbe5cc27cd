"""English."""

from desk.rumours.languages.words import Words

WORDS = Words(
    begin=(
        "is it true that", "is it really true that", "is it true", "is it a fact that", "is it correct that", "is it a rumour that", "is it a rumor that",
        "is it fake that", "is it fake news that", "is it fake", "can you confirm that", "can you tell me if it is true that", "can you check if it is true that",
        "i want to know if it is true that", "fact check", "rumour", "rumor", "they say that", "people say that", "someone told me that",
    ),
    end=("is that true", "is this true", "is it true", "is that really true", "is this really true", "true or false", "is that a rumour", "is that a rumor", "is this a rumour", "is this a rumor", "is this fake news", "is that fake news", "is this news true", "is this fake"),
    negations=frozenset({"not", "no", "never", "none", "isn", "aren", "wasn", "doesn", "don", "didn", "won", "cannot", "can t", "without", "nobody"}),
    verdicts={"true": "True", "false": "False", "misleading": "Misleading", "unknown": "Not known yet"},
    sources="Sources:",
    none_of_these="None of these",
    title="Rumours",
    lead="What people asked {city} about, and what is right. Each verdict was written by a person.",
    nothing="There is no verdict yet.",
    changed="{day}, version {version}",
    ask="Ask whether something is true",
)  # fmt: skip
