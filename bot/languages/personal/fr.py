"""French."""

from bot.languages.personal.words import Personal, words

PERSONAL = Personal(
    contact=words(
        "mon mes ma mail e email courriel adresse electronique est c s le la les l numero telephone tel portable mobile "
        "whatsapp vous pouvez pouvez me m contacter contactez joindre joignable appeler appelez moi ecrire ecrivez rappeler "
        "rappelez au a par sur et ou pour aussi svp voici je suis coordonnees sont de repondre reponse si besoin il faut "
        "changez nouveau nouvelle utilisez"
    ),
    phone=words(
        "telephone tel portable mobile numero appeler appelez rappeler rappelez joindre joignable whatsapp contacter "
        "contactez"
    ),
    not_phone=words("compte reference facture plaque amende dossier recu permis compteur commande"),
    names=("je m appelle", "je mappelle", "jm appelle", "jmappelle", "m appelle", "mon nom est", "moi c est", "nom"),
    persons=("je suis", "chuis", "ici"),
    ends_name=words("et c y voudrais signale appelle ecris souhaite qui pour tres pas j je mon ma il au dans habite mais avec voisin voisine courriel telephone est"),
    units=words("appartement appt apt etage batiment bat porte escalier bureau local"),
    floors=words("etage"),
    ordinals=words("premier deuxieme second troisieme quatrieme cinquieme sixieme dernier"),
    whole_units=("rez de chaussee", "rez de jardin"),
    around_unit=words("j habite dans l le la au mon et a c est"),
    anonymous=(
        "anonyme", "anonymement", "de facon anonyme", "de maniere anonyme", "ne me contactez pas", "ne m appelez pas",
        "sans donner mon nom", "sans contact", "je ne veux pas donner mon nom", "je ne veux pas donner mes coordonnees",
        "je ne veux pas etre contacte", "je ne veux pas etre contactee",
    ),
    around_anonymous=words(
        "je j aimerais declarer denoncer veux voudrais souhaite prefere rester etre signaler de facon maniere mon signalement est et mais un le cela ca "
        "svp faire"
    ),
    reporting=words("signaler declarer denoncer informer avertir"),
    no_photo=(
        "sans photo", "sans photos", "sans image", "pas de photo", "pas de photos", "aucune photo", "je n ai pas de photo",
        "j ai pas de photo", "je ne peux pas prendre de photo", "je peux pas prendre de photo",
    ),
    around_no_photo=words("desole desolee mais et"),
    joining=words("et"),
    something=words("quelque chose choses probleme problemes souci incident ici vous de la ville besoin ai dois d"),
    filler=words("non plutot en fait pardon changez changer a et aussi svp attendez c est utilisez mon voici je voulais dire finalement final du coup alors"),
)  # fmt: skip
