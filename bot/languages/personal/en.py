"""English."""

from bot.languages.personal.words import Personal, words

PERSONAL = Personal(
    contact=words(
        "my is are s it its the a an you can could may me us at on by via reach call text write ring contact here this and "
        "or for please to under with also i have use email e mail address phone telephone tel cell cellphone mobile number "
        "whatsapp get back touch in reply send answer updates update questions if need needed change new correct should be "
        "instead as anything more info"
    ),
    phone=words("phone telephone tel cell cellphone mobile call ring text whatsapp reach contact number"),
    not_phone=words("account reference invoice plate ticket case bill permit licence license id meter order parcel"),
    names=("my name is", "my name s", "my names", "my name", "name s", "name is", "the name is", "i am called", "name"),
    persons=("i am", "i m", "im", "this is"),
    ends_name=words("and here there's theres reporting calling speaking writing living living but to who i'm im have has want need would not very so just i my from at there the with in on we you but please email phone is or"),
    units=words("apartment apt appt flat unit suite ste floor room building bldg door"),
    floors=words("floor storey"),
    ordinals=words("first second third fourth fifth sixth seventh eighth ninth tenth top ground"),
    whole_units=("basement flat",),
    around_unit=words("i live in at on the my we our is s and it"),
    anonymous=(
        "anonymous", "anonymously", "in an anonymous way", "staying anonymous", "without my name", "without giving my name", "do not contact me", "don t contact me",
        "dont contact me", "no need to contact me", "no contact please", "i do not want to give my name",
        "i don t want to give my name", "i do not want to be contacted", "i don t want to be contacted", "no contact",
        "no contact details", "without contact",
    ),
    around_anonymous=words(
        "i want to remain stay be keep this it report would like prefer wish please d rather me and but as an completely is "
        "the my a send file"
    ),
    reporting=words("report reporting file tell complain notify"),
    no_photo=(
        "no photo", "no photos", "no picture", "no pictures", "no pic", "no pics", "no image", "without photo",
        "without a photo", "without picture", "without a picture", "don t have a photo", "dont have a photo",
        "do not have a photo", "don t have a picture", "dont have a picture", "don t have any photos",
        "can t take a photo", "cant take a photo", "haven t got a photo",
    ),
    around_no_photo=words("i have there is sorry with but so and"),
    joining=words("and"),
    something=words("something problem problems issue issues thing things matter complaint incident here you city about"),
    filler=words("no actually better rather sorry change to and also ok please wait wrong is it s use instead i meant correction my here after all then anymore now"),
)  # fmt: skip
