"""The shapes of OpenAI's chat protocol: what is read of a request, and what is answered."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from ui.api.schemas import MAX_QUESTION, not_blank
from ui.bodies import TurnBody
from ui.problem import Problem

MODEL = "assistant-elus"
MOST_EARLIER = 10
"""Earlier questions that complete the last one: as many as a session of ours is asked for."""


class _Open(BaseModel):
    """Ignores unknown keys: clients of this protocol send what their library knows, and it grows every month."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class TextPart(_Open):
    type: Literal["text"]
    text: str


def _spoken(content: Any) -> Any:
    """The text of a message, whether it came whole, in parts, or not at all."""
    if content is None:
        return ""
    if not isinstance(content, (list, tuple)):
        return content
    texts = [part.get("text") if isinstance(part, dict) and part.get("type") == "text" else None for part in content]
    if not all(isinstance(text, str) for text in texts):
        raise PydanticCustomError("text_only", "text only")
    return "\n".join(str(text) for text in texts)


class Message(_Open):
    """Un message de la conversation ; seuls ceux de rôle « user » sont lus, les autres sont ignorés."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[
        str,
        BeforeValidator(_spoken, json_schema_input_type=str | list[TextPart] | None),
        Field(description="Du texte, entier ou en parties ; ni image, ni son, ni fichier."),
    ] = ""


def _asks(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    asked = [message.content for message in messages if message.role == "user"]
    if not asked:
        raise PydanticCustomError("no_user_message", "no user message")
    try:
        not_blank(asked[-1])
    except PydanticCustomError:
        raise PydanticCustomError("no_user_message", "no user message") from None
    if len(asked[-1]) > MAX_QUESTION:
        raise PydanticCustomError("question_too_long", "too long", {"max_length": MAX_QUESTION})
    return messages


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class StreamOptions(_Open):
    include_usage: StrictBool = False


class CompletionRequest(_Open):
    """Une conversation au format d'OpenAI ; la question est le dernier message « user ».

    Ce qui règle un modèle de langue (température, longueur, graine…) est accepté et sans effet : la réponse est faite
    de phrases des documents.
    """

    model: Annotated[str, Field(max_length=200, description="« assistant-elus », le seul.", examples=[MODEL])]
    messages: Annotated[tuple[Message, ...], Field(min_length=1, max_length=500), AfterValidator(_asks)]
    stream: StrictBool | None = None
    stream_options: StreamOptions | None = None
    metadata: Annotated[
        dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=512)]] | None,
        Field(max_length=16, description="`session_id` continue une conversation gardée par ce service."),
    ] = None
    n: Annotated[StrictInt | None, Field(description="1, ou rien : il n'y a qu'une réponse.")] = None
    tools: Annotated[list[Any] | None, Field(description="Refusé : l'assistant n'appelle pas d'outil.")] = None
    functions: Annotated[list[Any] | None, Field(description="Refusé, comme `tools`.")] = None
    modalities: Annotated[list[str] | None, Field(description="« text » seulement.")] = None
    audio: Annotated[dict[str, Any] | None, Field(description="Refusé : les réponses sont des textes.")] = None
    response_format: Annotated[
        dict[str, Any] | None, Field(description="« text » seulement ; `x_assistant_elus` porte la réponse structurée.")
    ] = None
    logprobs: Annotated[StrictBool | None, Field(description="Refusé : aucun modèle ne tire les mots.")] = None
    temperature: Annotated[Number | None, Field(ge=0, le=2, description="Sans effet.")] = None
    top_p: Annotated[Number | None, Field(ge=0, le=1, description="Sans effet.")] = None
    presence_penalty: Annotated[Number | None, Field(ge=-2, le=2, description="Sans effet.")] = None
    frequency_penalty: Annotated[Number | None, Field(ge=-2, le=2, description="Sans effet.")] = None
    max_tokens: Annotated[StrictInt | None, Field(ge=1, description="Sans effet.")] = None
    max_completion_tokens: Annotated[StrictInt | None, Field(ge=1, description="Sans effet.")] = None
    seed: Annotated[StrictInt | None, Field(description="Sans effet.")] = None
    stop: Annotated[str | list[str] | None, Field(description="Sans effet.")] = None
    user: Annotated[str | None, Field(description="Sans effet, et pas gardé.")] = None

    @property
    def question(self) -> str:
        return self._questions()[-1]

    @property
    def earlier(self) -> tuple[str, ...]:
        """The questions before, oldest first, without what could not have been one."""
        return tuple(text for text in self._questions()[:-1] if text.strip() and len(text) <= MAX_QUESTION)[
            -MOST_EARLIER:
        ]

    @property
    def session_id(self) -> str | None:
        return (self.metadata or {}).get("session_id")

    def unsupported(self) -> str | None:
        """The first parameter asked for that would change the answer, and that nothing here does."""
        asked = {
            "n": self.n not in (None, 1),
            "tools": bool(self.tools),
            "functions": bool(self.functions),
            "modalities": self.modalities not in (None, ["text"]),
            "audio": self.audio is not None,
            "response_format": self.response_format is not None and self.response_format.get("type") != "text",
            "logprobs": bool(self.logprobs),
        }
        return next((name for name, wanted in asked.items() if wanted), None)

    def _questions(self) -> list[str]:
        return [message.content for message in self.messages if message.role == "user"]


class UrlCitationBody(TypedDict):
    start_index: int
    end_index: int
    title: str
    url: str


class AnnotationBody(TypedDict):
    """Where a marker [n] stands in `content` (characters, the end excluded), and the source it names."""

    type: Literal["url_citation"]
    url_citation: UrlCitationBody


class AnswerMessageBody(TypedDict):
    role: Literal["assistant"]
    content: str
    refusal: None
    annotations: list[AnnotationBody]


class ChoiceBody(TypedDict):
    index: int
    message: AnswerMessageBody
    logprobs: None
    finish_reason: Literal["stop"]


class TokensBody(TypedDict):
    """Toujours zéro : rien n'est facturé au jeton."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class CompletionBody(TypedDict):
    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChoiceBody]
    usage: TokensBody
    x_assistant_elus: TurnBody


class ModelBody(TypedDict):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsBody(TypedDict):
    object: Literal["list"]
    data: list[ModelBody]


ERROR_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def openai_error(problem: Problem) -> dict[str, Any]:
    """A problem in OpenAI's words: what the `error` member holds, whose message OpenAI's own client shows."""
    otherwise = "server_error" if problem.status >= 500 else "invalid_request_error"
    return {
        "message": problem.detail,
        "type": ERROR_TYPES.get(problem.status, otherwise),
        "param": problem.errors[0][0] if problem.errors else None,
        "code": problem.code,
    }


def speaks_openai(path: str) -> bool:
    """Whether what calls this address expects OpenAI's errors."""
    return path == "/v1/chat/completions" or path == "/v1/models" or path.startswith("/v1/models/")
