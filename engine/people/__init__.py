"""People, the roles they hold or are lent, and the ways in which they prove who they are.

Capability of the office: every function takes an open connection and opens no transaction. Secrets are never stored:
passwords as argon2, session and API tokens only by their SHA-256.
"""

from engine.people.account import close_account, end_access, reopen_account
from engine.people.address import address_at, change_address, people_at_address
from engine.people.change import Change, list_changes, record_change
from engine.people.delegation import Delegation, delegate, list_delegations, revoke_delegation
from engine.people.ended import why_no_longer
from engine.people.holding import (
    Capacity,
    Holding,
    capacity_of,
    end_holding,
    grant_role,
    held_roles,
    list_holdings,
    people_with_role,
    roles_of,
    scoped_roles_of,
    withdraw_holding,
)
from engine.people.identity import KINDS as IDENTITY_KINDS
from engine.people.identity import check_identity
from engine.people.person import (
    PROFILES,
    Person,
    create_person,
    find_by_identity,
    find_person,
    get_people,
    get_person,
    people_of_identity,
    search_people,
    set_active,
    update_person,
)
from engine.people.register import AlreadyRegistered, NewPerson, register_person
from engine.people.scope import bare, narrowed, owner_of, scope_of
from engine.people.session import (
    Session,
    close_session,
    list_sessions,
    open_session,
    revoke_session,
    revoke_sessions,
    session_id,
    session_person,
    touch_session,
)
from engine.people.sign_in import authenticate, change_password, renew_hash, set_password
from engine.people.title import printed_title
from engine.people.token import ApiToken, create_token, list_tokens, revoke_token, token_person, touch_token

__all__ = [
    "IDENTITY_KINDS",
    "PROFILES",
    "AlreadyRegistered",
    "ApiToken",
    "Capacity",
    "Change",
    "Delegation",
    "Holding",
    "NewPerson",
    "Person",
    "Session",
    "address_at",
    "authenticate",
    "bare",
    "capacity_of",
    "change_address",
    "change_password",
    "check_identity",
    "close_account",
    "close_session",
    "create_person",
    "create_token",
    "delegate",
    "end_access",
    "end_holding",
    "find_by_identity",
    "find_person",
    "get_people",
    "get_person",
    "grant_role",
    "held_roles",
    "list_changes",
    "list_delegations",
    "list_holdings",
    "list_sessions",
    "list_tokens",
    "narrowed",
    "open_session",
    "owner_of",
    "people_at_address",
    "people_of_identity",
    "people_with_role",
    "printed_title",
    "record_change",
    "register_person",
    "renew_hash",
    "reopen_account",
    "revoke_delegation",
    "revoke_session",
    "revoke_sessions",
    "revoke_token",
    "roles_of",
    "scope_of",
    "scoped_roles_of",
    "search_people",
    "session_id",
    "session_person",
    "set_active",
    "set_password",
    "token_person",
    "touch_session",
    "touch_token",
    "update_person",
    "why_no_longer",
    "withdraw_holding",
]
