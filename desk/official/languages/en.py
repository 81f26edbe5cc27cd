"""English."""

from desk.official.languages.words import Words

WORDS = Words(
    asks=(
        "is this really you", "is it really you", "is that you", "is this you", "is this from you", "is this really from you",
        "is this from the city", "is this really from the city", "is this message from the city", "did this come from the city",
        "does this come from the city", "did this come from you", "is this official", "is this message official",
        "is this an official message", "is this a scam", "is it a scam", "is this phishing", "is this fraud", "did you send this",
        "did you send me this", "did you really send this", "did you write this", "did the city send this", "did you call me",
        "did the city call me", "is this your number", "is this number yours", "is this your website", "is this your site",
        "is this your page", "is this your address", "is this your account", "is this your link", "is this your code",
        "is this account yours", "is this address yours", "is this link yours", "is this website yours", "is this page yours",
        "is this the number of the city", "is this the city s number", "is this the city s website", "is this the city s account",
        "does this number belong to the city", "does this number belong to you", "does this account belong to the city",
        "does this address belong to the city", "does this link belong to the city", "is this number official",
        "is this account official", "is this link official", "is this website official", "are you really the city",
        "are you really from the city", "can i trust this message", "can i trust this number", "can i trust this link",
    ),
    weak=("is this real", "is this fake", "is this genuine", "is this legit", "is this legitimate", "can i trust this", "is this true or a scam", "is this yours"),
    between=("this", "that", "it", "the", "a", "an", "really", "please", "hello", "hi", "actually", "message", "text", "sms", "email", "mail", "and"),
    codes=("code", "check", "the", "is", "message", "my"),
    title="Is this really {city}?",
    lead="This is everything by which {city} writes and calls. What is not in this list is not from us.",
    phones="Telephone numbers",
    domains="Websites",
    mails="E-mail addresses",
    accounts="Accounts",
    below="and everything that ends in .{domain}",
    code="Each notice that we send has a code of six letters. Write the code to us, and we tell you what that notice says.",
    check="Check a message",
    check_label="The message, a number, an address, an account or a code",
    check_button="Check",
    result="Result",
    nothing="Write what we should check.",
    never="We never ask for a payment, a password or a code of your bank in a message. In danger call {number}. Questions: {phone}.",
)  # fmt: skip
