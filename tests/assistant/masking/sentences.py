"""Sentences the masking rules were written on: « {nom:Jean Dupont} » marks what must be masked, and as what.

Written from knowledge of how élus write and operators note, before the rules; the judge's own sentences
(`evals/data/masking.jsonl`) are others. All persons, numbers and addresses are invented.
"""

import re

from assistant.masking import LABELS, Found

_MARK = re.compile(r"\{([^:{}]+):([^{}]*)\}")
_CODES = {french: code for code, french in LABELS.items()}


def unmark(marked: str) -> tuple[str, tuple[Found, ...]]:
    """The plain sentence and what it marks."""
    text, spans, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        spans.append(Found(len(text), len(text) + len(match[2]), _CODES[match[1]]))
        text += match[2]
        at = match.end()
    return text + marked[at:], tuple(spans)


PERSONAL = """
Bonjour, je suis {nom:Jean Dupont}, maire de Plougastel, joignable au {téléphone:06 12 34 56 78}.
Je m'appelle {nom:Nadège Kervella} et je voudrais créer une SCIC avec ma commune.
mme {nom:lefebvre} adjointe à la culture rappeler au {téléphone:0612345678}
M. {nom:Durand} veut savoir si la commune peut entrer au capital.
Monsieur {nom:Le Goff} a déposé une demande de subvention en mairie.
mr {nom:martin} demande qui finance les tiers lieux
Madame {nom:Sophie de Villiers} souhaite louer le local communal.
Notre adjoint {nom:Bruno Castel} suit le dossier du café associatif.
Le porteur de projet, {nom:Karim Benali}, habite {adresse:12 rue des Lilas, 35000 Rennes}.
Ma collègue {nom:Sandrine} m'a dit que la commune ne pouvait pas financer.
Vous pouvez me répondre à {courriel:jean.dupont@mairie-plougastel.fr} ou au {téléphone:02.98.11.22.33}.
mail {courriel:secretariat@cc-payschateaubriant.fr} tel {téléphone:0240 11 22 33}
Mon adresse : {courriel:m.durand (at) orange.fr}, merci.
Écrivez-moi sur {courriel:karim_benali35@gmail.com}
Mon numéro est le {téléphone:+33 6 12 34 56 78}.
appeler {téléphone:+33(0)612345678} après 18h
Tél. {téléphone:0033 2 40 11 22 33} (mairie)
On est à La Réunion, mon portable : {téléphone:0692 12 34 56}, quelles aides pour une régie ?
Fixe {téléphone:05-90-12-34-56}, mobile {téléphone:06/90/12/34/56}
Le porteur est belge, son numéro est le {téléphone:+32 475 12 34 56}.
tel {téléphone:06 12 345 678}
L'association a pour SIRET {SIRET:732 829 320 00074}, peut-on la subventionner ?
siret {SIRET:73282932000074} association subvention possible ?
SIREN : {SIRET:732829320}
n° siret {SIRET:123 456 789 01234} convention avec la commune
Le SIREN de la boulangerie est {SIRET:552 100 554}, la commune peut-elle racheter les murs ?
SIRET:{SIRET:732 829 320 000 74}.
Numéro de TVA {SIRET:FR 40 303265045}
Versez la subvention sur le compte {IBAN:FR76 3000 6000 0112 3456 7890 189}.
iban {IBAN:FR7630006000011234567890189} de l'association
Mon numéro de sécurité sociale est le {numéro de sécurité sociale:1 84 12 76 451 089 46}.
secu {numéro de sécurité sociale:2 55 08 14 168 025 38}
Je suis né le {date de naissance:12/03/1965} à Brest, puis-je encore être président de l'association ?
{nom:Marie Le Bris}, née le {date de naissance:3 mars 1980}, veut reprendre l'épicerie.
date de naissance {date de naissance:01.02.1975}
J'habite {adresse:4 bis impasse du Moulin} et je veux ouvrir une épicerie.
Le local est chez M. {nom:Petit}, {adresse:25 avenue du Général-de-Gaulle 44110 Châteaubriant}.
domicilié {adresse:lieu-dit Kergoat, 29290 Milizac}
adresse {adresse:3 place de la mairie 35580 guichen} m {nom:robert}
Elle demeure {adresse:18, chemin des Écoliers} à Redon.
Je réside {adresse:route de Vannes, 56250 Elven}.
Cordialement, {nom:Sylvie Moreau}, secrétaire de mairie
Merci d'avance. {nom:Paul Guérin}
Bien à vous,⏎{nom:Hélène Caradec}⏎Conseillère municipale
{nom:Tugdual Riou}, maire de Locronan, demande s'il existe une aide pour un dernier commerce.
{nom:DUPONT Jean} conseiller municipal, question sur les PTCE
dossier de {nom:Jean DUPONT} scic boulangerie
Mme {nom:LE GOFF} et M. {nom:DIALLO} portent un projet de recyclerie.
M. et Mme {nom:Morvan} vendent leur café à la commune.
la famille {nom:Kerautret} possède le bâtiment, comment l'acheter ?
Bonjour, ici {nom:Fatou Diop}, élue à Lorient.
De la part de {nom:Mehdi Haddad} : une commune peut-elle garantir un emprunt ?
Moi c'est {nom:Gwenaël}, j'ai un projet d'épicerie solidaire.
Rappeler {nom:Kowalski} au {téléphone:07 11 22 33 44} pour la SPL.
{nom:Jean-Pierre Lemoine} et {nom:Marie-Claude Oliveira Santos} ont fondé la ressourcerie.
J. {nom:Dupont} (adjoint) veut les textes sur les GIP.
Le maire {nom:Legrand} refuse, que peut faire {nom:Legrand} ?
La présidente {nom:Amandine Roussel} peut-elle signer la convention ?
Notre boulanger {nom:Didier} part en retraite, comment garder le commerce ?
bonjour je suis {nom:marie dupont} élue à melesse
je m appelle {nom:karim benali} porteur d'un projet de tiers lieu
j'ai eu {nom:Thomas Girard} de la Région au téléphone, il dit que c'est impossible.
Peut-on verser une aide à {nom:Élodie Vasseur} pour son installation ?
Qui contacter à la place de {nom:Brigitte} au département ?
Dr {nom:Nguyen} veut ouvrir une maison de santé en SCIC.
Maître {nom:Lacombe} nous a dit que la SEM était obligatoire.
Mme la maire, {nom:Claire Fontaine}, veut créer une SPL.
{nom:Youssef El Amrani} est-il éligible au prêt d'honneur ?
{nom:Rose Bertin} demande si la commune peut cautionner un prêt.
Pouvez-vous envoyer le guide à {nom:Solène} sur {courriel:solene@tiers-lieu.bzh} ?
mon mari {nom:Yannick} veut racheter le bar du village
Le frère de {nom:Loïc Thomas} est conseiller, y a-t-il conflit d'intérêts ?
{nom:antoine mercier} {téléphone:06.11.22.33.44} tiers-lieu financement ?
usager m. {nom:bouvier} tél {téléphone:02 99 11 22 33} question scic
Nom : {nom:Perrin}, prénom : {nom:Lucie}
Le gérant s'appelle {nom:Momar Sarr}, il cherche un local.
Contact {nom:Aurélie Blanchard} - {courriel:aurelie.blanchard@ville-dinan.fr} - {téléphone:06 98 76 54 32}
Il vit au {adresse:7 rue Victor Hugo} depuis 2010.
Local situé {adresse:2 ter, bd de la Liberté, 22000 Saint-Brieuc}, propriétaire {nom:Alain Prigent}
Le siège est au {adresse:10 lotissement Les Genêts}.
livrer au {adresse:9 r. du Port 56100 Lorient}
J'habite au {adresse:lieu-dit Le Cosquer} et je cherche un associé.
Notre présidente, {nom:Geneviève d'Aubigny}, quitte le conseil.
{nom:Arnaud de Kersauson} vend sa grange.
{nom:VANHOUTTE Griet} souhaite reprendre l'estaminet
dossier suivi par {nom:KEBE Oumou}, question sur les GIP
{nom:TRUONG Linh} et {nom:PETIT Alice} sont au comité.
le maire {nom:alain denis} demande un modèle de convention
la présidente {nom:lucie simon} veut dissoudre l'association
Fixe : {téléphone:02.99.44.55.66}/{nom:Ibrahima}/question PTCE
{nom:Ferréol Payet}, je suis conseillère à Cilaos et je cherche des aides.
Le sénateur {nom:Jean-Luc Saint-Ange} soutient le projet.
La trésorière, {nom:Aya N'Dri}, garde les factures.
{nom:Kouadio N'Goran} peut-il être salarié de la SCIC ?
Le fixe est le {téléphone:(+33) 2 99 44 55 66} le matin.
{nom:Els Vermeulen} et {nom:Wim Peeters} reprennent le gîte.
""".strip()

IMPERSONAL = """
Quelle aide pour une SCIC en Bretagne ?
Comment financer un tiers-lieu avec la Banque des Territoires ?
La loi n° 2014-856 du 31 juillet 2014 définit-elle l'ESS ?
Que dit l'article L. 1521-1 du CGCT sur les SEM ?
Une commune de 3 500 habitants peut-elle prendre 50 % du capital, soit 120 000 euros ?
Quel est le plafond : 200 000 € sur trois exercices fiscaux depuis 2024 ?
Entre 2015 et 2020, combien de PTCE ont été créés ?
Le projet est né le 12 mars 2018 à Plouguerneau, qui l'a porté ?
L'association née le 03/04/2015 peut-elle devenir une SCIC ?
Monsieur le maire peut-il signer sans délibération ?
Madame la présidente de la communauté de communes doit-elle se déporter ?
madame le maire veut une spl
Le conseiller France Services peut-il nous aider ?
Contacter la Banque des Territoires ou Bpifrance pour un prêt ?
La rue commerçante se vide, que faire ?
Notre place du marché accueille 12 commerçants, comment la rénover ?
Faut-il un bail pour le local de la place de l'Église ?
Le collège Jean Moulin peut-il adhérer à la SCIC ?
La Fondation Abbé Pierre finance-t-elle les communes ?
La salle polyvalente Georges Brassens est vide, qui peut l'exploiter ?
Que change la loi Hamon pour les élus ?
La loi NOTRe permet-elle encore aux départements d'aider ?
Le café-épicerie de Saint-Martin-des-Champs est-il en SCIC ?
Saint-Pierre de La Réunion a-t-elle une régie de quartier ?
À Nancy, qui accompagne les coopératives ?
Le PETR du Pays de Ploërmel - Cœur de Bretagne a-t-il un fonds ?
Quelle différence entre SCIC et SCOP pour Redon Agglomération ?
Familles Rurales peut-elle gérer notre crèche ?
Le Crédit Agricole et la Caisse d'Épargne prêtent-ils à une SEM ?
petit commerce rural aide possible
scic capital minimum commune 40 pour cent
5 places de parking et 3 chemins ruraux à entretenir, quelle régie ?
je suis élu d'une petite commune et je cherche un exemple de régie
Je suis maire d'une commune de Lozère.
Je suis Breton et élu rural, qui peut m'aider ?
Ici à Florac nous avons un tiers-lieu.
Le département de la Loire-Atlantique a voté 1 250 000 euros en 2023.
Page 12, tableau 3 : 01 02 03 sont les codes des départements ?
Quels sont les délais : 30 jours, 60 jours, 90 jours ?
Budget 2024 : 102 345 678 euros pour l'État.
Le numéro 3919 est-il gratuit ?
Voir le décret n° 2015-1103 du 1er septembre 2015.
Les 12 cours de cuisine de l'association sont-ils taxés ?
Le Tarn et la Haute-Garonne ont-ils un PTCE commun ?
La commune nouvelle de Val d'Anast peut-elle financer une école de musique ?
Villages Vivants achète-t-elle des bâtiments dans la Drôme ?
L'Avise et la CRESS Bretagne proposent-elles un accompagnement ?
Quel rôle pour la région Pays de la Loire dans France Active ?
Le plan France Relance est-il fini ?
Peut-on acheter 2 hectares route de Brest pour une zone d'activité ?
Terre de Liens aide-t-elle les communes ?
Emmaüs et Envie ont-ils des ressourceries rurales ?
Qui est Mélusine dans la légende ?
le maire doit il voter
Le Maire et le Président du PETR peuvent-ils signer ensemble ?
Bonjour Madame, Monsieur, je cherche des textes sur les GIP.
Bonjour, merci pour votre aide. Cordialement
M14 ou M57 pour une régie ?
Quel est le régime de TVA ? 20 %, 10 % ou 5,5 % ?
Comment Loos-en-Gohelle a-t-elle fait ?
monsieur appelle pour une question sur les associations
Mme demande un exemple de SCIC dans l'énergie.
La SCIC Le 100e Singe est-elle aidée par Castanet-Tolosan ?
Le prêt est de 10 000 € à 35 000 € sur 5 ans au taux de 0 %.
Quel seuil pour un marché public : 40 000 € HT ou 90 000 € HT ?
La ferme de Lagarde, à Sainte-Marie, cherche un repreneur : qui finance ?
Les Licoornes, Enercoop, Mobicoop : qu'ont-elles en commun ?
Sur la commune de Marie-Galante, quelles aides du FEDER 2021-2027 ?
La Ville de Paris, la Métropole de Lyon et Rennes Métropole sont-elles sociétaires ?
Le Conseil d'État a-t-il jugé l'arrêt n° 431234 du 25/06/2021 ?
Le rapport Lavignotte cite-t-il des PTCE ?
Notre épicerie Chez Paulette peut-elle devenir une coopérative ?
Code INSEE 35238 ou code postal 35000 ?
Quelle aide de l'Agence nationale de la cohésion des territoires (ANCT) ?
Notre bar « Louis Aragon » peut-il recevoir une aide ?
La crèche "Françoise Dolto" est-elle une régie ?
La ressourcerie Les Trésors de Margot et La Ferme de Lucie sont-elles des SCIC ?
peut-on appeler le café "Chez Marcel"
Le hameau du Bois et le lieu-dit Les Landes ont-ils droit à l'assainissement ?
Le lieu-dit La Touche doit-il avoir un nom de rue ?
La SCIC ENERCOOP Midi-Pyrénées, la CAE COOPANAME Paris : sont-elles aidées ?
Notre adjoint aux Finances et notre DGS sont-ils tenus au secret ?
""".strip()

# « ⏎ » stands for a line break inside a message.
PERSONAL_SENTENCES = tuple(unmark(line.replace("⏎", "\n")) for line in PERSONAL.split("\n"))
IMPERSONAL_SENTENCES = tuple(IMPERSONAL.split("\n"))
