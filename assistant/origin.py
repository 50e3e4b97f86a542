"""Where a text comes from: at first hand, or in a fiche that reports other texts. An answer makes room for both.

Fiches are many, short and close to the words of questions: beside them, the long publications they were written from
would hardly be cited, though they prove more.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import TypeVar

from assistant.ranking import Scored
from corpus import Metadata

HEAD_START = 8.0
"""What a unit of a first-hand text is worth more, in units of the ranking, where both kinds are at hand.

Questions are read nearer to fiches, of which the adapter learnt more: this much gives publications their share."""
_T = TypeVar("_T")


def first_hand(facts: Metadata) -> bool:
    """Whether a document speaks for itself: one that names the texts behind it reports them."""
    return not facts.references


def mixed(found: Sequence[_T], most: int, is_first_hand: Callable[[_T], bool]) -> list[_T]:
    """The `most` best of what was found, best first, half of the room held for each origin as far as it has some."""
    held = {True: most - most // 2, False: most // 2}
    origins = [is_first_hand(one) for one in found]
    spare = {origin: max(0, held[origin] - origins.count(origin)) for origin in held}
    room = {origin: held[origin] + spare[not origin] for origin in held}
    kept = []
    for one, origin in zip(found, origins, strict=True):
        if room[origin]:
            room[origin] -= 1
            kept.append(one)
    return kept


def put_ahead(ranked: Sequence[Scored], is_first_hand: Callable[[Scored], bool]) -> list[Scored]:
    """Units ranked again with the head start of first-hand texts; as they were when all come from one origin."""
    origins = [is_first_hand(one) for one in ranked]
    if len(set(origins)) < 2:
        return list(ranked)
    moved = [replace(one, score=one.score + HEAD_START * own) for one, own in zip(ranked, origins, strict=True)]
    return sorted(moved, key=lambda one: -one.score)


def alternated(ranked: Sequence[Scored], is_first_hand: Callable[[Scored], bool]) -> list[Scored]:
    """The best unit, then the best of the other origin and of its own in turn: what completes an answer."""
    if not ranked:
        return []
    own = is_first_hand(ranked[0])
    others = [one for one in ranked[1:] if is_first_hand(one) is not own]
    same = [one for one in ranked[1:] if is_first_hand(one) is own]
    return [ranked[0], *_in_turn(others, same)]


def _in_turn(first: Sequence[Scored], second: Sequence[Scored]) -> Iterator[Scored]:
    for pair in zip_longest(first, second):
        yield from (one for one in pair if one is not None)
