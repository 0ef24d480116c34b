"""The requester's pages: the catalogue, a request from its first answer to its receipt, and one's own cases."""

from web.requests.actions import actions
from web.requests.answers import answers
from web.requests.cases import own_cases
from web.requests.catalogue import catalogue
from web.requests.draft import drafts
from web.requests.filing import filing
from web.requests.follow import follow
from web.requests.voice import voice

REQUEST_PAGES = [catalogue, drafts, filing, own_cases, answers, actions, follow, voice]

__all__ = ["REQUEST_PAGES"]
