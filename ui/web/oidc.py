"""Logging in through an identity provider, by OpenID Connect: authorization code, PKCE, state and nonce.

The one file that knows Authlib and joserfc, which the extra `oidc` installs.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer

from assistant.settings import Settings
from assistant.store import Role

SECONDS_TO_LOG_IN = 600
SECONDS_TO_ANSWER = 10.0
SCOPE = "openid profile email"
# Signed with a key that the provider publishes: « none », and secrets we share with it, are no proof of who wrote.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
ROLES: tuple[Role, ...] = ("admin", "editor", "operator")


class ProviderFailed(Exception):
    """The provider is out of reach, or what it said does not prove who came."""


class NoRole(Exception):
    """The provider vouches for the person, to whom the settings give no role."""


@dataclass(frozen=True, slots=True)
class Person:
    subject: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class RoleClaim:
    """Which claim says what a person may do, and the role behind each of its values."""

    claim: str
    roles: Mapping[str, Role]

    @classmethod
    def of(cls, setting: str) -> "RoleClaim":
        """Read "groupes:agents=operator,redaction=editor". Raises ValueError."""
        claim, _, pairs = setting.partition(":")
        roles: dict[str, Role] = {}
        for pair in filter(None, (part.strip() for part in pairs.split(","))):
            value, _, name = pair.rpartition("=")
            known = [role for role in ROLES if role == name.strip()]
            if not value.strip() or not known:
                raise ValueError(f"no role in {pair!r}")
            roles[value.strip()] = known[0]
        return cls(claim.strip(), roles)

    def role(self, claims: Mapping[str, Any]) -> Role | None:
        """The highest role of a person's values, None when none counts."""
        said = claims.get(self.claim)
        values = said if isinstance(said, list) else [said]
        given = {self.roles[value] for value in values if isinstance(value, str) and value in self.roles}
        return next((role for role in ROLES if role in given), None)


class Provider:
    """The configured identity provider. What it publishes is read at the first login."""

    def __init__(self, settings: Settings, secret: str) -> None:
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._client_id = settings.oidc_client_id
        self._client_secret = settings.oidc_client_secret.get_secret_value()
        self._roles = RoleClaim.of(settings.oidc_roles)
        self._tickets = URLSafeTimedSerializer(secret, salt="oidc")

    def way_there(self, redirect_uri: str, then: str) -> tuple[str, str]:
        """The provider's page to go to, and the ticket to be brought back. Raises ProviderFailed.

        `then` is the page of ours that was asked for; the ticket, signed, holds it with the state, nonce and verifier.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        with self._client(redirect_uri) as client:
            page = self._published(client)["authorization_endpoint"]
            url, _ = client.create_authorization_url(page, state=state, nonce=nonce, code_verifier=verifier)
        return str(url), self._tickets.dumps({"state": state, "nonce": nonce, "verifier": verifier, "then": then})

    def person(self, redirect_uri: str, query: Mapping[str, str], ticket: str) -> tuple[Person, str]:
        """Who came back from the provider, and the page they wanted. Raises ProviderFailed, NoRole."""
        try:
            kept = self._tickets.loads(ticket, max_age=SECONDS_TO_LOG_IN)
        except BadSignature as error:
            raise ProviderFailed("no ticket, or an old one") from error
        # A code that somebody else was given would log this browser in as them.
        if not hmac.compare_digest(kept["state"].encode(), query.get("state", "").encode()):
            raise ProviderFailed("another state")
        if "code" not in query:
            raise ProviderFailed("no code")
        claims = self._claims(redirect_uri, query["code"], kept["verifier"], kept["nonce"])
        role = self._roles.role(claims)
        if role is None:
            raise NoRole(self._roles.claim)
        names = (claims.get(claim) for claim in ("preferred_username", "email", "name", "sub"))
        name = next(str(one) for one in names if one)
        return Person(f"{self._issuer}|{claims['sub']}", name, role), kept["then"]

    def _claims(self, redirect_uri: str, code: str, verifier: str, nonce: str) -> dict[str, Any]:
        """The claims of an id_token that this provider signed, for us, now, for this very login."""
        from authlib.common.errors import AuthlibBaseError
        from httpx2 import HTTPError
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet
        from joserfc.jwt import JWTClaimsRegistry, decode

        with self._client(redirect_uri) as client:
            published = self._published(client)
            try:
                token = client.fetch_token(published["token_endpoint"], code=code, code_verifier=verifier)
                keys = KeySet.import_key_set(client.request("GET", published["jwks_uri"], withhold_token=True).json())
                claims = dict(decode(token["id_token"], keys, algorithms=ALGORITHMS).claims)
                JWTClaimsRegistry(
                    leeway=60,
                    iss={"essential": True, "value": published["issuer"]},
                    aud={"essential": True, "value": self._client_id},
                    exp={"essential": True},
                    sub={"essential": True},
                    nonce={"essential": True, "value": nonce},
                ).validate(claims)
            except (AuthlibBaseError, HTTPError, JoseError, KeyError, ValueError) as error:
                # Its name alone: the words of such errors may hold tokens.
                raise ProviderFailed(type(error).__name__) from None
        if claims.get("azp", self._client_id) != self._client_id:
            raise ProviderFailed("made for another service")
        return claims

    def _client(self, redirect_uri: str) -> Any:
        try:
            from authlib.integrations.httpx_client import OAuth2Client
        except ImportError as error:
            raise ProviderFailed("assistant-elus[oidc] is not installed") from error
        return OAuth2Client(
            self._client_id,
            self._client_secret,
            scope=SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=SECONDS_TO_ANSWER,
        )

    def _published(self, client: Any) -> dict[str, str]:
        from httpx2 import HTTPError

        try:
            answer = client.request("GET", f"{self._issuer}/.well-known/openid-configuration", withhold_token=True)
            published: dict[str, str] = answer.raise_for_status().json()
        except (HTTPError, ValueError) as error:
            raise ProviderFailed(type(error).__name__) from error
        # A provider speaks for itself only.
        if published.get("issuer", "").rstrip("/") != self._issuer:
            raise ProviderFailed("another issuer")
        return published
