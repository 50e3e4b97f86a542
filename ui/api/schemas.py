"""What the API takes, checked at the border; the command goes through the same models."""

from datetime import date
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from assistant.applicability import Asker, AskerType
from assistant.french import departements
from corpus import Kind
from indexing import Filters

MAX_QUESTION = 4000
MAX_K = 100
DEFAULT_K_ASK = 8
DEFAULT_K_SEARCH = 5


def not_blank(text: str) -> str:
    # Zero-width and control characters alone are as good as nothing typed.
    if not any(character.isprintable() and not character.isspace() for character in text):
        raise PydanticCustomError("blank", "blank")
    return text


def published_date(text: str) -> str:
    """Accept "YYYY", "YYYY-MM" or "YYYY-MM-DD" of a day that exists."""
    parts = text.split("-")
    widths = [len(part) for part in parts]
    if widths not in ([4], [4, 2], [4, 2, 2]) or not all(part.isascii() and part.isdigit() for part in parts):
        raise PydanticCustomError("bad_date", "bad date")
    numbers = [int(part) for part in parts] + [1, 1]
    try:
        date(*numbers[:3])
    except ValueError:
        raise PydanticCustomError("bad_date", "bad date") from None
    return text


def web_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise PydanticCustomError("bad_url", "bad url")
    return text


Question = Annotated[
    str,
    Field(
        max_length=MAX_QUESTION,
        description="La question ou les mots cherchés, en français, 4 000 caractères au plus.",
        examples=["Une commune peut-elle entrer au capital d'une SCIC ?"],
    ),
    AfterValidator(not_blank),
]
Values = Annotated[tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=100)]
Population = Annotated[
    int | None, Field(ge=0, le=100_000_000, description="Habitants de la collectivité.", examples=[850])
]
Departement = Annotated[
    str | None, Field(pattern=r"^(\d{2,3}|2[ABab])$", description="Numéro du département.", examples=["39"])
]
K = Annotated[int, Field(ge=1, le=MAX_K, description="Nombre de passages, de 1 à 100.")]


class _Closed(BaseModel):
    """Refuses unknown keys: a misspelt filter must be an error, never a filter silently dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FilterValues(_Closed):
    """Ne garder que les passages des documents qui remplissent chaque champ donné (une valeur par champ suffit)."""

    kind: Annotated[tuple[Kind, ...], Field(max_length=100, description="Genres de documents.")] = ()
    statuses: Annotated[Values, Field(description="Statuts juridiques : scic, association, spl…")] = ()
    roles: Annotated[Values, Field(description="Rôles de la collectivité : financeur, partenaire…")] = ()
    themes: Annotated[Values, Field(description="Thèmes des documents.")] = ()
    document_id: Annotated[Values, Field(description="Identifiants de documents.")] = ()

    def to_filters(self) -> Filters:
        return Filters(
            kind=self.kind,
            statuses=self.statuses,
            roles=self.roles,
            themes=self.themes,
            document_id=self.document_id,
        )


class Profile(_Closed):
    """Qui demande : ce qui ne vaut pas pour une telle collectivité est écarté ou signalé."""

    population: Population = None
    type: AskerType | None = None
    departement: Departement = None

    def to_asker(self) -> Asker:
        return Asker(self.population, self.type, departements().get((self.departement or "").upper()))


class AskRequest(_Closed):
    """Une question, dans une conversation ou seule."""

    question: Question
    session_id: Annotated[
        str | None,
        Field(max_length=200, description="Identifiant rendu par la question précédente ; inconnu, il est remplacé."),
    ] = None
    profile: Profile | None = None
    filters: FilterValues | None = None
    k: K = DEFAULT_K_ASK

    def to_filters(self) -> Filters:
        return (self.filters or FilterValues()).to_filters()

    def to_asker(self) -> Asker:
        return (self.profile or Profile()).to_asker()


class SearchRequest(_Closed):
    """Des mots à chercher."""

    query: Question
    k: K = DEFAULT_K_SEARCH
    filters: FilterValues | None = None

    def to_filters(self) -> Filters:
        return (self.filters or FilterValues()).to_filters()


class SearchQuery(_Closed):
    """Les mêmes, dans l'adresse ; une liste répète son champ."""

    query: Question
    k: K = DEFAULT_K_SEARCH
    kind: Annotated[list[Kind], Field(max_length=100)] = []
    statuses: Annotated[list[str], Field(max_length=100)] = []
    roles: Annotated[list[str], Field(max_length=100)] = []
    themes: Annotated[list[str], Field(max_length=100)] = []
    document_id: Annotated[list[str], Field(max_length=100)] = []

    def to_request(self) -> SearchRequest:
        values = self.model_dump(include=set(FilterValues.model_fields))
        return SearchRequest(query=self.query, k=self.k, filters=FilterValues.model_validate(values))


class Given(_Closed):
    """Ce que `corpus add` dit des documents à la place de leur en-tête."""

    kind: Kind | None = None
    published: Annotated[str, AfterValidator(published_date)] | None = None
    url: Annotated[str, AfterValidator(web_url)] | None = None
    title: Annotated[str, Field(max_length=500), AfterValidator(not_blank)] | None = None
    publisher: Annotated[str, Field(max_length=500), AfterValidator(not_blank)] | None = None
    licence: Annotated[str, Field(max_length=500), AfterValidator(not_blank)] | None = None
    review_by: Annotated[str, AfterValidator(published_date)] | None = None
    statuses: list[str] | None = None
    roles: list[str] | None = None
    themes: list[str] | None = None
    publish_original: bool | None = None

    def named(self) -> dict[str, Any]:
        return {name: value for name, value in self.model_dump().items() if value is not None}

    @classmethod
    def of(cls, **values: str | None) -> Self:
        return cls.model_validate(values)
