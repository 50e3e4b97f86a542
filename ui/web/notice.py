"""/confidentialite: what is kept and for how long; and, for whoever calls, their conversations to carry away or erase.

Plain HTML without a script: a right should not need one.
"""

from html import escape
from urllib.parse import parse_qs, quote

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from assistant.store import AUDIT_DAYS, CALLBACK_LASTS, Retention, Store, StoreUnavailable, UnknownConversation
from ui import messages
from ui.api.caller import Caller, the_caller
from ui.bodies import ConversationBody
from ui.conversations import conversation_body

router = APIRouter(include_in_schema=False)
NOTICE, MINE = "/confidentialite", "/confidentialite/mes-conversations"
PAGE = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} · {service}</title>
<link rel="stylesheet" href="/interface/notice.css"><link rel="icon" href="/interface/favicon.png"></head>
<body><main><h1>{title}</h1>{body}<p><a href="/">Retour à l'assistant</a></p></main></body></html>"""
TEXT = """
<p><strong>Une machine répond.</strong> Les réponses de cet assistant sont composées automatiquement à partir de
documents cités ; elles sont à vérifier, et ne valent ni avis ni conseil juridique.</p>
<h2>Ce qui est gardé</h2>
<ul>
<li>Vos conversations (questions et réponses, avec leurs dates), pour vous les remontrer et comprendre vos questions de
suite. Elles sont rattachées à un identifiant tiré au hasard, gardé dans un cookie de votre navigateur pendant un an au
plus, ou à votre compte si vous en avez un. Ce cookie ne sert à rien d'autre.</li>
<li>Si vous indiquez votre collectivité (type, habitants, département), cela reste dans votre navigateur et
accompagne vos questions ; rien n'en est écrit ici.</li>
<li>Vos avis sur les réponses, et les questions restées sans réponse complète, pour améliorer les documents.</li>
<li>Quand vous téléphonez au service d'information : la question notée par la personne qui vous répond, la suite donnée
et, si vous demandez à être rappelé, votre numéro.</li>
<li>Des compteurs et un journal technique (heure, adresse de la page, durée) : ni vos questions, ni vos mots de passe,
ni votre adresse électronique n'y sont écrits.</li>
</ul>
<h2>Combien de temps</h2>
<ul>
<li>Conversations, avis et appels notés : <strong>{days}</strong> après le dernier échange.</li>
<li>Numéros à rappeler : {callback_days}.</li>
<li>Journal des changements faits par les gestionnaires : {audit_days}.</li>
<li>Les sauvegardes gardent une copie de tout cela jusqu'à leur propre destruction : ce qui est effacé ici reste dans
les sauvegardes déjà faites, et doit être effacé à nouveau si l'une d'elles est remise en place.</li>
</ul>
<h2>Ce qui est masqué, et ses limites</h2>
<p>Avant d'être écrits, les noms de personnes, téléphones, adresses électroniques ou postales, numéros SIRET, IBAN et de
sécurité sociale reconnus sont remplacés par un mot comme « [nom] ». Cette reconnaissance est automatique : elle peut
manquer un nom rare ou mal écrit. N'écrivez pas de données personnelles dans vos questions quand elles n'y sont pas
utiles.</p>
<h2>Qui lit</h2>
<p>Vous seul retrouvez vos conversations. Les personnes qui tiennent les documents voient, sans savoir de qui elles
viennent, les questions masquées restées sans réponse et celles auxquelles vous avez donné un avis. Les personnes qui
administrent le serveur peuvent techniquement accéder à la base. {model}</p>
<h2>Vos droits</h2>
<p>Vous pouvez à tout moment <a href="{mine}">retrouver, emporter ou effacer vos conversations</a>. L'effacement est
immédiat et définitif. {contact}</p>
<p>Vous pouvez aussi saisir la Commission nationale de l'informatique et des libertés (CNIL).</p>
"""


@router.get(NOTICE)
def notice(request: Request) -> Response:
    state = request.app.state
    contact: str = state.contact
    model: str = state.model
    said = messages.NOTICE_CONTACT.format(contact=escape(contact)) if contact else messages.NOTICE_NO_CONTACT
    return page(
        messages.NOTICE_TITLE,
        TEXT.format(
            days=messages.days(state.retention.days),
            callback_days=messages.days(CALLBACK_LASTS.days),
            audit_days=messages.days(AUDIT_DAYS),
            model=messages.NOTICE_MODEL.format(model=escape(model)) if model else messages.NOTICE_NO_MODEL,
            mine=MINE,
            contact=said,
        ),
    )


@router.get(MINE)
def mine(request: Request, efface: str = "") -> Response:
    """The caller's conversations; `efface` says that some were just erased."""
    caller = the_caller(request)
    store: Store = request.app.state.store
    retention: Retention = request.app.state.retention
    try:
        found = store.conversations.find(caller.owner) if "ask" in caller.scopes else ()
    except StoreUnavailable:
        return page(messages.MINE_TITLE, f'<p role="alert">{messages.STORE_UNAVAILABLE}</p>', 503)
    said = f'<p role="status">{messages.MINE_ERASED}</p>' if efface else ""
    if not found:
        return page(messages.MINE_TITLE, f"{said}<p>{messages.MINE_NONE}</p>{BACK}")
    items = "".join(f"<li>{_conversation(conversation_body(one, retention))}</li>" for one in found)
    every = _form(messages.MINE_ERASE_ALL, messages.MINE_ERASE_ALL, "")
    return page(messages.MINE_TITLE, f"{said}<p>{messages.MINE_SURE}</p><ul>{items}</ul>{every}{BACK}")


BACK = f'<p><a href="{NOTICE}">{messages.NOTICE_TITLE}</a></p>'


@router.post(MINE)
async def erase(request: Request) -> Response:
    """Erase one conversation of the caller's, or all; a request from another site's page was refused before."""
    form = parse_qs((await request.body()).decode(errors="replace"), keep_blank_values=True)
    conversation = form.get("conversation", [None])[0]
    if conversation is None:
        return RedirectResponse(MINE, 303)
    try:
        await to_thread.run_sync(_erase, request.app.state.store, the_caller(request), conversation)
    except StoreUnavailable:
        return page(messages.MINE_TITLE, f'<p role="alert">{messages.STORE_UNAVAILABLE}</p>', 503)
    except UnknownConversation:
        # Erased already, in another window.
        return RedirectResponse(MINE, 303)
    return RedirectResponse(f"{MINE}?efface=oui", 303)


def _erase(store: Store, caller: Caller, conversation: str) -> None:
    if "ask" not in caller.scopes or "\0" in conversation:
        return
    if conversation:
        store.erasure.erase(conversation, caller.owner)
    else:
        store.erasure.erase_all(caller.owner)


def _conversation(body: ConversationBody) -> str:
    title = messages.conversation_title(body["title"])
    links = []
    for format, name in messages.MINE_FORMATS.items():
        address = f"/v1/conversations/{quote(body['id'], safe='')}/export?format={format}"
        label = escape(messages.MINE_CARRY.format(title=title, format=name))
        links.append(f'<a href="{address}" aria-label="{label}" download>{escape(name)}</a>')
    kept = messages.MINE_KEPT.format(date=messages.date(body["kept_until"][:10]))
    form = _form(messages.MINE_ERASE, messages.MINE_ERASE_THIS.format(title=title), body["id"])
    return f"<h2>{escape(title)}</h2><p>{kept}</p><p>{' · '.join(links)}</p>{form}"


def _form(text: str, label: str, conversation: str) -> str:
    return (
        f'<form method="post" action="{MINE}"><input type="hidden" name="conversation" value="{escape(conversation)}">'
        f'<button aria-label="{escape(label)}">{text}</button></form>'
    )


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    whole = PAGE.format(title=title, service=messages.CHAT_TITLE, body=body)
    return HTMLResponse(whole, status, {"Cache-Control": "no-store"})
