"""Every French text users read, by code; only the help of the commands and of the API's fields stands beside them."""

from collections.abc import Mapping, Sequence

from assistant.answer import NoteCode, WarningCode
from assistant.applicability import AskerType
from assistant.store import Reason
from corpus import Applicability, ConcernCode, FindingCode, Kind, SourceType

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
    "fetching": "lecture des pages",
    "reading": "lecture des documents",
    "embedding": "calcul des vecteurs",
    "publishing": "publication de l'index",
    "asking": "Questions posées",
}
MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
)

SOURCE_RETIRED = "Source retirée le {date}."
NOTES: dict[NoteCode, str] = {
    "completed_question": "Question comprise ainsi : « {detail} ».",
    "corrected_words": "Mots corrigés dans la question : {detail}.",
    "typed_in_english": "La question semble écrite en anglais ; la réponse vient de documents en français.",
    "documents_disagree": (
        "Des documents ne donnent pas le même chiffre : la réponse suit le plus récent. Vérifiez la date des sources."
    ),
    "sentences_dropped": (
        "Une phrase que ses sources ne prouvaient pas assez a été retirée : la réponse peut être incomplète."
    ),
    "only_experiences": "Cette réponse ne s'appuie que sur des expériences locales : elles n'ont pas valeur de règle.",
    "information_only": (
        "Information générale tirée des documents : ce n'est ni un avis, ni un conseil juridique sur votre situation."
    ),
    "not_for_asker": "D'après « {detail} », ce qui suit n'est pas prévu pour une collectivité comme la vôtre.",
    "model_set_aside": "Le texte du modèle de langue n'a pas été retenu : la réponse reprend les mots des documents.",
    "not_kept": "L'historique ne peut pas être enregistré pour le moment : cet échange ne sera pas retrouvé plus tard.",
}
WARNINGS: dict[WarningCode, str] = {
    "past_review": "Règle à relire depuis {review_by} : elle a pu changer.",
    "superseded": "Ce document est remplacé par « {superseded_by} ».",
}
CRITERIA: dict[str, str] = {
    "definition": "Ce que c'est",
    "members": "Qui peut en être membre",
    "governance": "Qui décide",
    "public_place": "Place de la collectivité",
    "money": "Capital et argent",
    "procurement": "Commande publique",
    "when": "Quand le choisir",
    "audience": "Pour qui",
    "cost": "Ce que cela coûte",
    "asking": "Comment s'y prendre",
}
TABLE_CORNER = "Critère"
EMPTY_CELL = "Rien d'assez sûr trouvé dans les documents."
ASKER_TYPES = {
    "commune": "les communes",
    "commune_nouvelle": "les communes nouvelles",
    "epci": "les intercommunalités",
    "petr": "les PETR",
    "pnr": "les parcs naturels régionaux",
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
LLM_UNAVAILABLE = (
    "Le modèle de langue réglé par ASSISTANT_ELUS_LLM ne peut pas être ouvert ({reason}). Corrigez le réglage, "
    "installez « assistant-elus[llm] », ou videz-le : l'assistant répond aussi sans modèle."
)
MODEL_UNAVAILABLE = "Le modèle de recherche est introuvable ou illisible : refaites l'installation."
UNKNOWN_TURN = "Aucune réponse de vos conversations n'a cet identifiant."
UNKNOWN_GROUP = "Aucun groupe de questions n'a cet identifiant : « assistant-elus backlog list » les donne tous."
UNKNOWN_CALL = "Aucun de vos appels n'a cet identifiant."
UNKNOWN_CONVERSATION = "Cette conversation n'existe pas, ou n'existe plus."
STORE_UNAVAILABLE = (
    "La base des conversations, des clés et des comptes ne répond pas. Les réponses continuent ; ceci devra attendre."
)
WRONG_DATABASE_URL = (
    "ASSISTANT_ELUS_DATABASE_URL n'est pas l'adresse d'une base SQLite (sqlite:///chemin) "
    "ou PostgreSQL (postgresql://…)."
)
UNAUTHENTICATED = (
    "Cette adresse demande une clé d'accès valable (en-tête « Authorization: Bearer CLÉ ») ou un compte connecté."
)
FORBIDDEN = "Votre clé ou votre compte ne permet pas cette demande."
OPEN_ELSEWHERE = (
    "Ce service n'a encore ni clé ni compte : il ne répond qu'à cette machine, sans intermédiaire. Pour l'ouvrir à "
    "d'autres, lancez « assistant-elus keys create » ou « assistant-elus accounts create »."
)
CROSS_SITE = "Cette demande vient de la page d'un autre site : elle est refusée."
TOO_MANY = "Vous posez trop de questions en peu de temps."
RATE_REACHED = "Le rythme permis à cette clé est atteint."
QUOTA_REACHED = "Le quota de cette clé est épuisé."
CONCURRENCY_REACHED = "Cette clé a déjà {count} demande(s) en cours."
NO_USAGE = "L'usage est celui d'une clé : appelez cette adresse avec la vôtre."
UNKNOWN_PASSAGE = "Aucun passage ne porte cet identifiant : une recherche ou une réponse donne ceux qui existent."
UNKNOWN_TOOL = "Cet outil n'existe pas ici. Les outils : {names}."
MCP_INSTRUCTIONS = (
    "Documents de référence des élus locaux sur l'entrepreneuriat de territoire. « demander » répond et prouve chaque "
    "phrase ; « rechercher » rend des passages. Citez leurs sources, et n'ajoutez rien à ce que les documents disent."
)
UNKNOWN_MODEL = "Ce modèle n'existe pas ici : le seul est « assistant-elus »."
UNSUPPORTED_PARAMETER = "Le paramètre « {name} » n'est pas accepté : une seule réponse, en texte, sans outil ni son."
OVERLOADED = "Trop de questions arrivent en même temps : réessayez dans quelques secondes."
STOPPING = "Le service s'arrête ou redémarre : réessayez dans quelques secondes."
TOO_SLOW = "La réponse a pris trop de temps et n'a pas été attendue : réessayez dans quelques secondes."
UNKNOWN_DOCUMENT = (
    "Aucun document ne porte cet identifiant : « assistant-elus corpus list » ou GET /v1/documents les donnent tous."
)
WRITER_BUSY = "Une autre mise à jour des documents est en cours (processus {pid}) : attendez sa fin, puis réessayez."
NO_PREVIOUS = "Aucun index précédent : un seul a été publié, il n'y a rien à quoi revenir."
DISK_FULL = (
    "Le disque est plein : la mise à jour s'est arrêtée, l'index publié n'a pas changé. Libérez de la place sur le "
    "disque du dossier de données (réglage ASSISTANT_ELUS_HOME), puis relancez la commande."
)
UNEXPECTED = "Une erreur inattendue s'est produite ; elle est notée dans le journal du service."
UNEXPECTED_LOGGED = "Une erreur inattendue s'est produite ; le détail est dans {path}."
NOT_FOUND = "Cette adresse n'existe pas."
METHOD_NOT_ALLOWED = "Cette adresse n'accepte pas cette méthode."
TOO_LARGE = "La requête est trop longue."
REFUSED = "La requête a été refusée."
INVALID_JSON = "Le corps de la requête n'est pas du JSON valide."

TITLES = {
    "unauthenticated": "Accès non reconnu",
    "forbidden": "Accès refusé",
    "open_elsewhere": "Service ouvert à cette machine seulement",
    "cross_site": "Demande venue d'un autre site",
    "too_many_requests": "Trop de demandes",
    "overloaded": "Service très sollicité",
    "stopping": "Service en train de s'arrêter",
    "too_slow": "Réponse trop longue à venir",
    "no_index": "Documents pas encore prêts",
    "loading": "Service en cours de démarrage",
    "index_mismatch": "Index fait avec un autre modèle",
    "snapshot_damaged": "Index abîmé",
    "llm_unavailable": "Modèle de langue indisponible",
    "model_unavailable": "Modèle indisponible",
    "unknown_document": "Document inconnu",
    "unknown_conversation": "Conversation inconnue",
    "unknown_turn": "Réponse inconnue",
    "unknown_call": "Appel inconnu",
    "unknown_group": "Groupe inconnu",
    "unknown_key": "Clé inconnue",
    "unknown_account": "Compte inconnu",
    "name_taken": "Nom déjà pris",
    "store_unavailable": "Base indisponible",
    "wrong_database_url": "Adresse de base incorrecte",
    "writer_busy": "Mise à jour déjà en cours",
    "no_previous": "Pas d'index précédent",
    "disk_full": "Disque plein",
    "invalid_request": "Requête incorrecte",
    "unknown_model": "Modèle inconnu",
    "unsupported_parameter": "Paramètre non accepté",
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
    "no_user_message": "ne contient pas de question : il y faut un message « user » qui ne soit pas vide",
    "question_too_long": "se termine par une question de plus de {max_length} caractères",
    "text_only": "n'accepte que du texte",
    "float_type": "doit être un nombre",
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
    "bool_parsing": "doit être vrai ou faux (true ou false)",
    "bool_type": "doit être vrai ou faux (true ou false)",
    "bad_day": "doit s'écrire AAAA-MM-JJ",
    "bad_number": "doit être un numéro de téléphone (avec l'indicatif pour l'étranger : +32…)",
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
    "name": "nom illisible : renommez le fichier ou le dossier",
    "wrong_format": "le contenu n'est pas celui qu'annonce l'extension",
    "encrypted": "fichier protégé par un mot de passe : enregistrez-en une copie sans protection",
    "damaged": "fichier abîmé ou tronqué",
    "unsafe": "fichier refusé par sécurité",
    "no_text": "aucun texte : ni lettres, ni image de texte",
    "ocr_missing": "document numérisé : pour le lire, installez la reconnaissance de texte",
    "too_large": "fichier trop gros",
    "too_slow": "lecture trop longue, abandonnée",
    "too_long": "document trop long",
    "metadata": "en-tête ou métadonnées incorrects",
    "loop": "lien qui tourne en rond",
    "forbidden_address": "adresse privée, refusée (ASSISTANT_ELUS_FETCH_ALLOWED peut l'admettre)",
    "robots": "le site ne veut pas de robot ici (robots.txt)",
    "http_status": "le site répond par une erreur",
    "network": "site injoignable",
    "redirects": "trop de redirections",
    "scheme": "adresse refusée",
    "capped": "seules les premières pages sont suivies",
    "unread_sitemap": "une partie du plan de site ne se lit pas",
}
FAILURE_OTHERWISE = "fichier refusé"
# What the parsers add to a code; of a damaged or dangerous file they add technical words, which nobody needs.
FAILURE_DETAILS: dict[str, dict[str, str]] = {
    "damaged": {},
    "unsafe": {
        "link": "lien qui mène hors du dossier",
        "entry name": "archive qui écrirait hors d'elle-même",
        "compression ratio": "archive démesurée une fois dépliée",
        "document type": "entités XML déclarées",
        "memory": "demande trop de mémoire",
    },
    "unsupported": {
        ".doc": ".doc : enregistrez-le au format .docx",
        ".docm": ".docm : enregistrez-le au format .docx, sans macros",
        ".rtf": ".rtf : enregistrez-le au format .docx ou .odt",
        ".ppt": ".ppt : enregistrez-le au format .pptx",
        ".pps": ".pps : enregistrez-le au format .pptx",
        ".ppsx": ".ppsx : enregistrez-le au format .pptx",
        ".pptm": ".pptm : enregistrez-le au format .pptx, sans macros",
        ".xls": ".xls : enregistrez-le en PDF",
        ".xlsx": ".xlsx : enregistrez-le en PDF",
        ".xlsm": ".xlsm : enregistrez-le en PDF",
        ".ods": ".ods : enregistrez-le en PDF",
        ".odg": ".odg : enregistrez-le en PDF",
    },
    "wrong_format": {"text": "c'est un texte", "html": "c'est une page web", "pdf": "c'est un PDF"},
    "unreadable": {"worker": "le processus de lecture n'a pas pu démarrer"},
}
FINDINGS: dict[FindingCode, str] = {
    "file_name": "le nom du fichier doit être en minuscules sans accent, commencer par une lettre et finir par .md",
    "field_missing": "il manque « {detail} » dans l'en-tête (« {detail}: null » s'il n'y a rien à dire)",
    "reference_missing": "il faut au moins un texte de référence avec son éditeur",
    "law_missing": "une règle doit citer au moins un texte de droit parmi ses références (loi, code, décret, arrêt…)",
    "link": "adresse mal formée : {detail}",
    "link_copy": "adresse d'une copie ou d'un site provisoire, à remplacer par la source : {detail}",
    "published": "« published » doit être la date de la référence la plus récente : {detail}",
    "date_after_verification": "date postérieure à la vérification : {detail}",
    "dates_order": "« written », « verified » et « review_by » doivent être remplis et se suivre ({detail})",
    "title": "la première ligne doit reprendre le titre de l'en-tête : # {detail}",
    "title_taken": "ce titre est aussi celui d'une autre fiche : « {detail} »",
    "superseded_by": "« superseded_by » ne nomme aucune fiche par son titre : « {detail} »",
    "quoted_title": "fiche citée qui n'existe pas : « {detail} »",
    "length": "{detail} mots ; il en faut de 120 à 600",
    "heading_level": "sous le titre, tous les intertitres commencent par « ## » : {detail}",
    "heading_missing": "il manque la partie « {detail} »",
    "heading_order": (
        "ordre des parties : En bref, les questions, Points de vigilance, À vérifier, Pour aller plus loin"
    ),
    "heading_not_question": "intertitre qui n'est pas une question finissant par « ? » : {detail}",
    "heading_length": "intertitre de plus de 90 signes : {detail}",
    "questions": "{detail} questions en intertitre ; il en faut de 2 à 7",
    "in_brief": "« En bref » compte {detail} phrases ; il en faut 2 ou 3",
    "pronoun": "phrase qui ne se comprend pas seule (répétez le nom) : {detail}",
    "paragraph_length": "paragraphe de plus de 1 200 signes : {detail}",
    "contact": "téléphone ou courriel à retirer : {detail}",
}
COVERAGE_STATUSES, COVERAGE_ROLES, COVERAGE_THEMES = "statut", "rôle", "thème"
COVERAGE_ALL, COVERAGE_UNNAMED, COVERAGE_TOTAL = "ENSEMBLE", "(aucun)", "total"

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
CHAT_FOUND = "Passages trouvés"
CHAT_RELATED = "Questions auxquelles ces documents répondent aussi"
CHAT_RELATED_INSTEAD = "Questions proches auxquelles les documents répondent"
CHAT_HINT = (
    "Pour trouver mieux : posez une question à la fois, et nommez le statut, l'aide, le dispositif ou le lieu dont "
    "il s'agit."
)
CHAT_GAP_NOTED = "Votre question est notée, sans votre nom, pour les personnes qui tiennent les documents."
CHAT_ANNOUNCED = "Réponse reçue. {answer} Sources citées : {sources}."
CHAT_ANNOUNCED_NONE = "Réponse reçue. {answer}"
CHAT_PAST = "Mes conversations"
CHAT_PAST_SEARCH = "Chercher un mot"
CHAT_PAST_NONE = "Aucune conversation gardée."
CHAT_PAST_NOT_FOUND = "Aucune conversation ne contient ces mots."
CHAT_PAST_LINE = "{title} ({date})"
CHAT_PAST_TITLE, CHAT_PAST_RENAME = "Titre de la conversation ouverte", "Renommer"
CHAT_PAST_RENAMED = "C'est renommé."
CHAT_PAST_ERASE, CHAT_PAST_SURE, CHAT_PAST_KEEP = "Effacer cette conversation", "Effacer pour de bon", "La garder"
CHAT_PAST_ASKED = "L'effacement de cette conversation est définitif."
CHAT_PAST_ERASED = "C'est effacé."
CHAT_MARK = "Cette réponse vous aide-t-elle ?"
CHAT_MARKS: dict[Reason, str] = {
    "utile": "Utile",
    "incomplet": "Incomplète",
    "faux": "Fausse",
    "source_perimee": "Source périmée",
    "hors_sujet": "Hors sujet",
}
CHAT_COMMENT, CHAT_COMMENT_SEND = "Un mot de plus, si vous voulez (sans nom de personne)", "Ajouter"
CHAT_THANKS = "Merci, votre avis est noté : les personnes qui tiennent les documents le liront."
CHAT_CARRY = "Emporter cette conversation :"
CHAT_FORMATS = {"md": "texte", "docx": "Word"}
CHAT_KEPT_UNTIL = "Gardée jusqu'au {date}."
CHAT_PRINT = "Imprimer"
CHAT_ASKER = "Ma collectivité"
CHAT_ASKER_WHY = (
    "Ce qui ne vaut pas pour une collectivité comme la vôtre sera écarté ou signalé. Ces trois réponses sont gardées "
    "dans ce navigateur, et jointes à vos questions."
)
CHAT_ASKER_TYPE, CHAT_ASKER_POPULATION, CHAT_ASKER_DEPARTEMENT = "Type", "Habitants", "Numéro du département"
CHAT_ASKER_TYPES: dict[AskerType, str] = {
    "commune": "Commune",
    "commune_nouvelle": "Commune nouvelle",
    "epci": "Intercommunalité",
    "petr": "PETR",
    "pnr": "Parc naturel régional",
    "autre": "Autre collectivité",
}
CHAT_ASKER_SAVE, CHAT_ASKER_FORGET, CHAT_ASKER_CHANGE = "Enregistrer", "Oublier", "modifier"
CHAT_ASKER_SAVED = "Enregistré : {asker}."
CHAT_ASKER_FORGOTTEN = "C'est oublié."
CHAT_ASKER_UNKNOWN_DEPARTEMENT = "Aucun département n'a ce numéro."
CHAT_LINKS = {
    "/poste": "Poste téléphonique",
    "/edition": "Rédaction",
    "/confidentialite": "Confidentialité",
    "/accessibilite": "Accessibilité",
}
CHAT_FOOTER = "Assistant documentaire : il ne remplace ni un conseil juridique, ni les services de l'État."
CHAT_NO_SOURCES = "Les passages cités s'ouvriront ici."
CHAT_NEAREST = "Passages les plus proches"
CHAT_OPEN = "Ouvrir le document d'origine"
CHAT_REFERENCES = "Textes de référence ({count})"
CHAT_ALSO_IN = "Aussi dans : {titles}"
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

LOGIN, LOGOUT = "Se connecter", "Se déconnecter"
LOGIN_NAME, LOGIN_PASSWORD = "Nom du compte", "Mot de passe"
LOGIN_HOME = "Revenir au chat"
LOGIN_WRONG = "Le nom du compte ou le mot de passe n'est pas le bon."
LOGIN_LOCKED = "Trop d'essais pour ce nom."
LOGIN_AS = "Vous êtes connecté avec le compte {name} ({role})."
LOGIN_NOT_ENOUGH = "Ce compte n'ouvre pas la page demandée : déconnectez-vous pour en prendre un autre."
LOGIN_PROVIDER = "Se connecter avec le compte de votre organisation"
LOGIN_PROVIDER_FAILED = "La connexion auprès de votre organisation n'a pas abouti : recommencez depuis cette page."
LOGIN_NO_ROLE = "Votre organisation vous a reconnu, mais ce service ne vous donne aucun rôle : voyez qui l'administre."
ROLES = {"operator": "opérateur", "editor": "rédaction", "admin": "administration"}

INTERRUPTED = "Interrompu."
STOPPED = "Service arrêté."
NOBODY_KNOWN = (
    "Sans clé ni compte, le service n'écoute que cette machine. Lancez d'abord « assistant-elus keys create » ou "
    "« assistant-elus accounts create », ou gardez --host 127.0.0.1."
)
PORT_TAKEN = "Le port {port} est déjà pris : fermez l'autre service ou choisissez-en un autre avec --port."
CANNOT_LISTEN = "Impossible d'écouter sur {host}:{port} : {reason}."
WORKERS_NEED_NO_UI = "Le chat ne marche qu'avec un seul processus : ajoutez --no-ui pour en demander plusieurs."
LISTENING = "À l'écoute sur {url} (Ctrl-C pour arrêter)."
READY = "Prêt : {documents} documents, {passages} passages."
NOTHING_FOUND = "Aucun passage trouvé : essayez d'autres mots, ou retirez des filtres."
NOTHING_CHANGED = "Rien à changer : les documents donnés sont déjà indexés tels quels."
REPORT = ("document", "résultat")
STANDING = "sa dernière version lisible reste publiée"
VANISHING = (
    "{place} : {gone} document{s} sur {of} aurai{en}t disparu, un dossier débranché ou un site en panne peut-être. "
)
VANISHING_KEPT = "Rien n'en est retiré ; si c'est voulu, relancez avec --yes."
VANISHING_KEPT_HERE = "Rien n'en est retiré."
VANISHING_ASKED = "Les retirer ? [o/N] "
YES = ("o", "oui", "y", "yes")
DRY_RUN = "Essai à blanc : rien n'a été publié ni noté."
NO_SOURCES = "Aucune source n'est suivie : « assistant-elus corpus add DOSSIER » en ajoute une."
UNKNOWN_SOURCE = "« {name} » n'est pas une source suivie : « assistant-elus corpus sources » les donne toutes."
ROLLED_BACK = "L'index du {published_at} est remis en place : {documents} documents, {passages} passages."
SOURCES = ("source", "genre", "documents", "en échec", "vue le", "adresse")
SOURCE_TYPES: dict[SourceType, str] = {
    "file": "fichier",
    "folder": "dossier",
    "page": "page web",
    "sitemap": "plan de site",
    "feed": "fil d'actualité",
}
STATES = {
    "current": "à jour",
    "failed": "échec",
    "vanished": "retiré à la source",
    "past_review": "relecture dépassée",
    "undated": "date inconnue",
}
CONCERNS: dict[ConcernCode, str] = {
    "undated": "date inconnue",
    "past_review": "à relire depuis {detail}",
    "duplicate": "même texte que {detail}",
    "dead_link": "lien mort : {detail}",
    "unchecked_link": "lien non vérifié : {detail}",
    "unreadable": "{detail}",
}
LINKS_CHECKED = "vérification des liens"
SYNC_ALL = "Toutes les sources suivies"
NOTHING_NOTED = "rien de changé"
NOT_IN_JOURNAL = "la base ne répond pas, ce changement n'est pas noté au journal. Les documents, eux, sont à jour."
ADDED, CHANGED, REMOVED, UNCHANGED, FAILED = "ajouté", "modifié", "retiré", "inchangé", "échec"
DOCUMENTS = ("identifiant", "titre", "genre", "date", "passages", "source", "état")


def failure(source: str, code: str, detail: str) -> str:
    text = FAILURES.get(code, FAILURE_OTHERWISE)
    said = FAILURE_DETAILS.get(code, {}).get(detail, "" if code in ("damaged", "unsafe") else detail)
    return f"{source} : {text}" + (f" ({said})" if said else "")


def standing(source: str, code: str, detail: str) -> str:
    """A failure whose document stays in the index as it was."""
    return f"{failure(source, code, detail)} ; {STANDING}"


def vanishing(place: str, gone: int, of: int) -> str:
    return VANISHING.format(place=place, gone=gone, of=of, s=plural(gone), en="en" if gone > 1 else "")


def changes_noted(added: int, changed: int, removed: int, failed: int) -> str:
    """For the journal: "2 ajoutés, 1 échec"."""
    counts = ((added, ADDED), (changed, CHANGED), (removed, REMOVED), (failed, FAILED))
    said = (f"{count} {word}{plural(count)}" for count, word in counts if count)
    return ", ".join(said) or NOTHING_NOTED


def concern(code: ConcernCode, detail: str) -> str:
    return CONCERNS[code].format(detail=date(detail) if code == "past_review" else detail)


def inspection_total(documents: int, concerns: int) -> str:
    said = f"{documents} document{plural(documents)} indexé{plural(documents)}"
    return f"{said}, {concerns} point{plural(concerns)} à regarder." if concerns else f"{said}, rien à regarder."


def moment(iso: str) -> str:
    """ "2026-11-22T10:05:00+00:00" → "22 novembre 2026 à 10:05"; empty stays empty."""
    day, _, hour = iso.partition("T")
    return f"{date(day)} à {hour[:5]}" if hour else day


def counted(documents: int) -> str:
    return f"{documents} document{plural(documents)}"


def nothing_changed(documents: int) -> str:
    return f"Rien à changer : {counted(documents)} regardé{plural(documents)}." if documents else NOTHING_CHANGED


def finding(code: FindingCode, detail: str) -> str:
    return FINDINGS[code].format(detail=detail)


def review_total(fiches: int, findings: int, failed: int) -> str:
    said = f"{fiches} fiche{plural(fiches)} relue{plural(fiches)}"
    if failed:
        said += f", {failed} illisible{plural(failed)}"
    return f"{said}, {findings} remarque{plural(findings)}." if findings else f"{said}, aucune remarque."


def wrong_setting(name: str, error_type: str, limits: dict[str, object]) -> str:
    return f"Réglage {name} : {invalid_because(error_type, limits)}."


def invalid_because(error_type: str, limits: dict[str, object]) -> str:
    try:
        return INVALID.get(error_type, INVALID_OTHERWISE).format(**limits)
    except (KeyError, IndexError):
        return INVALID_OTHERWISE


def invalid_field(name: str, error_type: str, limits: dict[str, object]) -> str:
    """One sentence on one field; `limits` fills the placeholders of INVALID."""
    text = invalid_because(error_type, limits)
    return f"Le champ « {FIELDS.get(name, name)} » {text}." if name else f"Le corps de la requête {text}."


def note(code: NoteCode, detail: str) -> str:
    return NOTES[code].format(detail=detail)


def warning(code: WarningCode | None, review_by: str | None, superseded_by: str | None) -> str | None:
    return WARNINGS[code].format(review_by=date(review_by), superseded_by=superseded_by) if code else None


def announced(answer: str, sources: int) -> str:
    """What a screen reader says when an answer is there."""
    return (
        CHAT_ANNOUNCED.format(answer=answer, sources=sources) if sources else CHAT_ANNOUNCED_NONE.format(answer=answer)
    )


def asker(kind: AskerType | None, population: int | None, departement: str | None) -> str:
    """ "Commune de 800 habitants, département 39"; empty when nothing is known."""
    who = CHAT_ASKER_TYPES[kind] if kind else ("Collectivité" if population else "")
    if population is not None:
        who += f" de {_thousands(population)} habitant{plural(population)}"
    return ", ".join(filter(None, (who, f"département {departement}" if departement else "")))


def holds_for(applicability: Applicability) -> str:
    """ "Vaut pour les communes de 3 499 habitants au plus." """
    who = ", ".join(ASKER_TYPES[name] for name in applicability.types if name in ASKER_TYPES) or "les collectivités"
    least, most = applicability.population_min, applicability.population_max
    if least is not None and most is not None:
        who += f" de {_thousands(least)} à {_thousands(most)} habitants"
    elif most is not None:
        who += f" de {_thousands(most)} habitants au plus"
    elif least is not None:
        who += f" d'au moins {_thousands(least)} habitants"
    return f"Vaut pour {who}."


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")


def abstention(topics: Sequence[str]) -> str:
    """What is said when the documents do not answer. It repeats nothing of the question: its figures may be wrong."""
    said = "Les documents dont je dispose ne permettent pas de répondre à cette question."
    if topics:
        said += f" Ils traitent de sujets voisins : {', '.join(topics)}."
    return said + " Les passages les plus proches sont proposés ci-dessous. " + HANDOFF


def unanswered(parts: Sequence[str]) -> str:
    # Each is a question with its own mark: without quotation marks two marks would meet.
    return f"Rien d'assez sûr trouvé dans les documents sur ceci : {', '.join(f'« {part} »' for part in parts)}."


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


def try_again(seconds: int) -> str:
    """ "Réessayez dans 2 minutes." """
    for unit, of, is_feminine in (("jour", 86_400, False), ("heure", 3600, True), ("minute", 60, True)):
        if seconds >= of:
            count = -(-seconds // of)
            one = "une" if is_feminine else "un"
            return f"Réessayez dans {count if count > 1 else one} {unit}{plural(count)}."
    return f"Réessayez dans {seconds} seconde{plural(seconds)}."


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


# Conversations found again, carried away, erased

EXPORT_DATES = "Conversation du {begun}, enregistrée le {exported} ; corpus du {corpus}."
EXPORT_MACHINE = (
    "Réponses d'une machine, à vérifier : chacune reprend des documents dont la source et la date sont données. "
    "Ce n'est ni un avis, ni un conseil juridique."
)
EXPORT_ASKED = "Demandé le {moment}."
EXPORT_FILE = "conversation-{day}.{suffix}"


PRIVACY_ERASED = "La conversation {id} est effacée, avec ses avis et ses lacunes."
PRIVACY_WRITTEN = "Conversation écrite dans {file} ; ce fichier n'est protégé que par les droits de son dossier."
PRIVACY_OUT_NEEDED = "Un document Word ne s'écrit pas dans le terminal : donnez un fichier avec --out."
PRIVACY_NOTHING = "Rien n'avait dépassé sa durée."
PRIVACY_PURGED = "Effacé : {said}."
PRIVACY_LATER = (
    "Une lecture en cours retient encore les mots effacés dans le journal de la base : ils partiront à la prochaine "
    "purge."
)
PRIVACY_COUNTED = {
    "conversations": ("conversation", "conversations"),
    "calls": ("appel noté", "appels notés"),
    "callbacks": ("numéro à rappeler", "numéros à rappeler"),
    "logins": ("connexion expirée", "connexions expirées"),
    "audit": ("ligne du journal des changements", "lignes du journal des changements"),
    "usage": ("relevé d'usage", "relevés d'usage"),
}


def days(count: int) -> str:
    """ "90 jours", "1 an"."""
    return "1 an" if count == 365 else f"{count} jour{plural(count)}"


def conversation_title(title: str) -> str:
    return title or "Conversation"


def purged(counts: Mapping[str, int]) -> str:
    """ "Effacé : 3 conversations, 1 appel noté." """
    said = [f"{counts[name]} {words[counts[name] > 1]}" for name, words in PRIVACY_COUNTED.items() if counts[name]]
    return PRIVACY_PURGED.format(said=", ".join(said)) if said else PRIVACY_NOTHING


ACCESSIBILITY_TITLE = "Accessibilité"
ACCESSIBILITY_CONTACT = "Si quelque chose vous empêche d'utiliser ces pages, dites-le : {contact}."
ACCESSIBILITY_NO_CONTACT = (
    "Si quelque chose vous empêche d'utiliser ces pages, dites-le au service qui vous propose cet assistant."
)
NOTICE_TITLE = "Confidentialité"
NOTICE_CONTACT = "Pour toute demande sur vos données : {contact}."
NOTICE_NO_CONTACT = "Pour toute demande sur vos données, adressez-vous au service qui vous propose cet assistant."
NOTICE_NO_MODEL = (
    "Rien de ce que vous écrivez ne quitte le serveur de cet assistant : aucun service extérieur n'est appelé."
)
NOTICE_MODEL = (
    "Pour reformuler ses réponses, cet assistant envoie votre question et les passages trouvés au modèle de langue "
    "« {model} », tels que vous les avez écrits. Rien d'autre ne quitte le serveur."
)
MINE_TITLE = "Mes conversations"
MINE_NONE = "Aucune conversation n'est gardée pour vous dans ce navigateur."
MINE_KEPT = "Effacée le {date} si vous n'y revenez pas."
MINE_ERASE, MINE_ERASE_ALL = "Effacer", "Effacer toutes mes conversations"
MINE_ERASE_THIS = "Effacer « {title} »"
MINE_CARRY = "Emporter « {title} » : {format}"
MINE_FORMATS = {"md": "texte", "docx": "Word", "json": "tout ce qui est gardé (JSON)"}
MINE_ERASED = "C'est effacé."
MINE_SURE = "L'effacement est définitif."


# The chat of portals

EMBED_REFUSED = (
    "Cet assistant ne peut pas s'ouvrir ici : il lui faut la clé publique de ce site, faite par « assistant-elus keys "
    "create --origin https://… »."
)


# The editors' room

EDITION_FIELDS = {
    "titre": "titre",
    "genre": "genre",
    "date": "date de publication",
    "editeur": "éditeur",
    "adresse_source": "adresse d'origine",
    "licence": "licence",
    "relire_avant": "à relire avant",
    "statuts": "statuts",
    "roles": "rôles",
    "themes": "thèmes",
    "publier_original": "fichier d'origine",
}
EDITION_FILES_OR_ADDRESS = "Choisissez des fichiers, ou donnez une adresse : l'un des deux."
EDITION_WRONG_ADDRESS = "Une adresse commence par http:// ou https://."
EDITION_FILE_TOO_LARGE = "« {name} » est trop gros : {most} Mo au plus. Rien n'a été gardé."
EDITION_ALREADY = "Ces fichiers ont déjà été publiés."
EDITION_TOLD = {
    "abandonne": "Les fichiers envoyés ont été effacés ; rien n'a été publié.",
    "enregistre": "C'est enregistré.",
}
EDITION_WHO = {
    "local": "cette machine",
    "command": "ligne de commande",
    "account": "compte supprimé",
    "visitor": "visiteur",
    "key": "clé d'API",
}
EDITION_REASONS = {
    "utile": "utile",
    "incomplet": "incomplet",
    "faux": "faux",
    "source_perimee": "source périmée",
    "hors_sujet": "hors sujet",
}
EDITION_STATES = STATES | {"superseded": "remplacé"}
AUDIT_ACTIONS = {
    "document.added": "document ajouté",
    "document.changed": "document remplacé",
    "document.removed": "document retiré",
    "document.reread": "document relu",
    "corpus.added": "documents ajoutés",
    "corpus.synced": "synchronisation",
    "corpus.rebuilt": "index refait",
    "corpus.rolled_back": "retour à l'index précédent",
    "source.forgotten": "source oubliée",
    "backlog.state": "manque : état",
    "backlog.assigned": "manque : confié",
    "backlog.reopened": "manque : rouvert",
    "key.created": "clé créée",
    "key.revoked": "clé révoquée",
    "account.created": "compte créé",
    "account.password": "mot de passe changé",
    "account.disabled": "compte désactivé",
    "account.enabled": "compte réactivé",
    "backup.made": "sauvegarde faite",
    "backup.restored": "sauvegarde remise en place",
    "conversation.erased": "conversation effacée",
    "conversation.exported": "conversation exportée",
}
STATISTICS_COLUMNS = (
    "jour",
    "questions",
    "répondues",
    "en partie",
    "sans réponse",
    "ms, médiane",
    "ms, 95e centile",
    "avis utiles",
    "avis à reprendre",
)
STATISTICS_WORDS = {
    "questions": "questions",
    "milliseconds": "millisecondes",
    "answered": "répondues",
    "partial": "en partie",
    "abstained": "sans réponse",
    "p50": "médiane",
    "p95": "95e centile",
}


# Backups

BACKUP_STEPS = {
    "store": "copie de la base",
    "documents": "copie de l'index publié et des originaux",
    "checking": "vérification de la sauvegarde",
    "indexing": "remise en état de l'index",
    "writing": "écriture",
}
BACKUP_MADE = "Sauvegarde écrite dans {file} ({size} Mo) : {said}."
BACKUP_CARE = (
    "Elle contient les conversations (masquées), les comptes, les empreintes des clés et le secret des visiteurs : "
    "gardez-la comme les données elles-mêmes, et pas plus longtemps."
)
BACKUP_RESTORED = "Sauvegarde du {moment} remise en place : {said}."
BACKUP_CONTENT = "{conversations} conversation{s}, {corpus}"
BACKUP_CORPUS, BACKUP_NO_CORPUS = "l'index publié et ses originaux", "aucun document"
BACKUP_EXISTS = "{file} existe déjà : donnez un autre nom, une sauvegarde n'en remplace jamais une autre."
BACKUP_MISSING = "{file} est introuvable."
BACKUP_CANNOT_WRITE = "Impossible d'écrire dans {file} : vérifiez que son dossier existe et que vous pouvez y écrire."
BACKUP_NO_ROOM = "Le disque de {folder} est plein : rien n'a été changé. Libérez de la place, puis relancez."
BACKUP_NOT_EMPTY = (
    "Il y a déjà des documents ou des données ici : rien n'a été changé. Pour les remplacer par la sauvegarde, "
    "relancez avec --force."
)
BACKUP_FAULTS = {
    "unreadable": "La sauvegarde ne se lit pas : fichier abîmé, coupé, ou qui n'est pas une sauvegarde.",
    "incomplete": "La sauvegarde est incomplète{name}.",
    "changed": "La sauvegarde a été modifiée ou abîmée{name}.",
    "foreign": "L'archive contient un fichier qui n'a rien à y faire{name} : elle est refusée.",
    "newer": "La sauvegarde vient d'une version plus récente du logiciel{name} : mettez-le d'abord à jour.",
}
BACKUP_UNCHANGED = "Rien n'a été changé."


def backup_content(conversations: int, *, with_corpus: bool) -> str:
    corpus = BACKUP_CORPUS if with_corpus else BACKUP_NO_CORPUS
    return BACKUP_CONTENT.format(conversations=conversations, s=plural(conversations), corpus=corpus)


def backup_fault(fault: str, name: str) -> str:
    return f"{BACKUP_FAULTS[fault].format(name=f' ({name})' if name else '')} {BACKUP_UNCHANGED}"


# What was asked and the documents do not hold

GAP_STATES = {"nouveau": "nouveau", "en_cours": "en cours", "traite": "traité", "hors_perimetre": "hors périmètre"}
GAP_CAUSES = {
    "abstained": "sans réponse",
    "partial": "réponse partielle",
    "incomplet": "jugée incomplète",
    "faux": "jugée fausse",
    "source_perimee": "source jugée périmée",
    "hors_sujet": "jugée hors sujet",
}
BACKLOG_COLUMNS = (
    *("identifiant", "besoin", "questions", "causes", "état", "pour", "première fois", "dernière fois"),
    *("documents voisins", "toutes les questions"),
)
BACKLOG_LISTED = ("identifiant", "questions", "état", "pour", "dernière fois", "besoin")
BACKLOG_EMPTY = "Aucune question sans bonne réponse."
BACKLOG_REOPENED = "Le groupe {id} était traité : une nouvelle question le rouvre."
BACKLOG_WRITTEN = "{count} groupe{s} écrit{s} dans {file}"
BACKLOG_NOTHING_SET = "Rien à changer : donnez --state ou --assignee."
CANNOT_WRITE = "Impossible d'écrire {file} : {reason}."
NOBODY = "personne"
OUTCOMES = {"answered": "réponse", "partial": "réponse partielle", "abstained": "pas de réponse"}

# Measures

EVALS_REPLAY_NOTHING = "Aucune question gardée à reposer."
EVALS_REPLAYED = "{asked} question{s} reposée{s}, {flipped} change{nt}."

EVALS_KIND = "type"
EVALS_COLUMNS = {
    "n": "n",
    "facts": "faits",
    "facts_with_excerpts": "f. + extraits",
    "mrr_at_10": "MRR@10",
    "hit": "bon document",
    "first": "en premier",
    "precision": "précision",
    "recall": "rappel",
    "answered": "répondu",
    "abstained": "refusé",
    "must_not": "interdits",
    "hard_facts": "sans preuve",
    "uncited": "sans source",
    "characters_p50": "signes p50",
    "ms_p50": "ms p50",
    "ms_p95": "ms p95",
}
EVALS_GROUPS = {
    "Jeu": {"n": "questions"},
    "Recherche des documents attendus": {
        "r_at_1": "R@1",
        "r_at_3": "R@3",
        "r_at_10": "R@10",
        "mrr_at_10": "MRR@10",
        "ndcg_at_10": "nDCG@10",
    },
    "Faits": {
        "facts": "dans la réponse",
        "facts_with_excerpts": "avec les extraits",
        "followup_facts": "aux questions de suite",
    },
    "Citations": {
        "hit": "un bon document",
        "first": "bon document en premier",
        "precision": "précision",
        "recall": "rappel",
    },
    "Preuves": {
        "support": "appui moyen",
        "support_separation": "appui : séparation",
        "hard_facts": "faits durs sans preuve",
        "must_not": "réponses interdites",
        "uncited": "réponses sans source",
    },
    "Abstention": {
        "answered": "répond quand il faut",
        "abstained": "refuse quand il faut (rappel)",
        "abstention_precision": "précision des refus",
        "calibration_error": "erreur de calibration",
    },
    "Longueur et temps": {
        "characters_p50": "signes, médiane",
        "ms_p50": "ms, médiane",
        "ms_p95": "ms, 95e centile",
    },
}
EVALS_DRAWN = {"facts": "faits dans la réponse", "first": "bon document en premier", "abstained": "refusé à raison"}
EVALS_REPORT = {
    "title": "Mesure des réponses",
    "decimal": ",",
    "questions": "questions",
    "documents": "documents",
    "passages": "passages",
    "overall": "ensemble",
    "figures": "Chiffres",
    "figure": "chiffre",
    "figures_legend": (
        "Entre crochets, l'intervalle à 95 % (Wilson), plus large que nécessaire pour une moyenne de parts. "
        "Séparation : combien de fois une réponse complète a plus d'appui qu'une autre (0,5 : au hasard)."
    ),
    "plots": "Graphiques",
    "plot_by_kind": "Par type de question",
    "legend_by_kind": "Le trait est l'intervalle à 95 %.",
    "plot_reliability": "Fiabilité de la probabilité de répondre",
    "legend_reliability": (
        "Au-dessus de la diagonale, l'assistant doute trop ; en dessous, il est trop sûr. Les nombres comptent les "
        "questions."
    ),
    "plot_latency": "Temps de réponse",
    "legend_latency": "Du dernier échange de chaque question.",
    "calibration_error": "Erreur de calibration attendue\u00a0:",
    "share": "part",
    "perfect": "parfaite",
    "threshold": "seuil pour répondre",
    "observed": "mesurée",
    "predicted": "probabilité annoncée",
    "came_true": "part des questions qui ont une réponse",
    "milliseconds": "millisecondes",
    "ms_p50": "médiane",
    "ms_p95": "95e centile",
    "answers": "Réponses",
    "private": "Mesure privée : les questions et les réponses ne sont pas gardées.",
    "show": "Montrer",
    "every_kind": "tous les types",
    "only_failed": "seulement ce qui est à revoir",
    "answered": "répondu",
    "abstained": "refusé",
    "wrongly_refused": "refusé à tort",
    "wrongly_answered": "répondu à tort",
    "wrong_first": "première source à côté",
    "violated": "réponse interdite",
    "uncited": "sans source",
    "unproven": "sans preuve",
    "question": "Question",
    "understood": "Comprise ainsi :",
    "probability": "probabilité",
    "support": "appui",
    "answer": "Réponse",
    "facts": "faits",
    "facts_expected": "Faits attendus",
    "found": "trouvé",
    "missing": "manque",
    "must_not": "Interdit :",
    "expected": "Documents attendus :",
    "citations": "Sources citées",
    "right_document": "attendu",
    "other_document": "autre",
    "excerpt": "extrait montré",
}
EVALS_OVERALL = "ENSEMBLE"
EVALS_BEFORE = "avant"
EVALS_AFTER = "après"
EVALS_WRITTEN = "Mesures écrites dans {folder}"
EVALS_REPORT_WRITTEN = "Rapport à lire : {file}"
EVALS_LIBRARIES_MISSING = (
    "Il manque de quoi mesurer ({names}) : lancez « pip install 'assistant-elus[evals]' », "
    "ou « make evals » dans le dépôt."
)
EVALS_CASES_INVALID = "Le jeu de questions ne se lit pas : {reason}"
EVALS_RUN_INVALID = "Ce dossier ne contient pas de mesure lisible : {reason}"
EVALS_NO_ANSWERS = "L'une des deux mesures est privée : les réponses qui changent ne peuvent pas être nommées."
EVALS_NO_FLIP = "Aucune réponse ne change."
EVALS_SET_EXPECTED = "--set attend QUESTIONS=DOSSIER, par exemple evals/data/fiches.jsonl=corpus/fiches"
EVALS_CALIBRATED = (
    "Ajusté sur {questions} questions, validation croisée : aire sous la courbe {area:.3f}, répond à {answered:.2f} "
    "des questions qui ont une réponse, refuse {abstained:.2f} des autres, erreur de calibration {error:.3f}.\n"
    "Appui des phrases, sur {pairs} paires jugées à la main : aire sous la courbe {support:.3f}.\n"
    "Nombres écrits dans {file}"
)


def evals_name(name: str) -> str:
    """What a figure is called: "Citations, précision"."""
    return next((f"{group}, {names[name]}" for group, names in EVALS_GROUPS.items() if name in names), name)


def evals_interval(name: str, low: float, high: float) -> str:
    label = {"answered": "Répondu", "abstained": "Refusé"}[name]
    return f"{label} : intervalle à 95 % de {low:.3f} à {high:.3f}"


def evals_fall(name: str, before: float, after: float) -> str:
    return f"Baisse : « {evals_name(name)} » passe de {before:.3f} à {after:.3f}"


def evals_replayed(asked: int, flipped: int) -> str:
    return EVALS_REPLAYED.format(asked=asked, s=plural(asked), flipped=flipped, nt="nt" if flipped > 1 else "")


def evals_replay_flip(question: str, outcome: tuple[str, str], first: tuple[str, str]) -> str:
    """ "« Quel capital ? » : s'abstenait, répond désormais ; première source : aucune → La SCIC"."""
    refused = [one == "abstained" for one in outcome]
    answered = None if refused[0] == refused[1] else (not refused[0], not refused[1])
    return evals_flip("-", question, answered, (), (), first if first[0] != first[1] else None)


def evals_flips(count: int) -> str:
    return f"{count} réponse{plural(count)} change{'nt' if count > 1 else ''} :"


def evals_flip(
    id: str,
    question: str,
    answered: tuple[bool, bool] | None,
    gained: Sequence[str],
    lost: Sequence[str],
    first: tuple[str, str] | None,
) -> str:
    """ "fic-001 « Quel capital ? » : perd un fait (50 ?%) ; première source : a.md → b.md"."""
    said = []
    if answered is not None:
        said.append("s'abstenait, répond désormais" if answered[1] else "répondait, s'abstient désormais")
    for verb, facts in (("gagne", gained), ("perd", lost)):
        if facts:
            said.append(f"{verb} {len(facts)} fait{plural(len(facts))} ({', '.join(facts)})")
    if first is not None:
        said.append(f"première source : {' → '.join(source or 'aucune' for source in first)}")
    return f"{id} « {question} » : {' ; '.join(said)}"


# Keys and accounts

KEY_CREATED = "Clé faite pour « {name} » (identifiant {id}). Son secret :"
SECRET_SHOWN_ONCE = "Notez-le maintenant : il n'est montré que cette fois, et personne ne pourra le retrouver."
KEY_REVOKED = "Clé de « {name} » révoquée ({id}) : elle n'ouvre plus rien."
NO_KEYS = "Aucune clé. « assistant-elus keys create --name NOM » en fait une."
NEVER_USED = "jamais"
KEYS_COLUMNS = ("identifiant", "nom", "clé", "droits", "limites", "état", "dernier usage")
KEY_STATES = {"active": "active", "expired": "expirée", "revoked": "révoquée"}
KEY_UNTIL = "active, expire le {date}"
SERVICE_CLOSES = (
    "L'API demande désormais une clé ou un compte à tous ses appelants, y compris sur cette machine ; "
    "le chat reste ouvert à qui le visite."
)
PUBLIC_WITHOUT_LIMIT = (
    "Cette clé publique sera lue par qui ouvre la page, et elle n'a ni --rate ni --quota : mieux vaut lui en donner."
)
WRONG_RATE = "un rythme s'écrit N/s, N/min, N/h ou N/jour, par exemple 60/min"
WRONG_QUOTA = "un quota s'écrit N/jour ou N/mois, par exemple 10000/mois"
WRONG_CONCURRENCY = "il faut un nombre de 1 à 9999"
WRONG_EXPIRY = "il faut un jour à venir : AAAA-MM-JJ, ou un nombre de jours comme 90j"
WRONG_ORIGIN = "un site s'écrit https://hôte, sans chemin, par exemple https://www.exemple.fr"
WRONG_FILTERS = "un filtre s'écrit CHAMP=VALEUR,VALEUR, par exemple kind=regle,appui"
WRONG_KEY_NAME = "Le nom d'une clé compte de 1 à {most} caractères lisibles."
UNKNOWN_SCOPE = "Le droit « {scope} » n'existe pas. Les droits : {scopes}."
NOT_PUBLIC = "Une clé publique (--origin) ne peut pas avoir le droit « {scope} » : seulement {scopes}."
UNKNOWN_KEY = "Aucune clé n'a cet identifiant : « assistant-elus keys list » les donne tous."
ACCOUNT_CREATED = "Compte « {name} » fait ({role})."
ACCOUNT_PASSWORD = "Mot de passe du compte « {name} » changé ; ses connexions sont fermées."
ACCOUNT_DISABLED = "Compte « {name} » désactivé ; ses connexions sont fermées."
ACCOUNT_ENABLED = "Compte « {name} » réactivé."
NO_ACCOUNTS = "Aucun compte. « assistant-elus accounts create NOM --role operator » en fait un."
ACCOUNTS_COLUMNS = ("nom", "rôle", "état", "fait le")
ACCOUNT_STATES = {"active": "actif", "disabled": "désactivé"}
UNKNOWN_ACCOUNT = "Aucun compte n'a ce nom : « assistant-elus accounts list » les donne tous."
NAME_TAKEN = "Un compte a déjà ce nom."
WRONG_ACCOUNT_NAME = "Le nom d'un compte compte de 1 à 128 caractères lisibles."
WRONG_PASSWORD_LENGTH = "Un mot de passe compte de {least} à {most} caractères : une phrase s'en souvient bien."
PASSWORD_ASKED, PASSWORD_ASKED_AGAIN = "Mot de passe : ", "Le même, une seconde fois : "
PASSWORDS_DIFFER = "Les deux mots de passe ne sont pas les mêmes : rien n'a été changé."
PASSWORD_WITHOUT_TERMINAL = "Sans terminal, donnez le mot de passe sur l'entrée standard, avec --password-stdin."


def key_rate(count: int, seconds: int) -> str:
    """ "60/min" """
    units = {1: "s", 60: "min", 3600: "h", 86_400: "jour"}
    return f"{count}/{units.get(seconds, f'{seconds} s')}"


def key_quota(count: int, period: str) -> str:
    return f"{count}/{'jour' if period == 'day' else 'mois'}"
