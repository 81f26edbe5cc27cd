"""French."""

from actions.languages.words import Words

WORDS = Words(
    name="Français",
    called={
        "en": "anglais", "es": "espagnol", "fr": "francais", "de": "allemand", "it": "italien", "pt": "portugais", "ar": "arabe",
        "zh": "chinois", "ru": "russe", "pl": "polonais", "tr": "turc", "uk": "ukrainien",
    },
    holidays={
        "new_year": "jour de l'an", "epiphany": "Épiphanie", "martin_luther_king_day": "Martin Luther King Day",
        "valentines_day": "Saint-Valentin", "presidents_day": "Presidents' Day", "good_friday": "Vendredi saint",
        "easter": "dimanche de Pâques", "easter_monday": "lundi de Pâques", "ascension": "Ascension", "pentecost": "Pentecôte",
        "whit_monday": "lundi de Pentecôte", "memorial_day": "Memorial Day", "juneteenth": "Juneteenth",
        "independence_day": "jour de l'Indépendance", "bastille_day": "fête nationale française", "assumption": "Assomption",
        "labor_day": "fête du Travail", "columbus_day": "Columbus Day", "halloween": "Halloween", "all_saints": "Toussaint",
        "election_day": "jour des élections", "veterans_day": "jour des anciens combattants", "thanksgiving": "Thanksgiving",
        "thanksgiving_friday": "lendemain de Thanksgiving", "immaculate_conception": "Immaculée Conception",
        "christmas_eve": "veille de Noël", "christmas": "Noël", "boxing_day": "lendemain de Noël",
        "new_years_eve": "Saint-Sylvestre",
    },
    day_pattern="EEEE d MMMM",
    time_pattern="H 'h' mm",
    span="de {start} à {end}",
    now=("maintenant", "actuellement", "en ce moment", "la maintenant", "encore ouvert", "encore ouverte", "encore ouverts"),
    because=("a cause", "en raison", "pour cause"),
    weekend=("week end", "weekend", "fin de semaine", "week ends"),
    before_street="dans a au aux en sur la le les de du des ma mon est et pour quand quel jour poubelle j habite",
    correcting=(
        "non", "en fait", "pardon", "desole", "desolee", "je voulais dire", "je veux dire", "plutot", "je me suis trompe",
        "je me suis trompee", "changer", "changez", "modifier", "modifiez", "corriger", "corrigez", "attendez", "attends", "une seconde", "erreur",
        "c est faux",
    ),
    place=(
        "devant", "pres", "a cote", "au coin", "derriere", "en face", "entre", "sur", "dans", "a l", "a la", "au", "aux", "angle",
        "sous", "le", "la", "l", "rue", "avenue", "place", "boulevard", "entree",
    ),
    parts={
        "location": "adresse rue lieu endroit numéro emplacement position",
        "description": "texte détails",
        "photo": "cliché",
        "contact": "courriel mél téléphone portable électronique",
        "service": "problème catégorie sujet genre",
    },
    everything="tout tous toutes deux",
    removing=("enleve", "enlevez", "enlever", "supprime", "supprimez", "supprimer", "retirez", "retirer", "efface", "effacez", "sans"),
    negating="pas",
    instead=("au lieu de", "au lieu du", "plutot que"),
    rewriting=("par", "en", "devrait dire", "est"),
    dropping=("oubliez", "oublie", "laissez", "laisse", "annulez", "annule", "abandonnez", "enlevez", "pas besoin", "ne signalez"),
    first="abord premier premiere avant",
    starting=("commencez par", "commence par", "commencons par", "passez a", "passe a", "faites", "fais", "prenez", "prends", "plutot"),
    others="autre autres celui ca cela deuxieme second seconde suivant suivante celle",
    other_one=("l autre", "les autres"),
    this_one="ci premier premiere",
    single=("seulement", "uniquement", "juste", "rien que"),
    referring="l le la les un une d de du avec par a faites fais faire faisons prenez prends commencez commence commencons passez passe signalement probleme non attendez attends en fait je veux voudrais voulais dire prefere plutot oui svp s il vous te plait c est pardon la maintenant",
    yes=("oui", "ouais", "d'accord", "exact", "oui merci", "allez-y", "allez y", "vas-y", "vas y", "c'est bon", "c'est parfait", "parfait", "très bien", "ok", "c'est parti", "on y va", "oui envoyez", "envoyez-le", "je confirme", "envoyez", "envoyer", "envoie", "oui c'est là", "c'est là", "oui c'est bien là", "oui c'est ça"),
    no=("non", "non merci", "aucun", "aucune"),
    commands={
        "pause": (
            "plus tard", "je continue plus tard", "je continuerai plus tard", "je le fais plus tard", "je le ferai plus tard", "je finis plus tard", "on verra plus tard", "pas maintenant", "tout a l heure", "dans une minute", "dans un instant", "laissez moi voir", "laissez moi verifier", "laisse moi voir",
            "attendez", "attends", "attendre", "un instant", "un moment", "une minute", "une seconde", "deux secondes", "deux minutes", "patientez", "ne quittez pas", "minute", "laissez moi reflechir",
            "donnez moi un instant", "donnez moi une minute", "donnez moi un moment", "pause", "pas encore", "je reviens",
        ),
        "undo": ("retour", "retour en arriere", "revenir en arriere", "revenez en arriere", "reviens en arriere", "en arriere", "question precedente", "a la question precedente", "annuler ma reponse", "je veux revenir en arriere"),
        "start_over": ("recommencer", "recommencez", "recommencons", "depuis le debut", "on recommence"),
    },
    polite="s il vous te plait svp stp merci pardon un peu oh euh",
    empty="je veux voudrais souhaite besoin signaler declarer un une le la les il y a probleme bonjour svp mon ma dans sur et "
    "avec ce cette ca c est qui du de des pour d l",
    filed={
        "plain": "ajouter ajoutez ajoute rajouter rajoutez quelque chose information informations info detail details photo photos plus autre note joindre mettre mettez oublie dire preciser envoyer aussi ici encore signalement demande pouvez ai puis vous",
        "withdraw": "retir annul supprim effac enlev retract",
        "add": "aussi egalement deux autre oubli",
        "show": "envoy dit transmis mis ecrit",
        "adding": "ajout rajout precis mention not",
        "that": "que qu",
    },
    addresses="rue avenue boulevard chemin place coin du des de le les la au mon signalement numero",
    numbers="numero num n adresse maison porte",
    unknown=(
        "je ne sais pas", "je sais pas", "j sais pas", "chais pas", "sais pas", "ne sais pas", "aucune idee", "pas d idee",
        "pas sur", "pas sure", "je ne suis pas sur", "je ne suis pas sure", "pas certain", "pas certaine", "je l ignore",
        "j ignore", "inconnu", "qui sait", "je n en sais rien", "j en sais rien", "difficile a dire", "je ne me souviens pas",
        "je me souviens plus", "je n ai pas regarde", "j ai pas regarde", "j ai pas vu", "je n ai pas vu", "je ne peux pas dire",
        "je ne saurais dire", "je ne vois pas", "je vois pas",
    ),
    counting=(
        "un une premier premiere 1er 1ere", "deux deuxieme second seconde", "trois troisieme", "quatre quatrieme",
        "cinq cinquieme", "six sixieme", "sept septieme", "huit huitieme", "neuf neuvieme", "dix dixieme", "onze onzieme",
        "douze douzieme", "treize treizieme", "quatorze quatorzieme", "quinze quinzieme",
    ),
    last="dernier derniere",
    around="le la les l choix option reponse numero num no s il vous te plait svp stp merci je veux prends choisis prefere c est",
    excluding="pas non ni sans jamais",
    vague="dans sur sous a au aux en de du des d la le les l un une par chez pour avec mon ma mes notre nos votre son sa ses ce cet "
    "cette ces ici la bas ou j habite habitons suis sommes est c pres proche cote face devant derriere dehors coin angle "
    "tournant rue route avenue maison appartement immeuble batiment quartier zone ville lieu endroit pate trottoir travail "
    "bureau boulot voiture jardin cour porte fenetre portail entre milieu bout debut quelque part partout nulle meme autre "
    "tres peu loin vers plus voisin voisine voisins mere pere parents ami amie moi nous position actuelle et je y il "
    "droite gauche exactement toujours fois derniere comme d habitude avant que centre",
    beside=("devant", "pres", "a cote", "derriere", "en face", "entre", "au niveau", "a hauteur"),
    own="mon ma mes notre nos chez",
    streets_before="rue avenue boulevard place chemin quai allee impasse",
    but="mais et seulement",
    same=("moi aussi", "le même", "la même", "même problème", "c est celui-là", "c est ça", "c est cela", "celui-là", "celle-là", "le suivre"),
    different=("nouveau", "nouvelle", "un autre", "une autre", "différent", "différente", "pas le même", "pas la même", "aucun", "aucune"),
    day_after=("lendemain", "jour d apres", "jour suivant"),
    going_on=("et", "et pour", "qu en est il de", "aussi"),
    this_week=("cette semaine",),
    not_being=("n est pas un", "n est pas une", "c est pas un", "c est pas une", "n etait pas un", "n etait pas une", "est pas le", "est pas la", "ne sont pas des", "n est pas des", "pas un", "pas une"),
    describing=(
        "il est", "elle est", "ils sont", "elles sont", "c est", "il y a", "y a", "il fait", "elle fait", "ca fait", "ca sent", "il a", "elle a", "tres", "assez", "plutot", "vraiment", "environ", "a peu pres", "aussi",
        "en plus", "depuis", "deja",
    ),
    since=("depuis", "ca fait", "cela fait", "ca dure"),
    generic="probleme problemes souci soucis chose choses signalement signalements plainte ai avons faire signaler declarer dire quelque plusieurs differents nouveau aujourd hui ici vous",
    enough="bon tout ok bien parfait exact juste vrai rien non oui suffisant moi tard faux fini ca",
    other_photo=(
        "c en est un autre", "c en est une autre", "un autre", "une autre", "autre probleme", "autre chose", "autre signalement", "autre endroit", "l autre", "mauvaise photo", "pas la bonne photo", "pas la bonne image",
        "pas celle la", "pas cette photo", "trompe de photo", "trompee de photo",
    ),
    same_photo=(
        "meme photo", "meme image", "la meme", "cette photo", "celle que j ai envoyee", "celle d avant", "je l ai envoyee", "je l ai deja envoyee", "deja envoyee", "deja envoye", "vous l avez", "vous l avez deja", "la precedente",
        "celle la", "on voit les deux", "elle montre les deux",
    ),
)  # fmt: skip
