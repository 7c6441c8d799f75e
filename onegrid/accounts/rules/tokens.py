"""Tokens of machines: their form, what they may carry, how long they live."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from onegrid.accounts.rules.refusals import BadLifetime, BadScopes
from onegrid.accounts.rules.roles import MACHINE_SCOPES, PERMISSIONS

PREFIX: Final = "og_"  # makes a leaked token easy to find by secret scanners
SHOWN: Final = 9  # characters kept in clear, so that a list of tokens can be told apart
LONGEST_DAYS: Final = 366


def digest(secret: str) -> bytes:
    """What is stored of a session key or token: SHA-256, as both are long random values."""
    return hashlib.sha256(secret.encode()).digest()


def checked_scopes(scopes: Iterable[str], *, machine: bool) -> tuple[str, ...]:
    """The scopes in order, or `BadScopes` naming those that such an account cannot carry."""
    wanted, allowed = set(scopes), MACHINE_SCOPES if machine else frozenset(PERMISSIONS)
    if not wanted or not wanted <= allowed:
        raise BadScopes(scopes="、".join(sorted(wanted - allowed)) or "—", allowed="、".join(sorted(allowed)))
    return tuple(sorted(wanted))


def checked_lifetime(days: int) -> timedelta:
    """The lifetime, or `BadLifetime`: a token that never ends is never looked at again."""
    if not 1 <= days <= LONGEST_DAYS:
        raise BadLifetime(longest=LONGEST_DAYS)
    return timedelta(days=days)
