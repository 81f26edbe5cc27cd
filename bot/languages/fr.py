"""French."""

from bot.languages.words import Words

WORDS = Words(
    asking=(
        "comment", "combien", "quand", "ou", "pourquoi", "qui", "que", "quel", "quelle", "quels", "quelles", "est ce",
        "qu est ce", "puis je", "peut on", "pouvez vous", "faut il", "dois je", "y a t il", "a t on", "c est quoi", "a quelle",
        "je veux savoir", "je voudrais savoir", "j aimerais savoir", "informations sur", "c est combien", "c est quand",
        "c est ou", "ca coute", "c est quel", "c est quelle",
    ),
    telling=(
        "il y a", "y a", "j ai vu", "je vois", "j ai trouve", "j ai remarque", "on a", "quelqu un", "des gens",
    ),
    holidays={
        "any": ("ferie", "feries", "jour ferie", "jours feries", "un ferie", "jour de fete"),
        "new_year": ("jour de l an", "nouvel an", "premier de l an", "premier janvier"),
        "epiphany": ("epiphanie", "fete des rois"), "valentines_day": ("saint valentin",),
        "presidents_day": ("jour des presidents",), "good_friday": ("vendredi saint",),
        "easter": ("paques", "dimanche de paques"), "easter_monday": ("lundi de paques",),
        "ascension": ("ascension", "jeudi de l ascension"),
        "pentecost": ("pentecote",), "whit_monday": ("lundi de pentecote",),
        "independence_day": ("fete de l independance", "jour de l independance"),
        "bastille_day": ("prise de la bastille", "fete nationale"),
        "labor_day": ("fete du travail", "jour du travail"), "assumption": ("assomption", "15 aout"),
        "all_saints": ("toussaint", "la toussaint"), "election_day": ("jour des elections",),
        "veterans_day": ("armistice", "jour des anciens combattants"),
        "thanksgiving": ("action de grace", "action de graces", "jour de thanksgiving"),
        "thanksgiving_friday": ("lendemain de thanksgiving", "vendredi apres thanksgiving"),
        "christmas_eve": ("veille de noel", "reveillon de noel", "reveillon", "soir de noel"),
        "christmas": ("noel", "jour de noel"), "boxing_day": ("lendemain de noel",),
        "new_years_eve": ("saint sylvestre", "veille du jour de l an", "reveillon du jour de l an", "reveillon du nouvel an"),
    },
    joining=("et", "aussi", "puis", "et aussi", "et puis", "ainsi que", "autre question"),
    referring=("ca", "cela", "c"),
    also=(
        "aussi", "et aussi", "egalement", "en plus", "de plus", "et en plus", "autre probleme", "autre chose", "par ailleurs",
        "ainsi que", "et sinon", "et signaler", "et me plaindre de", "et me plaindre du", "et je veux signaler", "et je voudrais signaler",
        "et je veux me plaindre du", "et denoncer", "deuxieme probleme", "deuxiemement",
    ),
    another=("un autre", "une autre", "encore un", "encore une", "un deuxieme", "une deuxieme", "et un autre", "et une autre"),
    pointing=("ca", "cela", "c", "ce", "elle", "elles", "il", "ils", "qui", "que"),
    determiners=(
        "un", "une", "autre", "des", "le", "la", "les", "l", "mon", "ma", "notre", "deux", "trois", "quatre", "plusieurs",
        "encore",
    ),
    at=("a", "au", "en", "dans", "sur"),
    beside=(
        "pres", "cote", "derriere", "devant", "face", "entre", "sous", "contre", "depuis", "par", "vers", "chez",
        "jusqu", "aux", "parce",
    ),
    unplaced=("n a", "y a", "on a", "qui a", "il a", "elle a", "ca a", "m a", "t a", "l a", "nous a", "vous a", "personne a"),  # not "à"
    days={
        "aujourd'hui": 0, "aujourd’hui": 0, "ce soir": 0, "ce matin": 0, "cet apres-midi": 0, "cette nuit": 0, "demain": 1,
        "apres-demain": 2, "apres demain": 2, "hier": -1, "avant-hier": -2, "avant hier": -2,
    },
    weekdays=(
        "lundi lundis", "mardi mardis", "mercredi mercredis", "jeudi jeudis", "vendredi vendredis", "samedi samedis",
        "dimanche dimanches",
    ),
    months=(
        "janvier janv", "fevrier fevr", "mars", "avril avr", "mai", "juin", "juillet juil", "aout", "septembre", "octobre",
        "novembre", "decembre",
    ),
    next=((), ("prochain", "qui vient")),
    last=(("depuis",), ("dernier", "passe")),
    this=(("ce",), ()),
    ahead=(("dans",), ()),
    ago=(("il y a", "depuis"), ()),
    day=("jour", "jours"),
    week=("semaine", "semaines"),
    counts={
        "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "dix": 10, "quinze": 15,
    },
    morning=("du matin",),
    afternoon=("de l'apres-midi", "du soir"),
    on_the_hour=("vers",),
    named_times={"a midi": "12:00", "midi": "12:00", "minuit": "00:00"},
    languages={
        "anglais": "en", "espagnol": "es", "castillan": "es", "francais": "fr", "allemand": "de", "italien": "it",
        "portugais": "pt", "arabe": "ar", "chinois": "zh", "mandarin": "zh", "russe": "ru", "polonais": "pl", "turc": "tr",
        "ukrainien": "uk",
    },
    switching="en a au le la l les on je j nous vous tu moi me peux peut peuvent pouvez pouvons pourrait pourriez pourrions puis veux "
    "voulez voudrais voudrions prefere preferons prefererais aimerais aime mieux mieux parler parlez parle parlons ecrire "
    "ecrivez ecris continuer continuez continuons passer passez passons changer changez changeons repondre repondez repond "
    "langue conversation svp stp s il te plait merci maintenant desormais partir de d du present ce cette est c ca possible que qu "
    "si et non oui bonjour plutot dorenavant suite tout reste seulement utiliser utilisez alors avec pour ne pas bien mal tres qu beaucoup avoir recevoir obtenir",
    not_speaking=(
        "je ne parle pas", "je parle pas", "je ne comprends pas", "je comprends pas", "je ne lis pas", "je ne sais pas parler",
        "nous ne parlons pas", "pas en", "pas", "pas l",
    ),
    closing=(
        "cordialement", "bien cordialement", "tres cordialement", "bien a vous", "sinceres salutations", "salutations",
        "meilleures salutations", "respectueusement", "envoye de mon", "envoye depuis mon", "amicalement",
    ),
    thanking=("merci d avance", "merci beaucoup", "merci", "bonne journee", "bonne soiree"),
    courteous=("s il vous plait", "s il te plait", "svp", "stp", "merci", "merci beaucoup", "merci bien", "pardon", "desole"),
    living=(
        "j habite au", "j habite a", "j habite", "nous habitons au", "nous habitons", "je vis au", "je reside au", "mon domicile est",
        "mon adresse postale est", "domicilie au", "domiciliee au", "ma maison est au",
    ),
    adding="ajout rajout precis mention note",
    forgetting=(
        "oublie de dire", "oublie de preciser", "oublie de mentionner", "oublie d ajouter", "oublie de mettre", "oublie de signaler", "pas dit que", "pas precise que", "pas mentionne que",
    ),
    done=(
        "est repare", "est reparee", "a ete repare", "a ete reparee", "ont repare", "l ont repare", "est resolu", "est regle", "est reglee", "a ete regle", "est arrange", "plus la peine",
        "plus besoin", "plus necessaire", "remarche", "marche a nouveau", "refonctionne", "fonctionne a nouveau", "a ete enleve", "a ete enlevee", "a ete ramasse", "a ete nettoye", "n est plus la",
    ),
    not_done="pas jamais rien toujours encore mal personne quand si disiez croyais",
    that="que qu",
    being="est sont etait a ont sent sentent semble reste peut peuvent",
    showing="montrez montrer montre voir lire lisez relisez liste copie afficher affichez",
    which=("qu", "que", "quel", "quelle", "quelles", "quels", "quoi", "et que", "et qu", "dites moi ce"),
    stating=(
        "envoye", "envoyee", "envoyes", "transmis", "dit", "disait", "ecrit", "contient", "contenait", "signale", "y a t il dans", "il y a dans", "adresse", "texte",
        "mots", "details", "informations",
    ),
    going="nouvelles nouveau statut avance avancement passe devient quand repare fait",
    ways=(
        "comment payer", "comment puis je", "comment je", "comment faire", "comment contester", "comment fait on", "ou payer", "ou puis je", "puis je payer", "peut on payer", "que faut il", "je peux payer",
    ),
    street_short={
        "bd": "boulevard",
    },
    streets_before="rue avenue chemin place boulevard route quai allee impasse",
    crossing="et",
    before_number="n numero",
    on_street="sur de",
    number_next="numero au du le",
    units="jour jours semaine semaines mois an ans heure heures h fois",
    enumerating="d deuxieme deuxiemement second ensuite puis enfin troisiemement troisieme deux trois 2 3 4",
    first="abord premier premiere premierement",
    dropping=("oublie", "oubliez", "laisse tomber", "laissez tomber", "annule", "annulez", "abandonne", "abandonnez", "pas la peine pour"),
    starting=("commencez par", "commence par", "commencons par", "faites", "fais", "prenez", "prends"),
    around_first="svp stp s il vous te plait merci mais et pouvez peux vous tu je veux voudrais prefere on peut ok non attendez pardon alors en",
    not_being=("ce n est pas un", "ce n est pas une", "c est pas un", "c est pas une", "ce n etait pas un", "ce n etait pas une", "n est pas un", "pas un", "pas une", "ce ne sont pas"),
    describing=("il est eteint depuis", "elle est eteinte depuis", "c est eteint depuis", "c est comme ca depuis", "c est depuis", "depuis", "ca dure", "ca fait", "cela fait", "ca a commence"),
    lasting="toujours encore reste restent",
    untrue=(
        "pas ce que j ai dit", "pas ce que j ai ecrit", "pas ce que j ai signale", "pas ce que je voulais dire", "n ai pas dit ca", "n ai pas dit cela", "n ai jamais dit ca", "ai pas dit ca",
        "ai jamais dit ca", "vous vous trompez", "vous etes trompe", "vous vous etes trompe", "tu te trompes", "une erreur", "pas vrai", "pas ca", "pas cela", "pas exact", "pas correct",
        "pas juste", "pas bon", "pas comme ca", "inexact", "inexacte", "incorrect", "incorrecte", "errone", "erronee", "mensonge", "faux", "fausse",
    ),
    around_untrue="non c est ce cela ca n ne s mais le la les l mon ma votre ton signalement resume tout tous vous avez a il y d du de des fait completement totalement desole desolee pardon attendez "
    "je j oh euh bah ben moi dans et un etes sont quelque chose pas",
    announced="probleme problemes chose choses point points signalement signalements souci soucis sujet sujets",
    announcing="j ai nous avons il y a voici voila quelques plusieurs des les a signaler vous dire je veux voudrais bonjour salut ok alors d abord et pour trois mes un une",
)  # fmt: skip
