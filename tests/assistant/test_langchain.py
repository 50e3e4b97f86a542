"""The LangChain face, used through LangChain's own interfaces."""

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda

from assistant.answer import Answer, Turn
from assistant.langchain import as_retriever, as_runnable
from assistant.pipeline import Assistant
from indexing import Filters

QUESTION = "Combien de salariés emploie la conserverie mobile ?"
KEYS = {"passage_id", "document_id", "title", "heading", "source", "published", "kind", "score"}


@pytest.fixture
def retriever(assistant: Assistant) -> BaseRetriever:
    return as_retriever(assistant, k=3)


def test_the_retriever_is_one_of_langchain_s_own(retriever: BaseRetriever) -> None:
    assert isinstance(retriever, BaseRetriever)
    assert isinstance(retriever, Runnable)


def test_invoke_finds_the_passages_that_search_finds(retriever: BaseRetriever, assistant: Assistant) -> None:
    documents = retriever.invoke(QUESTION)
    hits = assistant.search(QUESTION, 3)
    assert all(isinstance(document, Document) for document in documents)
    assert [document.page_content for document in documents] == [hit.passage.text for hit in hits]
    assert [document.id for document in documents] == [hit.passage.id for hit in hits]


def test_metadata_say_where_a_passage_stands_and_how_well_it_matched(
    retriever: BaseRetriever, assistant: Assistant
) -> None:
    document, hit = retriever.invoke(QUESTION)[0], assistant.search(QUESTION, 1)[0]
    assert set(document.metadata) == KEYS
    assert document.metadata["source"] == "conserverie.md"
    assert document.metadata["title"] == "La conserverie mobile du Val-Serein"
    assert document.metadata["heading"] == list(hit.passage.heading)
    assert document.metadata["kind"] == "experience"
    assert document.metadata["score"] == hit.score


def test_batch_answers_each_question_in_order(retriever: BaseRetriever) -> None:
    found = retriever.batch([QUESTION, "Quel est le prix de la chaleur ?"])
    assert [documents[0].metadata["source"] for documents in found] == ["conserverie.md", "chaleur.md"]


def test_filters_and_k_are_kept_to(assistant: Assistant) -> None:
    documents = as_retriever(assistant, k=2, filters=Filters(themes=("energie",))).invoke(QUESTION)
    assert len(documents) == 2
    assert {document.metadata["source"] for document in documents} == {"chaleur.md"}
    assert as_retriever(assistant, filters=Filters(themes=("lune",))).invoke(QUESTION) == []


def test_the_chain_goes_from_a_question_to_a_turn(assistant: Assistant) -> None:
    turn = as_runnable(assistant).invoke(QUESTION)
    assert isinstance(turn, Turn)
    assert turn.reply == assistant.ask(QUESTION).reply


def test_the_chain_follows_a_session(assistant: Assistant) -> None:
    chain = as_runnable(assistant)
    first = chain.invoke({"question": "Que fait la conserverie mobile ?"})
    second = chain.invoke({"question": "Qui la finance ?", "session_id": first.session_id})
    assert second.session_id == first.session_id
    assert "conserverie mobile" in second.standalone_question


def test_the_chain_takes_a_batch(assistant: Assistant) -> None:
    turns = as_runnable(assistant).batch([QUESTION, {"question": "Quelle fusée a rejoint l'orbite lunaire ?"}])
    assert [turn.reply.outcome for turn in turns] == ["answered", "abstained"]


def test_the_chain_and_the_retriever_pipe_into_another_runnable(assistant: Assistant) -> None:
    def said(turn: Turn) -> str:
        assert isinstance(turn.reply, Answer)
        return " ".join(sentence.text for sentence in turn.reply.sentences)

    assert "six salariés" in (as_runnable(assistant) | RunnableLambda(said)).invoke(QUESTION)
    assert (as_retriever(assistant, k=4) | RunnableLambda(len)).invoke(QUESTION) == 4


async def ainvoked(chain: Runnable[str, Turn]) -> Turn:
    return await chain.ainvoke(QUESTION)


def test_the_chain_can_be_awaited(assistant: Assistant) -> None:
    import asyncio

    turn = asyncio.run(ainvoked(as_runnable(assistant)))  # type: ignore[arg-type]
    assert isinstance(turn.reply, Answer)
