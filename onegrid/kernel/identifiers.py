"""Identifiers: citizen numbers, credit codes, phones, plates and postcodes, checked.

A check answers with a `Verdict`: the normal form, and every fault by name. A *problem* makes the identifier
wrong; a *doubt* does not, because old registers hold genuine numbers that contradict other fields.
Sources: GB 11643 (citizen number), GB 32100-2015 (unified social credit code), GB 11714 (organisation code),
GA 36 (plates). Full-width digits, spaces and lower case are accepted and put right."""

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_CHECKS = "10X98765432"
CREDIT_SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
ORGANISATION_SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def plain(text: str) -> str:
    """The text half-width, upper case, without spaces and with plain hyphens."""
    return re.sub(r"\s", "", re.sub("[‐‑‒–—−]", "-", unicodedata.normalize("NFKC", text))).upper()


class Fault(StrEnum):
    """What is wrong, or doubtful, about an identifier."""

    EMPTY = "empty"
    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK_DIGIT = "check-digit"
    ORGANISATION_CHECK_DIGIT = "organisation-check-digit"
    BIRTH_DATE = "birth-date"
    BORN_IN_FUTURE = "born-in-future"
    UNKNOWN_DIVISION = "unknown-division"
    OTHER_BIRTH_DATE = "other-birth-date"
    OTHER_SEX = "other-sex"
    OLD_FORM = "old-form"
    NO_AREA_CODE = "no-area-code"
    PATTERN = "pattern"

    @property
    def zh(self) -> str:
        return _SENTENCES[self][0]

    @property
    def en(self) -> str:
        return _SENTENCES[self][1]


_SENTENCES = {
    Fault.EMPTY: ("没有填写", "nothing is given"),
    Fault.LENGTH: ("位数不对", "it has the wrong length"),
    Fault.CHARACTERS: ("含有不允许的字符", "it has characters that may not occur"),
    Fault.CHECK_DIGIT: ("校验码不符", "the check digit does not fit"),
    Fault.ORGANISATION_CHECK_DIGIT: (
        "主体标识码的校验码不符",
        "the check digit of the organisation code does not fit",
    ),
    Fault.BIRTH_DATE: ("出生日期不存在", "the birth date does not exist"),
    Fault.BORN_IN_FUTURE: ("出生日期晚于今天", "the birth date lies in the future"),
    Fault.UNKNOWN_DIVISION: ("行政区划代码从未使用过", "the division code was never in use"),
    Fault.OTHER_BIRTH_DATE: ("与登记的出生日期不一致", "the birth date differs from the one on record"),
    Fault.OTHER_SEX: ("与登记的性别不一致", "the sex differs from the one on record"),
    Fault.OLD_FORM: ("是旧式号码", "it is of the old form"),
    Fault.NO_AREA_CODE: ("固定电话缺少区号", "the landline number lacks its area code"),
    Fault.PATTERN: ("格式不对", "it does not have the right form"),
}


class Sex(StrEnum):
    """Sex as registered (GB/T 2261.1 codes 1 and 2)."""

    MALE = "male"
    FEMALE = "female"


class PhoneKind(StrEnum):
    """What kind of line a number is."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    SERVICE = "service"  # 400 and 800 numbers, 12345, 110: public, never masked


@dataclass(frozen=True)
class Verdict:
    """A checked identifier: as given, in normal form, and what is wrong or doubtful about it.

    The identifier itself is left out of `repr`, so that no log holds it."""

    given: str = field(repr=False)
    value: str = field(repr=False)
    problems: tuple[Fault, ...] = ()
    doubts: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the identifier may be used."""
        return not self.problems


@dataclass(frozen=True)
class CitizenNumber(Verdict):
    """A checked citizen number and what it says of its holder, as far as it can be read."""

    division: str = ""
    birth: date | None = field(default=None, repr=False)
    sex: Sex | None = None


@dataclass(frozen=True)
class Phone(Verdict):
    """A checked phone number; `kind` is missing when it is none."""

    kind: PhoneKind | None = None


def check_citizen_number(
    text: str,
    *,
    today: date,
    divisions: Container[str] | None = None,
    sex: Sex | None = None,
    birth: date | None = None,
) -> CitizenNumber:
    """Check a citizen number of 18 characters, or of 15 digits, which becomes one of 18 (born 19xx).

    `divisions` are all six-digit codes ever in use (old codes stay valid); without it they are not checked.
    `sex` and `birth` are those on record: a difference is a doubt, not a problem."""
    value = plain(text)
    if problem := _shape(value, r"\d{15}|\d{17}[\dX]", lengths=(15, 18)):
        return CitizenNumber(text, value, (problem,))
    old = len(value) == 15
    value = _lengthened(value) if old else value
    born, own_sex = _birth(value), Sex.MALE if int(value[16]) % 2 else Sex.FEMALE
    problems = {
        Fault.CHECK_DIGIT: citizen_check_digit(value[:17]) != value[17],
        Fault.BIRTH_DATE: born is None,
        Fault.BORN_IN_FUTURE: born is not None and born > today,
        Fault.UNKNOWN_DIVISION: divisions is not None and value[:6] not in divisions,
    }
    doubts = {
        Fault.OLD_FORM: old,
        Fault.OTHER_BIRTH_DATE: birth is not None and born is not None and birth != born,
        Fault.OTHER_SEX: sex is not None and sex is not own_sex,
    }
    return CitizenNumber(text, value, _named(problems), _named(doubts), value[:6], born, own_sex)


def citizen_check_digit(body: str) -> str:
    """The 18th character that belongs to 17 digits."""
    return CITIZEN_CHECKS[_weighted(body, CITIZEN_WEIGHTS, "0123456789") % 11]


def check_uscc(text: str) -> Verdict:
    """Check a unified social credit code, and the organisation code inside it.

    A business registration number of 15 digits, all that some self-employed had before 2015, is accepted
    with a doubt."""
    value = plain(text).replace("-", "")
    if re.fullmatch(r"\d{15}", value):
        return Verdict(text, value, doubts=(Fault.OLD_FORM,))
    if problem := _shape(value, f"[{CREDIT_SYMBOLS}]{{18}}", lengths=(18,)):
        return Verdict(text, value, (problem,))
    problems = {
        Fault.CHECK_DIGIT: uscc_check_character(value[:17]) != value[17],
        Fault.ORGANISATION_CHECK_DIGIT: organisation_check_character(value[8:16]) != value[16],
    }
    return Verdict(text, value, _named(problems))


def uscc_check_character(body: str) -> str:
    """The 18th character that belongs to the first 17 of a unified social credit code."""
    return CREDIT_SYMBOLS[-_weighted(body, CREDIT_WEIGHTS, CREDIT_SYMBOLS) % 31]


def check_organisation_code(text: str) -> Verdict:
    """Check an organisation code of nine characters, written with or without its hyphen."""
    value = plain(text).replace("-", "")
    if problem := _shape(value, "[0-9A-Z]{8}[0-9X]", lengths=(9,)):
        return Verdict(text, value, (problem,))
    return Verdict(
        text, value, _named({Fault.CHECK_DIGIT: organisation_check_character(value[:8]) != value[8]})
    )


def organisation_check_character(body: str) -> str:
    """The ninth character that belongs to the first eight of an organisation code."""
    return "0123456789X"[-_weighted(body, ORGANISATION_WEIGHTS, ORGANISATION_SYMBOLS) % 11]


_MOBILE = re.compile("1[3-9][0-9]{9}")
_SERVICE = re.compile("[48]00[0-9]{7}|1[12][0-9]|1[02][0-9]{3,6}|9[56][0-9]{3,4}")
_LANDLINE = re.compile("(0(?:10|2[0-9]|[3-9][0-9]{2}))-?([0-9]{7,8})(?:(?:-|转|EXT[.]?)([0-9]{1,6}))?")
_LOCAL_LINE = re.compile("[2-9][0-9]{6,7}")


def check_phone(text: str) -> Phone:
    """Check one phone number: mobile, landline with its area code, or a service number.

    The normal form has no spaces and no country code; a landline has one hyphen after the area code, and an
    extension after a second one."""
    value = re.sub(r"^(?:\+|00)86-?|[()]", "", plain(text))
    digits = value.replace("-", "")
    if not value:
        return Phone(text, value, (Fault.EMPTY,))
    if _MOBILE.fullmatch(digits):
        return Phone(text, digits, kind=PhoneKind.MOBILE)
    if _SERVICE.fullmatch(digits):
        return Phone(text, digits, kind=PhoneKind.SERVICE)
    if line := _LANDLINE.fullmatch(value):
        return Phone(text, "-".join(part for part in line.groups() if part), kind=PhoneKind.LANDLINE)
    if _LOCAL_LINE.fullmatch(digits):
        return Phone(text, digits, (Fault.NO_AREA_CODE,), kind=PhoneKind.LANDLINE)
    return Phone(text, value, (Fault.PATTERN if re.fullmatch("[0-9-]+", value) else Fault.CHARACTERS,))


def check_phones(text: str) -> tuple[Phone, ...]:
    """Check each of several numbers written together, as in "13800138000、0595-86382345"."""
    found: list[Phone] = []
    for part in filter(str.strip, re.split(r"[、,;/|，；\n]+", text)):
        whole, pieces = check_phone(part), [check_phone(piece) for piece in part.split()]
        found += pieces if not whole.ok and all(piece.ok for piece in pieces) else [whole]
    return tuple(found)


_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    f"[{_PROVINCES}][A-Z](?:"
    "[0-9A-HJ-NP-Z]{4}[0-9A-HJ-NP-Z挂学警港澳]"  # seven characters
    "|[A-HJK][0-9A-HJ-NP-Z][0-9]{4}|[0-9]{5}[A-HJK])"  # eight: new energy, small and large cars
)


def check_plate(text: str) -> Verdict:
    """Check a vehicle plate: seven characters, or eight for new energy; the dot is left out."""
    value = re.sub(r"[·•.\-]", "", plain(text))
    if not value or len(value) not in {7, 8}:
        return Verdict(text, value, (Fault.LENGTH if value else Fault.EMPTY,))
    return Verdict(text, value, _named({Fault.PATTERN: _PLATE.fullmatch(value) is None}))


def check_postcode(text: str) -> Verdict:
    """Check a postcode: six digits, not all zero."""
    value = plain(text)
    problem = _shape(value, r"\d{6}", lengths=(6,)) or (Fault.PATTERN if value == "000000" else None)
    return Verdict(text, value, (problem,) if problem else ())


def _shape(value: str, pattern: str, *, lengths: tuple[int, ...]) -> Fault | None:
    """The first thing wrong with the outer form, if any."""
    if not value:
        return Fault.EMPTY
    if len(value) not in lengths:
        return Fault.LENGTH
    return None if re.fullmatch(pattern, value, re.ASCII) else Fault.CHARACTERS


def _named(faults: dict[Fault, bool]) -> tuple[Fault, ...]:
    return tuple(fault for fault, present in faults.items() if present)


def _weighted(body: str, weights: tuple[int, ...], symbols: str) -> int:
    return sum(symbols.index(symbol) * weight for symbol, weight in zip(body, weights, strict=True))


def _lengthened(number: str) -> str:
    """A number of 15 digits in the form of 18."""
    body = f"{number[:6]}19{number[6:]}"
    return body + citizen_check_digit(body)


def _birth(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
