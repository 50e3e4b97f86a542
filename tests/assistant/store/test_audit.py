"""Who changed what, the latest first."""

from datetime import timedelta

from assistant.store import Audit, Database
from tests.assistant.store.moments import Moments


def test_what_was_noted_is_read_latest_first_and_page_by_page(database: Database) -> None:
    moments = Moments()
    audit = Audit(database, moments)
    for number in range(5):
        audit.note("account:1", "key.created", f"k{number}", "Portail")
        moments.pass_by(seconds=1)
    page = audit.latest(limit=2)
    assert [line.object for line in page] == ["k4", "k3"]
    assert (page[0].who, page[0].action, page[0].detail) == ("account:1", "key.created", "Portail")
    assert page[0].at == moments.now - timedelta(seconds=1)
    following = audit.latest(limit=10, before=page[-1].id)
    assert [line.object for line in following] == ["k2", "k1", "k0"]
    assert audit.latest(before=following[-1].id) == ()
