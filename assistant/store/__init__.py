"""What is written about users: conversations and, beside them, marks, calls, gaps, accounts, keys, usage, audit."""

from assistant.store.accounts import SCOPES_OF, Account, Accounts, NameTaken, Role, UnknownAccount, WrongName
from assistant.store.audit import Audit, AuditLine
from assistant.store.backlog import GAP_STATES, Backlog, Gap, GapGroup, GapState, Grouped, NearDocument, UnknownGroup
from assistant.store.calls import (
    CALL_OUTCOMES,
    CALLBACK_LASTS,
    Call,
    CallNotes,
    CallOutcome,
    CallReport,
    Calls,
    LookedUp,
    UnknownCall,
)
from assistant.store.conversations import Conversation, Conversations, StoredTurn, UnknownConversation
from assistant.store.database import Database, StoreUnavailable, WrongDatabaseUrl
from assistant.store.failures import LockedOut
from assistant.store.feedback import BAD_REASONS, REASONS, Feedback, Mark, MarkedTurn, Reason, UnknownTurn
from assistant.store.kept import Kept
from assistant.store.key_ring import KeyRing
from assistant.store.keys import ApiKey, Keys, Quota, Rate, UnknownKey
from assistant.store.passwords import MAX_PASSWORD, MIN_PASSWORD, WrongPasswordLength
from assistant.store.retention import AUDIT_DAYS, Purged, Retention
from assistant.store.sessions import LastingSessions
from assistant.store.store import Store
from assistant.store.usage import Accepted, Refused, Usage, UsageReport, Verdict

__all__ = [
    "AUDIT_DAYS",
    "Accepted",
    "Account",
    "Accounts",
    "ApiKey",
    "Audit",
    "AuditLine",
    "BAD_REASONS",
    "Backlog",
    "CALLBACK_LASTS",
    "CALL_OUTCOMES",
    "Call",
    "CallNotes",
    "CallOutcome",
    "CallReport",
    "Calls",
    "Conversation",
    "Conversations",
    "Database",
    "Feedback",
    "GAP_STATES",
    "Gap",
    "GapGroup",
    "GapState",
    "Grouped",
    "Kept",
    "KeyRing",
    "Keys",
    "LastingSessions",
    "LockedOut",
    "LookedUp",
    "MAX_PASSWORD",
    "MIN_PASSWORD",
    "Mark",
    "MarkedTurn",
    "NameTaken",
    "NearDocument",
    "Purged",
    "Quota",
    "REASONS",
    "Rate",
    "Reason",
    "Refused",
    "Retention",
    "Role",
    "SCOPES_OF",
    "Store",
    "StoreUnavailable",
    "StoredTurn",
    "UnknownAccount",
    "UnknownCall",
    "UnknownConversation",
    "UnknownGroup",
    "UnknownKey",
    "UnknownTurn",
    "Usage",
    "UsageReport",
    "Verdict",
    "WrongDatabaseUrl",
    "WrongName",
    "WrongPasswordLength",
]
