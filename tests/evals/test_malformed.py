"""Requests that no client should send are the same for the same seed, and of every sort."""

import random

from evals.malformed import KINDS, http


def test_the_same_seed_makes_the_same_requests() -> None:
    made = [[kind(random.Random(7)) for kind in KINDS] for _ in range(2)]
    assert made[0] == made[1]
    assert len(set(made[0])) > 5


def test_a_length_is_announced_unless_a_header_lies_about_it() -> None:
    assert b"Content-Length: 3\r\n" in http("POST", "/v1/ask", b"abc")
    lying = http("POST", "/v1/ask", b"abc", "Content-Length: 99")
    assert lying.count(b"Content-Length") == 1 and lying.endswith(b"\r\n\r\nabc")
