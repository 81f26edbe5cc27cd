"""How people lead to what tells who they are: an e-mail address, a phone number, a name, a unit, no name at all.

Words are folded. `contact` are the words around an address or a number; `phone` are those that make a bare number a
phone number, `not_phone` those that make it something else. `names` lead to a name in any spelling, `persons` only
to a capitalised one. `units` stand before a number or letter, `floors` after an ordinal, and `whole_units` alone.
`around_unit`, `around_anonymous` may stand before and belong to it. `joining` connects details with what
follows. `filler` says nothing beside details.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Personal:
    """One language."""

    contact: frozenset[str]
    phone: frozenset[str]
    not_phone: frozenset[str]
    names: tuple[str, ...]
    persons: tuple[str, ...]
    ends_name: frozenset[str]
    units: frozenset[str]
    floors: frozenset[str]
    ordinals: frozenset[str]
    whole_units: tuple[str, ...]
    around_unit: frozenset[str]
    anonymous: tuple[str, ...]
    around_anonymous: frozenset[str]
    joining: frozenset[str]
    filler: frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PERSONAL: Mapping[str, Personal] = {
    "en": Personal(
        contact=_words(
            "my is are s it its the a an you can could may me us at on by via reach call text write ring contact here this and "
            "or for please to under with also i have use email e mail address phone telephone tel cell cellphone mobile number "
            "whatsapp get back touch in reply send answer updates update questions if need needed change new correct should be "
            "instead as anything more info"
        ),
        phone=_words("phone telephone tel cell cellphone mobile call ring text whatsapp reach contact number"),
        not_phone=_words("account reference invoice plate ticket case bill permit licence license id meter order parcel"),
        names=("my name is", "my name s", "my name", "name is", "the name is", "i am called", "name"),
        persons=("i am", "i m", "im", "this is"),
        ends_name=_words("and i my from at there the with in on we you but please email phone is or"),
        units=_words("apartment apt appt flat unit suite ste floor room building bldg door"),
        floors=_words("floor storey"),
        ordinals=_words("first second third fourth fifth sixth seventh eighth ninth tenth top ground"),
        whole_units=("basement flat",),
        around_unit=_words("i live in at on the my we our is s and it"),
        anonymous=(
            "anonymous", "anonymously", "without my name", "without giving my name", "do not contact me", "don t contact me",
            "dont contact me", "no need to contact me", "no contact please", "i do not want to give my name",
            "i don t want to give my name", "i do not want to be contacted", "i don t want to be contacted",
        ),
        around_anonymous=_words(
            "i want to remain stay be keep this it report would like prefer wish please d rather me and but as an completely is "
            "the my a send file"
        ),
        joining=_words("and"),
        filler=_words("no actually sorry change to and also ok please wait wrong is it s use instead i meant correction my here"),
    ),
    "es": Personal(
        contact=_words(
            "mi mis correo electronico email e mail es son el la los telefono tel fono celular movil numero contacto whatsapp me "
            "pueden puede llamar llame llamen llamarme llameme llamenme escribanme escribame contactar contactarme contacten contactenme escribir escribirme "
            "escriba escriban localizarme al a en por y o u para tambien favor si necesitan necesita aqui este esta de datos "
            "mandar enviar responder respuesta cualquier cosa duda nuevo cambie cambiar use debe ser"
        ),
        phone=_words(
            "telefono tel fono celular movil numero llamar llame llamen llamarme llameme llamenme whatsapp contacto contactarme localizarme"
        ),
        not_phone=_words("cuenta referencia factura placa matricula multa expediente recibo permiso contador pedido dni"),
        names=("mi nombre es", "me llamo", "nombre", "yo me llamo"),
        persons=("soy", "yo soy", "habla", "le habla", "les habla"),
        ends_name=_words("y e mi vivo en hay con pero vecino vecina por tengo quiero correo telefono es"),
        units=_words(
            "apartamento apto apt depto departamento piso planta puerta local interior oficina edificio portal escalera"
        ),
        floors=_words("piso planta"),
        ordinals=_words("primer primero primera segundo segunda tercer tercero tercera cuarto cuarta quinto quinta sexto sexta"),
        whole_units=("planta baja", "ultimo piso"),
        around_unit=_words("vivo en el la mi y es del al"),
        anonymous=(
            "anonimo", "anonima", "anonimamente", "de forma anonima", "de manera anonima", "no me contacten", "no me llamen",
            "sin dar mi nombre", "sin contacto", "no quiero dar mi nombre", "no quiero dar mis datos",
            "no quiero que me contacten",
        ),
        around_anonymous=_words(
            "quiero deseo prefiero quisiera ser permanecer seguir mantenerme quedarme hacer hacerlo reportar reportarlo avisar de "
            "un aviso reporte denuncia es y por favor pero"
        ),
        joining=_words("y e"),
        filler=_words("no en realidad perdon cambie cambiar a al y tambien por favor espere es use mi aqui quise decir"),
    ),
    "fr": Personal(
        contact=_words(
            "mon mes ma mail e email courriel adresse electronique est c s le la les l numero telephone tel portable mobile "
            "whatsapp vous pouvez pouvez me m contacter contactez joindre joignable appeler appelez moi ecrire ecrivez rappeler "
            "rappelez au a par sur et ou pour aussi svp voici je suis coordonnees sont de repondre reponse si besoin il faut "
            "changez nouveau nouvelle utilisez"
        ),
        phone=_words(
            "telephone tel portable mobile numero appeler appelez rappeler rappelez joindre joignable whatsapp contacter "
            "contactez"
        ),
        not_phone=_words("compte reference facture plaque amende dossier recu permis compteur commande"),
        names=("je m appelle", "mon nom est", "moi c est", "nom"),
        persons=("je suis", "ici"),
        ends_name=_words("et j je mon ma il au dans habite mais avec voisin voisine courriel telephone est"),
        units=_words("appartement appt apt etage batiment bat porte escalier bureau local"),
        floors=_words("etage"),
        ordinals=_words("premier deuxieme second troisieme quatrieme cinquieme sixieme dernier"),
        whole_units=("rez de chaussee", "rez de jardin"),
        around_unit=_words("j habite dans l le la au mon et a c est"),
        anonymous=(
            "anonyme", "anonymement", "de facon anonyme", "de maniere anonyme", "ne me contactez pas", "ne m appelez pas",
            "sans donner mon nom", "sans contact", "je ne veux pas donner mon nom", "je ne veux pas donner mes coordonnees",
            "je ne veux pas etre contacte", "je ne veux pas etre contactee",
        ),
        around_anonymous=_words(
            "je veux voudrais souhaite prefere rester etre signaler de facon maniere mon signalement est et mais un le cela ca "
            "svp faire"
        ),
        joining=_words("et"),
        filler=_words("non en fait pardon changez changer a et aussi svp attendez c est utilisez mon voici je voulais dire"),
    ),
}  # fmt: skip
