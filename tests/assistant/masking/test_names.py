"""Names of persons, and names of things that look like them."""

import pytest

from assistant.masking.names import names


def found(text: str, known: frozenset[str] = frozenset()) -> list[str]:
    spans = {(one.start, one.end) for one in names(text, known)}
    widest = [(a, b) for a, b in spans if not any(c <= a and b <= d for c, d in spans if (c, d) != (a, b))]
    return [text[start:end] for start, end in sorted(widest)]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("M. Durand appelle", "Durand"), ("mme lefebvre rappelle", "lefebvre"), ("m robert veut une aide", "robert"),
        ("Madame de Villiers", "de Villiers"), ("Mme LE GOFF", "LE GOFF"), ("mme le goff", "le goff"),
        ("Dr Nguyen", "Nguyen"), ("Mme Martin de Rennes", "Martin"), ("Maître Lacombe", "Lacombe"),
        ("je m'appelle Zlatka Xhemali", "Zlatka Xhemali"), ("je m appelle karim benali", "karim benali"),
        ("Bonjour, ici Fatou Diop", "Fatou Diop"), ("je suis marie dupont élue", "marie dupont"),
        ("notre adjoint Bruno Castel", "Bruno Castel"), ("le porteur de projet, Karim Benali,", "Karim Benali"),
        ("le maire Legrand refuse", "Legrand"), ("la famille Kerautret", "Kerautret"),
        ("DUPONT Jean demande", "DUPONT Jean"), ("dossier de Jean-Pierre Lemoine", "Jean-Pierre Lemoine"),
        ("Charles de Gaulle viendra", "Charles de Gaulle"), ("Youssef El Amrani", "Youssef El Amrani"),
        ("Emmanuel N'Dri", "Emmanuel N'Dri"), ("J.-P. Lemoine", "P. Lemoine"), ("Tugdual Riou, maire", "Tugdual Riou"),
        ("Merci.\nPaul Guérin", "Paul Guérin"), ("cordialement, sylvie", "sylvie"), ("Josette est partie", "Josette"),
        ("Nom : Perrin", "Perrin"), ("le gérant s'appelle Momar Sarr", "Momar Sarr"),
    ],
)  # fmt: skip
def test_a_person_is_found(typed: str, name: str) -> None:
    assert found(typed) == [name]


def test_two_persons_of_one_civility_are_both_found() -> None:
    assert found("MM. Durand et Lemoine") == ["Durand", "Lemoine"]


def test_a_text_in_capitals_is_read_as_one_without() -> None:
    assert found("BONJOUR JE SUIS MARIE DUPONT ELUE A MELESSE QUELLE AIDE POUR UNE SCIC") == ["MARIE DUPONT"]


@pytest.mark.parametrize(
    "typed",
    ["Monsieur le maire", "Madame la présidente de la communauté", "madame le maire veut une spl",
     "monsieur appelle pour une question", "Bonjour Madame, Monsieur", "le collège Jean Moulin", "la loi Hamon",
     "la salle polyvalente Georges Brassens", "le conseiller France Services", "à Nancy", "Saint-Martin-des-Champs",
     "la Fondation Abbé Pierre", "je suis élu", "je suis Breton", "le projet s'appelle Kerlann", "5 m de large",
     "le bar « Louis Aragon »", "Les Trésors de Margot", "contacter la Banque des Territoires", "M14 ou M57",
     "Marie-Galante", "peut-on appeler le café Chez Marcel", "Cordialement", "article L. 1521-1 du CGCT"],
)  # fmt: skip
def test_a_thing_is_no_person(typed: str) -> None:
    assert found(f"Et {typed} ?") == []


def test_words_the_documents_speak_of_are_no_names() -> None:
    assert found("Notre adjoint Ôkhra") == ["Ôkhra"]
    assert found("Notre adjoint Ôkhra", known=frozenset({"okhra"})) == []
