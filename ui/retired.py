"""A reply shown again after one of its sources was removed: its place is kept, its words are not."""

from collections.abc import Collection, Sequence

from ui import messages
from ui.bodies import CellBody, TurnBody


def without_retired(body: TurnBody, published: Collection[str], since: str) -> TurnBody:
    """The body of a turn with « source retirée le … » for each quote of a document that is no longer published.

    A sentence or a cell that only such documents prove says the same. `published` holds the ids of the documents there
    are; `since` is the date of the corpus they make. The same body comes back when nothing was removed.
    """
    retired = {one["n"] for one in body["citations"] if one["document_id"] not in published}
    gone = [hit for hit in body["nearest"] if hit["passage"]["document_id"] not in published]
    if not retired and not gone:
        return body
    said = messages.SOURCE_RETIRED.format(date=messages.date(since))

    def unproven(numbers: Sequence[int]) -> bool:
        return bool(numbers) and retired.issuperset(numbers)

    shown: TurnBody = {**body}
    shown["citations"] = [
        {**one, "quote": said, "quotes": [], "excerpt": said, "references": [], "url": None, "link": None}
        if one["n"] in retired
        else one
        for one in body["citations"]
    ]
    shown["sentences"] = [{**one, "text": said} if unproven(one["citations"]) else one for one in body["sentences"]]
    if body["table"] is not None:
        cells: list[CellBody] = [
            {**one, "text": said} if unproven(one["citations"]) else one for one in body["table"]["cells"]
        ]
        shown["table"] = {**body["table"], "cells": cells}
    if retired:
        shown["answer"] = "\n".join(
            f"{one['text']}{''.join(f' [{n}]' for n in one['citations'])}" for one in shown["sentences"]
        )
    shown["nearest"] = [hit for hit in body["nearest"] if hit not in gone]
    return shown
