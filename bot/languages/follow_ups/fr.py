"""French. The apostrophe is a space: "c'est" is "c est"."""

from bot.languages.follow_ups.words import FollowUpWords

WORDS = FollowUpWords(
    parts={
        "cost": (
            "combien", "combien coute", "combien ca coute", "c est combien", "ca coute combien", "combien payer", "cout",
            "couts", "coute", "coutent", "couter", "coutera", "prix", "tarif", "tarifs", "frais", "gratuit", "gratuite",
            "gratuits", "gratuitement", "payant", "payante", "payer quelque chose", "quelque chose a payer", "faut payer",
            "dois payer", "doit payer", "cher", "chere", "argent", "dollars", "euros", "montant", "reduction", "reductions",
            "remise", "coute cher", "paient", "paie", "payent", "paye", "faut il payer", "il faut payer", "revient combien",
            "revenir a combien", "cb", "kombien", "conbien",
        ),
        "instalments": (
            "plusieurs fois", "en plusieurs fois", "payer en plusieurs fois", "en deux fois", "en trois fois", "echelonner",
            "echelonne", "echelonnement", "echeancier", "mensualites", "mensualite", "mensualiser", "mensuellement",
            "etaler", "etalement", "fractionner", "fractionne", "par tranches", "petit a petit", "plan de paiement",
            "differer", "reporter le paiement", "payer par parties", "en parties",
        ),
        "appeal": (
            "contester", "conteste", "contestation", "contestations", "recours", "faire appel", "fais appel", "appel de",
            "faire recours", "reclamer contre", "reclamation contre", "opposer", "m opposer", "opposition", "desaccord",
            "pas d accord", "injuste", "c est injuste", "erreur", "refus", "refuse", "refusent", "refusee", "rejet",
            "rejete", "rejetee", "on me dit non", "dit non",
        ),
        "payment": (
            "comment payer", "comment on paie", "comment je paie", "comment paye", "ou payer", "ou dois je payer",
            "payer par", "payer en", "payer avec", "paie par", "paie en", "peux payer", "peut payer", "puis je payer",
            "payer par carte", "payer en especes", "carte", "carte bancaire", "carte bleue", "especes", "liquide", "cheque",
            "virement", "prelevement", "moyen de paiement", "moyens de paiement", "paiement", "regler",
            "acceptez", "acceptes", "accepte", "prenez la carte", "prenez carte", "prend la carte",
        ),
        "documents": (
            "document", "documents", "doc", "docs", "papier", "papiers", "piece", "pieces", "justificatif", "justificatifs",
            "paperasse", "apporter", "apporte", "amener", "que dois apporter", "fournir", "presenter", "prendre avec moi",
            "qu est ce qu il faut", "qu est ce qu il me faut", "que faut il", "il faut quoi", "faut quoi",
            "de quoi ai besoin", "de quoi j ai besoin", "besoin de quoi", "me faut", "joindre au dossier", "formalites",
            "dossier", "de quoi vais avoir besoin", "qu est ce qu il faut pour ca", "kel papier", "quels papiers",
        ),
        "appointment": (
            "rendez vous", "rendezvous", "rdv", "creneau", "creneaux", "reserver", "reservation", "sans rendez vous",
            "prendre rendez vous", "comment rendez vous", "comment je prends rendez vous", "comment prendre rendez vous",
        ),
        "online": (
            "en ligne", "ligne", "internet", "par internet", "sur internet", "site", "site web", "web", "lien", "formulaire",
            "a distance", "de chez moi", "depuis chez moi", "de chez soi", "depuis chez soi", "de chez nous", "de la maison", "appli", "application", "sur place", "en personne",
            "par courrier", "par la poste", "par mail", "dematerialise", "numerique", "depuis mon telephone",
            "depuis son telephone", "sur mon telephone", "avec mon telephone", "envoyer par la poste", "se deplacer",
            "deplacer",
        ),
        "renewal": (
            "renouveler", "renouvelle", "renouvellement", "renouveller", "renouvele", "prolonger", "prolonge",
            "prolongation", "proroger", "reconduire", "comment renouveler", "quand renouveler", "comment renouvelle",
            "tous les combien renouveler", "combien renouveler",
        ),
        "lost": (
            "perdu", "perdue", "perdus", "perds", "perd", "perdre", "perte", "vole", "volee", "voler", "vol", "egare",
            "egaree", "duplicata", "remplacer", "remplacement", "abime", "abimee",
        ),
        "late": (
            "paie en retard", "payer en retard", "paye en retard", "paie trop tard", "si paie en retard",
            "retard", "en retard", "tard", "trop tard", "amende", "amendes", "penalite", "penalites", "majoration",
            "sanction", "sanctions", "rate", "rate la date", "manque la date", "oublie", "oublier", "depasse",
            "depasse le delai", "hors delai", "paie pas", "paye pas", "peux pas payer", "apres la date", "apres le delai",
            "le fais pas",
        ),
        "validity": (
            "valable", "valables", "valide", "valides", "validite", "expire", "expirent", "expiration", "quand expire",
            "perime", "perimee", "combien de temps valable", "valable combien de temps", "valide combien de temps",
            "combien de temps valide", "combien de temps dure", "dure combien de temps", "duree de validite",
            "jusqu a quand valable", "expire quand", "perd sa validite", "echeance", "jusqu a quand valide", "reste valable",
            "valable jusqu a quand", "perimes",
        ),
        "duration": (
            "combien de temps", "combien de jours", "combien de semaines", "combien de mois", "delai", "delais", "attendre",
            "attente", "longtemps", "long", "vite", "quand pret", "pret", "prete", "prets", "recois", "recevoir", "recevrai",
            "quand je recois", "quand je le recois", "prend du temps", "combien de temps attendre", "sous combien de temps",
            "duree", "arrive", "arrivera", "quand arrive", "met combien de temps", "quand est ce que je l ai",
            "quand recuperer", "recuperer", "quand chercher", "quand aurai", "quand est ce que je l aurai", "l aurai quand",
            "prete quand", "c est long",
        ),
        "holidays": (
            "ferie", "feries", "jour ferie", "jours feries", "noel", "nouvel an", "paques", "jour de fete", "jours de fete",
            "fete", "fetes",
        ),
        "exceptions": (
            "exception", "exceptions", "exempte", "exemptes", "exemptee", "exemption", "exoneration", "exonere", "dispense",
            "dispenses", "dispensee", "dispensees", "derogation", "derogations", "cas particulier", "cas particuliers",
            "qui n a pas besoin",
        ),
        "contact": (
            "qui appeler", "qui dois je appeler", "qui appelle", "qui contacter", "qui joindre", "qui ecrire",
            "a qui demander", "qui demander", "appeler", "appelle", "telephone", "telephoner", "tel", "numero",
            "numero de telephone", "quel numero", "contact", "contacter", "contacte", "joindre", "mail", "courriel",
            "adresse mail", "a qui m adresser", "a qui s adresser", "a qui m adresse", "a qui je m adresse",
            "vous avez un numero",
        ),
        "who": (
            "qui doit payer", "qui paie", "qui paye", "qui la paie", "qui le paie", "qui", "qui peut", "pour qui", "droit", "ai droit", "ai je droit", "a droit", "eligible", "eligibles",
            "tout le monde", "n importe qui", "conditions", "condition", "criteres", "obligatoire", "c est obligatoire",
            "concerne", "concernes", "puis je en avoir", "je peux en avoir", "j en ai besoin",
        ),
        "when": (
            "quand", "date", "dates", "date limite", "quelle date", "jusqu a quand", "jusqu a quelle date", "avant quand",
            "pour quand", "quel jour", "quels jours", "quelle heure", "a quelle heure", "heure", "quand payer",
            "quand dois je payer", "tous les combien", "combien de fois", "tous les jours", "frequence", "limite", "week end", "weekend", "samedi", "samedis", "dimanche",
            "dimanches", "combien de temps j ai", "j ai combien de temps", "combien de temps ai je", "combien de temps reste", "combien de temps il me reste",
            "combien de jours j ai", "combien de jours ai je", "quel delai ai je", "j ai quel delai", "quel delai pour",
        ),
        "where": (
            "ou", "ou ca", "ou est", "ou est ce que", "ou aller", "c est ou", "adresse", "quelle adresse", "lieu", "endroit",
            "quel endroit", "bureau", "quel bureau", "guichet", "quel guichet", "localisation", "situe", "batiment",
            "ou recuperer", "ou chercher", "ou sa",
        ),
        "how": (
            "comment", "comment faire", "comment on fait", "comment fait on", "comment ca marche", "comment proceder",
            "demarche", "demarches", "etape", "etapes", "procedure", "que dois je faire", "que faut il faire",
            "qu est ce que je dois faire", "il faut faire quoi", "je fais quoi", "on fait comment", "marche a suivre",
            "quoi en premier", "fais quoi", "premiere etape",
        ),
    },
    qualifiers={
        "children": (
            "enfant", "enfants", "mineur", "mineurs", "mineure", "mineures", "bebe", "bebes", "fils", "fille", "filles",
            "ado", "ados", "adolescent", "adolescents", "gosse", "gosses", "petits", "moins de 18",
        ),
        "seniors": (
            "senior", "seniors", "retraite", "retraites", "retraitee", "personnes agees", "agees", "aines", "troisieme age",
            "plus de 65",
        ),
        "visitors": (
            "visiteur", "visiteurs", "invite", "invites", "visite", "visites", "touriste", "touristes", "de passage",
        ),
        "first": (
            "premiere fois", "premiere demande", "une premiere",
        ),
        "second": (
            "deuxieme", "second", "seconde", "un autre", "une autre", "supplementaire",
        ),
        "urgent": (
            "urgent", "urgente", "urgence", "plus vite", "plus rapide", "rapidement", "express", "accelerer", "presse",
        ),
    },
    filler=(
        "qqch", "quelque", "chose", "le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "ce", "cet", "cette", "ces", "ca", "cela", "celui",
        "celle", "c", "j", "je", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles", "me", "m", "te", "t", "se", "s",
        "moi", "toi", "lui", "leur", "mon", "ma", "mes", "mien", "ton", "ta", "votre", "vos", "notre", "nos", "son", "sa",
        "ses", "est", "es", "suis", "sont", "etre", "sera", "serait", "ete", "ai", "as", "a", "ont", "avez", "avoir", "aura",
        "avait", "y", "en", "fait", "faire", "fais", "font", "faut", "fautil", "faudra", "doit", "dois", "doivent", "devoir",
        "devrais", "peut", "peux", "peuvent", "puis", "pouvoir", "pouvez", "pourrais", "pourrait", "veux", "voudrais",
        "veut", "voulais", "obtenir", "obtiens", "obtient", "demander", "demande", "demandes", "demandent", "deposer",
        "aller", "vais", "va", "vas", "allez", "pour", "par", "avec", "sans", "sur", "dans", "au", "aux", "et", "ou", "mais",
        "donc", "alors", "si", "que", "qu", "quoi", "quel", "quelle", "quels", "quelles", "existe", "besoin", "chose",
        "choses", "quelque", "quelques", "quelqu", "merci", "svp", "stp", "plait", "bonjour", "salut", "ok", "oui", "non",
        "pas", "ne", "n", "plus", "aussi", "deja", "encore", "juste", "exactement", "savoir", "dire", "dites", "sais",
        "tout", "tous", "toute", "certaines", "certains", "personne", "personnes", "cas", "meme", "autre", "autres",
        "normalement", "environ", "passe", "passer", "prend", "prends", "prendre", "mettre", "met", "bout", "jusqu", "bas",
        "comment", "quand", "bon", "bien", "hein", "euh", "temps", "total", "rien", "type", "genre", "entre", "lors", "chez",
        "utiliser", "qui", "comme", "possible", "disponible", "necessaire", "moins", "actuellement", "seulement", "plutot",
        "ensuite", "sert", "servir", "revenir", "revient", "accord", "premier", "envoyer", "venir", "deplacer", "mienne",
        "tienne", "auras", "aurai", "kel", "fo",
    ),
    also=(
        "et", "et si", "et pour", "et les", "et le", "et la", "et en", "et quand", "et avec", "qu en est il", "aussi",
        "mais si", "ou", "en cas de", "meme si",
    ),
    never=(
        "comment allez vous", "comment ca va", "comment vas tu", "ca va comment", "qui etes vous", "qui es tu", "t es qui",
        "c est qui", "qui est ce", "comment tu t appelles", "comment vous appelez vous", "que pouvez vous faire",
        "tu fais quoi", "vous faites quoi", "ou etes vous", "tu es ou", "comment ca", "comment cela", "quel age as tu",
        "appelez moi", "rappelez moi",
    ),
)  # fmt: skip
