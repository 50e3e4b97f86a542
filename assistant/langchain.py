"""The face towards LangChain: the retriever as a BaseRetriever, the whole chain as a Runnable."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict

from assistant.answer import Turn
from assistant.pipeline import Assistant
from indexing import Filters

Question = str | dict[str, Any]


class PassageRetriever(BaseRetriever):
    """Finds passages; each is a LangChain Document whose metadata says where it stands and how well it matched."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    k: int = 5
    filters: Filters = Filters()

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                id=hit.passage.id,
                page_content=hit.passage.text,
                metadata={
                    "passage_id": hit.passage.id,
                    "document_id": hit.document.id,
                    "title": hit.document.metadata.title,
                    "heading": list(hit.passage.heading),
                    "source": hit.document.source,
                    "published": hit.document.metadata.published,
                    "kind": hit.document.metadata.kind,
                    "score": hit.score,
                },
            )
            for hit in self.assistant.search(query, self.k, self.filters)
        ]


def as_retriever(assistant: Assistant, k: int = 5, filters: Filters = Filters()) -> BaseRetriever:
    """The assistant's search as a LangChain retriever of the `k` best passages."""
    return PassageRetriever(assistant=assistant, k=k, filters=filters)


def as_runnable(assistant: Assistant) -> Runnable[Question, Turn]:
    """The whole path as a Runnable, from a question (or {"question", "session_id"}) to a Turn."""

    def ask(asked: Question) -> Turn:
        if isinstance(asked, str):
            return assistant.ask(asked)
        return assistant.ask(asked["question"], asked.get("session_id"))

    return RunnableLambda(ask, name="assistant-elus")
