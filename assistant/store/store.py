"""Everything that is written about users, under one roof."""

from collections.abc import Callable

from assistant.store.accounts import Accounts
from assistant.store.audit import Audit
from assistant.store.calls import Calls
from assistant.store.conversations import Conversations
from assistant.store.database import Database
from assistant.store.erasure import Erasure
from assistant.store.feedback import Feedback
from assistant.store.kept import Records
from assistant.store.keys import Keys
from assistant.store.statistics import Statistics
from assistant.store.usage import Usage


class Store:
    """The parts of the store, over one database. What was typed goes through `mask` before it is written."""

    def __init__(self, database: Database, mask: Callable[[str], str], session_turns: int) -> None:
        def storable(typed: str) -> str:
            # PostgreSQL refuses this character: a question with it would pass for a store that is away.
            return mask(typed.replace("\0", ""))

        self.database = database
        self.conversations = Conversations(database, storable, session_turns)
        self.records = Records(database)
        self.erasure = Erasure(database)
        self.keys = Keys(database)
        self.usage = Usage(database)
        self.accounts = Accounts(database)
        self.audit = Audit(database)
        self.feedback = Feedback(database, storable)
        self.calls = Calls(database, storable)
        self.statistics = Statistics(database)
