"""What a key may is typed as people write it, and nothing else passes."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.store import Quota, Rate
from ui.commands import keys_options as typed

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def expiry(text: str) -> datetime:
    return typed.expiry(text, NOW)


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (typed.rate, "60/min", Rate(60, 60)),
        (typed.rate, " 10/S ", Rate(10, 1)),
        (typed.rate, "1000/heure", Rate(1000, 3600)),
        (typed.quota, "10000/month", Quota(10_000, "month")),
        (typed.quota, "500/jour", Quota(500, "day")),
        (typed.concurrency, "4", 4),
        (expiry, "2027-01-01", datetime(2027, 1, 1, tzinfo=UTC)),
        (expiry, "90j", datetime(2027, 2, 20, 10, 0, tzinfo=UTC)),
        (typed.origin, "https://Portail.Exemple.FR/", "https://portail.exemple.fr"),
        (typed.origin, "https://portail.fr:443", "https://portail.fr"),
        (typed.origin, "http://localhost:8080", "http://localhost:8080"),
        (typed.origin, "http://[::1]:8080", "http://[::1]:8080"),
        (typed.origin, "https://bücher.de", "https://xn--bcher-kva.de"),
        (typed.listed, "ask, search,", ("ask", "search")),
        (typed.filters, "kind=regle, appui", ("kind", ("regle", "appui"))),
    ],
)
def test_what_is_well_typed_is_read(read: Callable[[str], Any], text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "texts"),
    [
        (
            typed.rate,
            ["", "60", "60/", "/min", "0/min", "-1/min", "60/mois", "six/min", "60/min/min", "99999999999/s", "٦/min"],
        ),
        (typed.quota, ["", "10000", "0/month", "10/min", "10 000/mois"]),
        (typed.concurrency, ["0", "-1", "deux", "", "٤"]),
        (expiry, ["2026-11-22", "2020-01-01", "demain", "0j", "99999j", "2027-02-30", "2027-1", ""]),
        (
            typed.origin,
            [
                *("portail.fr", "https://", "ftp://portail.fr", "https://portail.fr/page", "https://a@portail.fr", "*"),
                *(
                    "https://*.fr",
                    "https://portail.fr:port",
                    "https://portail.fr?x",
                    "null",
                    "https://[",
                    "https://a b.fr",
                ),
            ],
        ),
        (typed.filters, ["kind", "kind=", "kind=,", ""]),
    ],
)
def test_what_is_not_is_refused(read: Callable[[str], Any], texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(argparse.ArgumentTypeError):
            read(text)
