"""REST at ``/api/v1``, for programs: all that the face does, with bearer tokens, described by OpenAPI 3.1.

An application of its own, mounted by ``web.app``: no session, no cookie, no CSRF token reaches it.
"""

from web.api.app import create_api, mount_api

__all__ = ["create_api", "mount_api"]
