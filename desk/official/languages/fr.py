"""French."""

from desk.official.languages.words import Words

WORDS = Words(
    asks=(
        "c est vraiment vous", "est ce vraiment vous", "est ce que c est vraiment vous", "cela vient il de la ville",
        "est ce que cela vient de la ville", "est ce que ca vient de la ville", "ca vient de la ville", "ca vient vraiment de la ville",
        "cela vient vraiment de la ville", "est ce vraiment de la ville", "ce message vient il de la ville", "ce message vient de la ville", "ce message est il officiel",
        "est ce officiel", "c est officiel", "est ce un message officiel", "est ce que c est officiel", "est ce une arnaque", "c est une arnaque", "est ce que c est une arnaque",
        "est ce une fraude", "avez vous envoye cela", "avez vous envoye ca", "avez vous envoye ce message", "est ce vous qui avez envoye cela", "est ce que vous avez envoye cela",
        "la ville a t elle envoye cela", "vous m avez appele", "m avez vous appele", "est ce votre numero", "c est votre numero", "ce numero est il le votre",
        "ce numero est il a vous", "ce numero est il de la ville", "ce numero est il celui de la ville", "est ce le numero de la ville", "est ce votre site",
        "c est votre site", "est ce votre adresse", "est ce votre compte", "c est votre compte", "ce compte est il a vous", "ce compte est il officiel", "ce numero est il officiel",
        "ce lien est il officiel", "est ce votre lien", "ce lien vient il de vous", "ce message vient il de vous", "cela vient il de vous", "ca vient de vous",
        "puis je faire confiance a ce message", "puis je me fier a ce message", "puis je me fier a ce numero",
    ),
    weak=("est ce vrai ou une arnaque", "est ce faux", "c est faux", "est ce authentique", "est ce fiable", "c est fiable", "est ce a vous"),
    between=("bonjour", "svp", "s", "il", "vous", "plait", "le", "la", "un", "vraiment", "message", "sms", "mail", "et", "que"),
    codes=("code", "le", "est", "verifier", "message", "mon"),
    title="Est-ce vraiment {city} ?",
    lead="Voici tout ce par quoi {city} écrit et appelle. Ce qui n'est pas dans cette liste ne vient pas de nous.",
    phones="Numéros de téléphone",
    domains="Sites web",
    mails="Adresses e-mail",
    accounts="Comptes",
    below="et tout ce qui finit par .{domain}",
    code="Chaque alerte que nous envoyons porte un code de six lettres. Écrivez-nous le code, et nous vous disons ce que dit cette alerte.",
    check="Vérifier un message",
    check_label="Le message, un numéro, une adresse, un compte ou un code",
    check_button="Vérifier",
    result="Résultat",
    nothing="Écrivez ce que nous devons vérifier.",
    never="Nous ne demandons jamais par message un paiement, un mot de passe ou un code de votre banque. En danger, appelez le {number}. Questions : {phone}.",
)  # fmt: skip
