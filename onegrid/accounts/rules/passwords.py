"""Passwords and account names: what is good enough (MLPS level 3: 身份鉴别, complexity)."""

import re
import unicodedata
from itertools import pairwise
from typing import Final

from onegrid.accounts.rules.refusals import BadUsername, WeakPassword

SHORTEST: Final = 10
LONGEST: Final = 128
KINDS: Final = 3
RUN: Final = 4
_USERNAME: Final = re.compile(r"[\w.@-]{2,64}")

_FAULTS: Final = {
    "short": (f"至少 {SHORTEST} 个字符", f"at least {SHORTEST} characters"),
    "long": (f"至多 {LONGEST} 个字符", f"at most {LONGEST} characters"),
    "kinds": ("大写、小写、数字、符号至少三种", "three of: capitals, small letters, digits, signs"),
    "name": ("不得包含账号名", "must not contain the account name"),
    "run": (f"不得有 {RUN} 个连续或相同的字符", f"no {RUN} characters in a row like 1234 or aaaa"),
    "common": ("太常见", "too common"),
}


def normal_username(text: str) -> str:
    """The account name as it is stored and compared: width and case make no difference.

    Raises `BadUsername` for a form that no account has."""
    username = unicodedata.normalize("NFKC", text).strip().lower()
    if not _USERNAME.fullmatch(username):
        raise BadUsername(username=username[:80])
    return username


def password_faults(password: str, *, username: str) -> list[str]:
    """What is wrong with a password, as keys; [] when it may be used."""
    faults = {
        "short": len(password) < SHORTEST,
        "long": len(password) > LONGEST,
        "kinds": len({_kind(character) for character in password}) < KINDS,
        "name": username.lower() in password.lower(),
        "run": _has_run(password.lower()),
    }
    return [fault for fault, found in faults.items() if found]


def weak(faults: list[str]) -> WeakPassword:
    """The refusal that names every fault at once, in both languages."""
    return WeakPassword(
        faults=faults,
        faults_zh="；".join(_FAULTS[fault][0] for fault in faults),
        faults_en="; ".join(_FAULTS[fault][1] for fault in faults),
    )


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if not character.isalpha():
        return "sign"
    return "capital" if character.isupper() else "small"


def _has_run(text: str) -> bool:
    """True when `RUN` neighbours are equal, or count up or down by one."""
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    return any(
        len(set(steps[i : i + RUN - 1])) == 1 and steps[i] in {-1, 0, 1} for i in range(len(steps) - RUN + 2)
    )
