"""/accessibilite: what was checked of the pages, what was not, and whom to tell. Plain HTML without a script."""

from html import escape

from fastapi import APIRouter, Request
from starlette.responses import Response

from ui import messages
from ui.web.notice import page

router = APIRouter(include_in_schema=False)
ADDRESS = "/accessibilite"
TEXT = """
<p>Cette page dit ce qui a été vérifié, et ce qui ne l'a pas été. Elle n'est pas une déclaration de conformité au
RGAA : aucun audit complet n'a été fait.</p>
<h2>Ce qui est vérifié à chaque version</h2>
<ul>
<li>Dans un navigateur Chromium, sur grand écran et sur téléphone, en clair et en sombre : les règles WCAG 2.0, 2.1 et
2.2 de niveaux A et AA qu'un programme sait contrôler (axe-core), page vide, réponse, tableau, refus de répondre,
panneaux ouverts. Aucune erreur n'est admise.</li>
<li>Le chat s'utilise au clavier seul : poser une question, ouvrir une source, donner un avis, retrouver ses
conversations. Un lien mène directement à la question, et le repère du clavier est toujours visible.</li>
<li>Agrandi à 200 %, le chat ne perd ni texte ni bouton, et ne défile pas de gauche à droite.</li>
<li>La réponse terminée est annoncée une seule fois aux lecteurs d'écran, avec le nombre de ses sources.</li>
<li>Les mouvements sont supprimés quand votre système le demande. Rien n'est dit par la couleur seule.</li>
</ul>
<h2>Ce qui n'a pas été vérifié</h2>
<ul>
<li>Aucune écoute avec un lecteur d'écran (NVDA, JAWS, VoiceOver, Orca), ni essai par des personnes handicapées.</li>
<li>Les autres navigateurs que Chromium, la commande vocale, les loupes d'écran.</li>
<li>Les critères du RGAA qui demandent un jugement humain. Les contrôles automatiques n'en couvrent qu'une partie.</li>
<li>Les documents d'origine vers lesquels mènent les sources : ils ne sont pas de notre fait.</li>
</ul>
<h2>Signaler un défaut</h2>
<p>{contact}</p>
<p>Sans réponse, vous pouvez saisir le Défenseur des droits.</p>
"""


@router.get(ADDRESS)
def accessibility(request: Request) -> Response:
    contact: str = request.app.state.contact
    if contact:
        said = messages.ACCESSIBILITY_CONTACT.format(contact=escape(contact))
    else:
        said = messages.ACCESSIBILITY_NO_CONTACT
    return page(messages.ACCESSIBILITY_TITLE, TEXT.format(contact=said))
