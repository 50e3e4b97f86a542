"""Every French text users read, by code; only the help of the commands and of the API's fields stands beside them."""

from collections.abc import Sequence

from assistant.answer import NoteCode
from corpus import Kind

UNKNOWN_DATE = "date inconnue"

KINDS: dict[Kind, str] = {
    "regle": "règle",
    "role": "rôle",
    "methode": "méthode",
    "appui": "appui",
    "experience": "expérience",
    "etude": "étude",
    "publication": "publication",
}
LOCATORS = {"page": "page", "slide": "diapositive", "section": "partie"}
STAGES = {
    "preparing": "préparation du modèle",
    "reading": "lecture des documents",
    "embedding": "calcul des vecteurs",
    "publishing": "publication de l'index",
    "asking": "Questions posées",
}
MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
)

NOTES: dict[NoteCode, str] = {
    "completed_question": "Question comprise ainsi : « {detail} ».",
    "corrected_words": "Mots corrigés dans la question : {detail}.",
    "typed_in_english": "La question semble écrite en anglais ; la réponse vient de documents en français.",
    "documents_disagree": "Les documents cités ne concordent pas tous : comparez leurs dates et leurs sources.",
}

HANDOFF = "Une personne de votre service d'information peut reprendre votre question."
HANDOFF_CONTACT = "Pour poser votre question à une personne : {contact}."

NO_INDEX = (
    "Aucun document n'est encore indexé : lancez « assistant-elus corpus add DOSSIER », "
    "ou « assistant-elus serve » pour préparer les fiches de départ."
)
BUILDING = "La préparation des documents est en cours : {progress}. Réessayez dans un instant."
LOADING = "Le modèle de recherche se charge. Réessayez dans un instant."
MISMATCH = (
    "L'index a été fait avec le modèle « {found} », les réglages demandent « {wanted} » : "
    "lancez « assistant-elus corpus rebuild »."
)
DAMAGED = "L'index est abîmé : lancez « assistant-elus corpus rebuild »."
MODEL_UNAVAILABLE = "Le modèle de recherche est introuvable ou illisible : refaites l'installation."
UNKNOWN_DOCUMENT = (
    "Aucun document ne porte cet identifiant : « assistant-elus corpus list » ou GET /v1/documents les donnent tous."
)
WRITER_BUSY = "Une autre mise à jour des documents est en cours (processus {pid}) : attendez sa fin, puis réessayez."
UNEXPECTED = "Une erreur inattendue s'est produite ; elle est notée dans le journal du service."
UNEXPECTED_LOGGED = "Une erreur inattendue s'est produite ; le détail est dans {path}."
NOT_FOUND = "Cette adresse n'existe pas."
METHOD_NOT_ALLOWED = "Cette adresse n'accepte pas cette méthode."
TOO_LARGE = "La requête est trop longue."
REFUSED = "La requête a été refusée."
INVALID_JSON = "Le corps de la requête n'est pas du JSON valide."

TITLES = {
    "no_index": "Documents pas encore prêts",
    "loading": "Service en cours de démarrage",
    "index_mismatch": "Index fait avec un autre modèle",
    "snapshot_damaged": "Index abîmé",
    "model_unavailable": "Modèle indisponible",
    "unknown_document": "Document inconnu",
    "writer_busy": "Mise à jour déjà en cours",
    "invalid_request": "Requête incorrecte",
    "not_found": "Adresse inconnue",
    "method_not_allowed": "Méthode non acceptée",
    "too_large": "Requête trop longue",
    "refused": "Requête refusée",
    "unexpected": "Erreur inattendue",
}

# By pydantic's error type; {…} are the limits pydantic gives with the error, never what the person typed.
INVALID = {
    "missing": "est obligatoire",
    "extra_forbidden": "est inconnu",
    "string_type": "doit être un texte",
    "string_unicode": "contient des caractères illisibles",
    "string_too_short": "est vide",
    "string_too_long": "dépasse {max_length} caractères",
    "string_pattern_mismatch": "n'a pas la forme attendue",
    "blank": "est vide",
    "literal_error": "doit être l'une des valeurs {expected}",
    "int_type": "doit être un nombre entier",
    "int_parsing": "doit être un nombre entier",
    "int_from_float": "doit être un nombre entier",
    "greater_than_equal": "doit être au moins {ge}",
    "less_than_equal": "doit être au plus {le}",
    "list_type": "doit être une liste",
    "tuple_type": "doit être une liste",
    "too_long": "compte trop de valeurs (au plus {max_length})",
    "model_attributes_type": "doit être un objet JSON",
    "model_type": "doit être un objet JSON",
    "dict_type": "doit être un objet JSON",
    "bad_date": "doit s'écrire AAAA, AAAA-MM ou AAAA-MM-JJ",
    "bad_url": "doit commencer par http:// ou https://",
}
INVALID_OTHERWISE = "n'est pas valable"
FIELDS = {
    "question": "question",
    "query": "recherche",
    "k": "k",
    "session_id": "session_id",
}

FAILURES = {
    "missing": "fichier ou dossier introuvable",
    "empty": "fichier vide",
    "unreadable": "fichier illisible",
    "encoding": "encodage de caractères inconnu",
    "unsupported": "format non pris en charge",
    "locked": "fichier protégé par un mot de passe",
    "metadata": "en-tête incorrect",
    "too_large": "fichier trop gros",
}
FAILURE_OTHERWISE = "fichier refusé"

CHAT_TITLE = "Assistant des élus"
CHAT_LOADING = "Le service démarre, encore quelques secondes."
CHAT_PURPOSE = (
    "Posez votre question sur les rôles de la collectivité, les statuts juridiques, les appuis ou les expériences. "
    "Chaque phrase de la réponse renvoie au passage qui la prouve."
)
CHAT_SKIP = "Aller à la question"
CHAT_LABEL = "Conversation"
CHAT_QUESTION = "Votre question"
CHAT_QUESTION_HINT = "Écrivez-la ici"
CHAT_SEND, CHAT_STOP, CHAT_NEW = "Envoyer", "Arrêter", "Nouvelle conversation"
CHAT_EXAMPLES = "Par exemple"
CHAT_FILTERS = "Limiter à certains genres de documents"
CHAT_KINDS = "Genres de documents"
CHAT_READING = "Lecture des documents…"
CHAT_STOPPED = "Réponse arrêtée."
CHAT_SOURCES = "Sources"
CHAT_NO_SOURCES = "Les passages cités s'ouvriront ici."
CHAT_NEAREST = "Passages les plus proches"
CHAT_OPEN = "Ouvrir le document d'origine"
CHAT_REFERENCES = "Textes de référence ({count})"
CHAT_FILE = "Document : {source}"
CHAT_SEE_SOURCE = "Voir la source {n}"
CHAT_MACHINE = "Une machine répond, d'après des documents à jour au {date} : vérifiez ses sources avant de décider."
CHAT_MACHINE_UNDATED = (
    "Une machine répond, d'après des documents sans date connue : vérifiez ses sources avant de décider."
)
EXAMPLE_QUESTIONS = (
    "Quels rôles une commune peut-elle jouer auprès d'une SCIC ?",
    "Quelle différence entre une SCIC et une association ?",
    "Qui peut aider une commune à monter un projet coopératif ?",
    "Quelles communes ont déjà créé une SCIC, avec quel résultat ?",
)
KINDS_PLURAL: dict[Kind, str] = {
    "regle": "Règles",
    "role": "Rôles",
    "methode": "Méthodes",
    "appui": "Appuis",
    "experience": "Expériences",
    "etude": "Études",
    "publication": "Publications",
}

INTERRUPTED = "Interrompu."
STOPPED = "Service arrêté."
NOT_LOOPBACK = (
    "Cette version n'a pas encore de clés d'accès : elle n'écoute que cette machine. "
    "Utilisez --host 127.0.0.1 (ou ::1), derrière votre propre serveur si besoin."
)
PORT_TAKEN = "Le port {port} est déjà pris : fermez l'autre service ou choisissez-en un autre avec --port."
CANNOT_LISTEN = "Impossible d'écouter sur {host}:{port} : {reason}."
WORKERS_NEED_NO_UI = "Le chat ne marche qu'avec un seul processus : ajoutez --no-ui pour en demander plusieurs."
LISTENING = "À l'écoute sur {url} (Ctrl-C pour arrêter)."
READY = "Prêt : {documents} documents, {passages} passages."
NOTHING_FOUND = "Aucun passage trouvé : essayez d'autres mots, ou retirez des filtres."
NOTHING_CHANGED = "Rien à changer : les documents donnés sont déjà indexés tels quels."
WRONG_SETTING = "Réglage {name} : {reason}."
REPORT = ("document", "résultat")
ADDED, CHANGED, REMOVED, UNCHANGED, FAILED = "ajouté", "modifié", "retiré", "inchangé", "échec"
DOCUMENTS = ("identifiant", "titre", "genre", "date", "passages", "source")


def failure(source: str, code: str, detail: str) -> str:
    text = FAILURES.get(code, FAILURE_OTHERWISE)
    return f"{source} : {text}" + (f" ({detail})" if detail else "")


def invalid_field(name: str, error_type: str, limits: dict[str, object]) -> str:
    """One sentence on one field; `limits` fills the placeholders of INVALID."""
    text = INVALID.get(error_type, INVALID_OTHERWISE)
    try:
        text = text.format(**limits)
    except (KeyError, IndexError):
        text = INVALID_OTHERWISE
    return f"Le champ « {FIELDS.get(name, name)} » {text}." if name else f"Le corps de la requête {text}."


def note(code: NoteCode, detail: str) -> str:
    return NOTES[code].format(detail=detail)


def abstention(topics: Sequence[str]) -> str:
    """What is said when the documents do not answer. It repeats nothing of the question: its figures may be wrong."""
    said = "Les documents dont je dispose ne permettent pas de répondre à cette question."
    if topics:
        said += f" Ils traitent de sujets voisins : {', '.join(topics)}."
    return said + " Les passages les plus proches sont proposés ci-dessous. " + HANDOFF


def unanswered(parts: Sequence[str]) -> str:
    return f"Les documents ne disent rien de ceci : {' ; '.join(parts)}."


def source_line(publisher: str | None, published: str | None, kind: Kind, place: str) -> str:
    """ "Cerema · 22 décembre 2025 · règle · page 3"; a publisher nobody told is left out, an unknown date is said."""
    return " · ".join(part for part in (publisher, date(published), KINDS[kind], place) if part)


def build_total(documents: int, failed: int, passages: int | None, seconds: float) -> str:
    """`passages` are those of the new index, None when none was published."""
    said = f"{documents} document{plural(documents)} traité{plural(documents)}"
    if failed:
        said += f", {failed} en échec"
    said += f", {passages} passages dans l'index" if passages is not None else ", index inchangé"
    duration = f"{seconds:.1f}".replace(".", ",")
    return f"{said}, en {duration} s."


def plural(count: int) -> str:
    return "s" if count > 1 else ""


def handoff(contact: str) -> str:
    return HANDOFF_CONTACT.format(contact=contact) if contact else HANDOFF


def date(published: str | None) -> str:
    """ "2025-12-22" → "22 décembre 2025", "2025-12" → "décembre 2025"; what is not a date is said as unknown."""
    if not published:
        return UNKNOWN_DATE
    try:
        year, *rest = (int(part) for part in published.split("-"))
        if not rest:
            return f"{year}"
        month = MONTHS[rest[0] - 1]
        if len(rest) == 1:
            return f"{month} {year}"
        return f"{'1er' if rest[1] == 1 else rest[1]} {month} {year}"
    except (ValueError, IndexError):
        return UNKNOWN_DATE


def locator(type_: str, value: str, label: str) -> str:
    return label or f"{LOCATORS[type_]} {value}"


def progress(stage: str, done: int, total: int) -> str:
    """ "calcul des vecteurs, 120 sur 800 (15 %)"."""
    said = STAGES.get(stage, stage)
    return f"{said}, {done} sur {total} ({100 * done // total} %)" if total > 0 else said


# Measures

EVALS_COLUMNS = (
    "type",
    "n",
    "faits",
    "f. + extraits",
    "bon document",
    "en premier",
    "précision",
    "répondu",
    "refusé",
    "interdits",
    "sans source",
    "signes p50",
    "ms p50",
    "ms p95",
)
EVALS_OVERALL = "ENSEMBLE"
EVALS_BEFORE = "avant"
EVALS_AFTER = "après"
EVALS_WRITTEN = "Mesures écrites dans {folder}"
EVALS_SET_EXPECTED = "--set attend QUESTIONS=DOSSIER, par exemple evals/data/fiches.jsonl=corpus/fiches"
EVALS_CALIBRATED = (
    "Ajusté sur {questions} questions, validation croisée : aire sous la courbe {area:.3f}, répond à {answered:.2f} "
    "des questions qui ont une réponse, refuse {abstained:.2f} des autres, erreur de calibration {error:.3f}.\n"
    "Nombres écrits dans {file}"
)


def evals_interval(name: str, low: float, high: float) -> str:
    label = {"answered": "Répondu", "abstained": "Refusé"}[name]
    return f"{label} : intervalle à 95 % de {low:.3f} à {high:.3f}"


def evals_fall(name: str, before: float, after: float) -> str:
    return f"Baisse : {name} passe de {before:.3f} à {after:.3f}"
