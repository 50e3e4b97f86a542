"""Rate and quota: exactly as many requests as were granted, whoever counts, and the right time to come back."""

import multiprocessing
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.store import Accepted, ApiKey, Database, Keys, Quota, Rate, Refused, Usage
from assistant.store.tables import usage as usage_table
from tests.assistant.store.moments import Moments

# Long enough for many writers at once on one slow disk.
PATIENT = 60.0


@pytest.fixture
def moments() -> Moments:
    return Moments(datetime(2026, 11, 22, 10, 0, 30, tzinfo=UTC))


@pytest.fixture
def usage(database: Database, moments: Moments) -> Usage:
    return Usage(database, moments)


def key_of(database: Database, rate: Rate | None = None, quota: Quota | None = None) -> ApiKey:
    return Keys(database).create("une", {"ask"}, rate=rate, quota=quota)[0]


def accepted(usage: Usage, key: ApiKey, tries: int) -> int:
    return sum(isinstance(usage.count(key), Accepted) for _ in range(tries))


def test_a_key_without_limits_is_only_counted(usage: Usage, database: Database) -> None:
    key = key_of(database)
    assert usage.count(key) == Accepted(rate_left=None, quota_left=None)
    assert accepted(usage, key, 20) == 20
    assert usage.report(key).month == 21


def test_a_rate_lets_its_count_through_then_says_when_to_come_back(
    usage: Usage, database: Database, moments: Moments
) -> None:
    key = key_of(database, Rate(3, 60))
    assert [usage.count(key) for _ in range(3)] == [Accepted(left, None) for left in (2, 1, 0)]
    refused = usage.count(key)
    assert isinstance(refused, Refused) and refused.limit == "rate"
    moments.pass_by(seconds=refused.retry_after)
    assert isinstance(usage.count(key), Accepted)


def test_where_two_windows_meet_no_second_burst_passes(usage: Usage, database: Database, moments: Moments) -> None:
    key = key_of(database, Rate(60, 60))
    moments.now = datetime(2026, 11, 22, 10, 0, 59, 900_000, tzinfo=UTC)
    assert accepted(usage, key, 100) == 60
    moments.pass_by(seconds=0.2)
    assert accepted(usage, key, 100) <= 1
    moments.pass_by(seconds=30)
    assert 28 <= accepted(usage, key, 100) <= 31


def test_whoever_keeps_to_the_rate_is_never_refused(usage: Usage, database: Database, moments: Moments) -> None:
    moments.now = datetime(2026, 11, 22, 10, 0, 3, tzinfo=UTC)
    key = key_of(database, Rate(6, 60))
    for _ in range(40):
        assert isinstance(usage.count(key), Accepted)
        moments.pass_by(seconds=10)


@pytest.mark.parametrize("rate", [Rate(1, 1), Rate(1, 60), Rate(2, 10), Rate(7, 60), Rate(60, 60)])
def test_whoever_comes_back_when_told_passes(usage: Usage, database: Database, moments: Moments, rate: Rate) -> None:
    key = key_of(database, rate)
    dice = random.Random(7)
    for _ in range(8):
        accepted(usage, key, dice.randint(1, rate.count + 1))
        moments.pass_by(seconds=dice.uniform(0, rate.seconds * 1.5))
        verdict = usage.count(key)
        while isinstance(verdict, Refused):
            assert 1 <= verdict.retry_after <= 2 * rate.seconds
            moments.pass_by(seconds=verdict.retry_after)
            verdict = usage.count(key)
            assert isinstance(verdict, Accepted)


@pytest.mark.parametrize(
    ("period", "retry_after", "full_until"),
    [
        ("day", 5 * 3600, datetime(2026, 12, 31, 0, 0, tzinfo=UTC)),
        ("month", 5 * 3600 + 86_400, datetime(2027, 1, 1, 0, 0, tzinfo=UTC)),
    ],
)
def test_a_quota_is_full_until_its_period_of_utc_ends(
    usage: Usage, database: Database, moments: Moments, period: str, retry_after: int, full_until: datetime
) -> None:
    moments.now = datetime(2026, 12, 30, 19, 0, tzinfo=UTC)
    key = key_of(database, quota=Quota(2, "day" if period == "day" else "month"))
    assert [usage.count(key) for _ in range(2)] == [Accepted(None, 1), Accepted(None, 0)]
    assert usage.count(key) == Refused("quota", retry_after)
    moments.now = full_until - timedelta(seconds=0.5)
    assert usage.count(key) == Refused("quota", 1)
    moments.now = full_until
    assert usage.count(key) == Accepted(None, 1)


def test_refused_requests_consume_nothing(usage: Usage, database: Database, moments: Moments) -> None:
    key = key_of(database, Rate(2, 60), Quota(5, "day"))
    assert accepted(usage, key, 50) == 2
    assert usage.report(key).month == 2 and usage.report(key).quota_left == 3
    moments.pass_by(minutes=5)
    assert accepted(usage, key, 50) == 2
    moments.pass_by(minutes=5)
    assert accepted(usage, key, 50) == 1
    assert usage.report(key).days[-1] == (date(2026, 11, 22), 5)


def test_keys_do_not_count_for_one_another(usage: Usage, database: Database) -> None:
    one, other = key_of(database, Rate(2, 60)), key_of(database, Rate(2, 60))
    assert accepted(usage, one, 5) == 2
    assert accepted(usage, other, 5) == 2


def test_threads_together_get_exactly_what_was_granted(database: Database, moments: Moments) -> None:
    key = key_of(database, Rate(40, 60), Quota(30, "day"))
    usage = Usage(database, moments)
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(lambda _: accepted(usage, key, 10), range(8))) == 30
    assert usage.report(key).days[-1][1] == 30


def _hammer(url: str, key: ApiKey, now: datetime, tries: int) -> int:
    database = Database(url, wait=PATIENT)
    try:
        return accepted(Usage(database, Moments(now)), key, tries)
    finally:
        database.close()


def test_processes_together_get_exactly_what_was_granted(database: Database, moments: Moments) -> None:
    key = key_of(database, Rate(50, 60), Quota(1000, "month"))
    url = database.engine.url.render_as_string(hide_password=False)
    given = [(url, key, moments.now, 30)] * 3
    with multiprocessing.get_context("spawn").Pool(3) as processes:
        assert sum(processes.starmap(_hammer, given)) == 50
    assert Usage(database, moments).report(key).month == 50


def test_the_report_tells_the_last_31_days_and_what_is_left(usage: Usage, database: Database, moments: Moments) -> None:
    key = key_of(database, Rate(10, 60), Quota(100, "month"))
    for requests, then in ((3, 40), (2, 25), (1, 10), (4, 0)):
        moments.now = datetime(2026, 11, 22, 10, 0, tzinfo=UTC) - timedelta(days=then)
        assert accepted(usage, key, requests) == requests
    report = usage.report(key)
    assert len(report.days) == 31
    assert (report.days[0][0], report.days[-1][0]) == (date(2026, 10, 23), date(2026, 11, 22))
    assert {day: count for day, count in report.days if count} == {
        date(2026, 10, 28): 2,
        date(2026, 11, 12): 1,
        date(2026, 11, 22): 4,
    }
    assert (report.month, report.quota_left, report.rate_left) == (5, 95, 6)


def test_a_key_without_any_request_has_a_report(usage: Usage, database: Database) -> None:
    report = usage.report(key_of(database))
    assert (report.month, report.rate_left, report.quota_left) == (0, None, None)
    assert [count for _, count in report.days] == [0] * 31


def test_windows_that_nothing_reads_any_more_are_dropped(usage: Usage, database: Database, moments: Moments) -> None:
    key = key_of(database, Rate(5, 60))
    for _ in range(30):
        usage.count(key)
        moments.pass_by(minutes=1)
    with database.read() as connection:
        assert len(connection.execute(usage_table.select()).all()) <= 5
    moments.pass_by(days=70)
    usage.count(key)
    with database.read() as connection:
        assert len(connection.execute(usage_table.select()).all()) == 3
