"""Identifiers: the published vectors, every fault by name, and the masks."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.kernel.identifiers import (
    CREDIT_SYMBOLS,
    Fault,
    Phone,
    PhoneKind,
    Sex,
    check_citizen_number,
    check_organisation_code,
    check_phone,
    check_phones,
    check_plate,
    check_postcode,
    check_uscc,
    citizen_check_digit,
    organisation_check_character,
    uscc_check_character,
)
from onegrid.kernel.masking import mask_citizen_number, mask_name, mask_phone

TODAY = date(2026, 11, 24)
GENUINE = "11010519491231002X"
births = st.dates(date(1900, 1, 1), TODAY)
serials = st.integers(0, 999)


def numbered(birth: date, serial: int, division: str = "999999") -> str:
    body = f"{division}{birth:%Y%m%d}{serial:03d}"
    return body + citizen_check_digit(body)


def test_a_genuine_citizen_number_tells_division_birth_and_sex() -> None:
    checked = check_citizen_number(GENUINE, today=TODAY, divisions={"110105"})
    assert checked.ok
    assert (checked.division, checked.birth, checked.sex) == ("110105", date(1949, 12, 31), Sex.FEMALE)
    assert checked.doubts == ()


@pytest.mark.parametrize(
    "text", ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_a_citizen_number_is_put_in_its_normal_form(text: str) -> None:
    assert check_citizen_number(text, today=TODAY).value == GENUINE


def test_an_old_number_of_fifteen_digits_becomes_one_of_eighteen() -> None:
    checked = check_citizen_number("110105491231002", today=TODAY)
    assert checked.ok
    assert checked.value == GENUINE
    assert checked.doubts == (Fault.OLD_FORM,)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Fault.EMPTY),
        ("  ", Fault.EMPTY),
        ("1101051949123100", Fault.LENGTH),
        ("11010519491231002XX", Fault.LENGTH),
        ("1101051949123100AX", Fault.CHARACTERS),
        ("X10105194912310021", Fault.CHARACTERS),
        ("١١٠١٠٥٤٩١٢٣١٠٠٢", Fault.CHARACTERS),
        ("110105194912310021", Fault.CHECK_DIGIT),
        ("110105490231002", Fault.BIRTH_DATE),
        (
            numbered(TODAY, 1)[:6] + "20270101001" + citizen_check_digit("99999920270101001"),
            Fault.BORN_IN_FUTURE,
        ),
    ],
)
def test_each_fault_of_a_citizen_number_is_named(text: str, problem: Fault) -> None:
    checked = check_citizen_number(text, today=TODAY)
    assert checked.problems == (problem,)
    assert not checked.ok


def test_someone_born_today_has_a_number_and_someone_born_tomorrow_has_none() -> None:
    assert check_citizen_number(numbered(TODAY, 1), today=TODAY).ok
    assert not check_citizen_number(numbered(date(2026, 11, 25), 1), today=TODAY).ok


def test_a_division_that_was_never_in_use_is_a_problem_where_the_table_is_given() -> None:
    assert check_citizen_number(GENUINE, today=TODAY, divisions={"350583"}).problems == (
        Fault.UNKNOWN_DIVISION,
    )


def test_what_differs_from_the_record_is_a_doubt_and_no_problem() -> None:
    checked = check_citizen_number(GENUINE, today=TODAY, sex=Sex.MALE, birth=date(1950, 1, 1))
    assert checked.ok
    assert checked.doubts == (Fault.OTHER_BIRTH_DATE, Fault.OTHER_SEX)
    assert check_citizen_number(GENUINE, today=TODAY, sex=Sex.FEMALE, birth=date(1949, 12, 31)).doubts == ()


@given(births, serials)
def test_every_well_made_citizen_number_is_accepted(birth: date, serial: int) -> None:
    checked = check_citizen_number(numbered(birth, serial), today=TODAY)
    assert checked.ok
    assert checked.birth == birth
    assert checked.sex is (Sex.MALE if serial % 2 else Sex.FEMALE)


@given(births, serials, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_in_a_citizen_number_is_noticed(birth: date, serial: int, at: int, by: int) -> None:
    number = numbered(birth, serial)
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert Fault.CHECK_DIGIT in check_citizen_number(wrong, today=TODAY).problems


@given(births, serials, st.integers(0, 15))
def test_two_digits_in_the_wrong_order_are_noticed(birth: date, serial: int, at: int) -> None:
    number = numbered(birth, serial)
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    if swapped != number:
        assert Fault.CHECK_DIGIT in check_citizen_number(swapped, today=TODAY).problems


@given(st.text(max_size=20))
def test_no_text_breaks_a_check_or_a_mask(text: str) -> None:
    check_citizen_number(text, today=TODAY)
    check_uscc(text)
    check_organisation_code(text)
    check_phones(text)
    check_plate(text)
    check_postcode(text)
    mask_name(text)
    mask_citizen_number(text)
    mask_phone(text)


@pytest.mark.parametrize(
    ("body", "check"), [("91350100M000100Y4", "3"), ("91110000600037341", "L"), ("91440300192203821", "6")]
)
def test_the_published_credit_codes(body: str, check: str) -> None:
    assert uscc_check_character(body) == check
    assert check_uscc(body + check).ok
    assert check_uscc((body + check).lower()).value == body + check


@pytest.mark.parametrize(("body", "check"), [("M000100Y", "4"), ("D2143569", "X")])
def test_the_published_organisation_codes(body: str, check: str) -> None:
    assert organisation_check_character(body) == check
    assert check_organisation_code(f"{body}-{check}").value == body + check
    assert check_organisation_code(f"{body}-{check}").ok


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", (Fault.EMPTY,)),
        ("91350100M000100Y4", (Fault.LENGTH,)),
        ("91350100M000100Y4I", (Fault.CHARACTERS,)),
        ("91350100M000100Y44", (Fault.CHECK_DIGIT,)),
        ("91350100M000100Y5" + uscc_check_character("91350100M000100Y5"), (Fault.ORGANISATION_CHECK_DIGIT,)),
    ],
)
def test_each_fault_of_a_credit_code_is_named(text: str, problems: tuple[Fault, ...]) -> None:
    assert check_uscc(text).problems == problems


def test_a_registration_number_from_before_the_credit_code_is_accepted_with_a_doubt() -> None:
    checked = check_uscc("350583600123456")
    assert checked.ok
    assert checked.doubts == (Fault.OLD_FORM,)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("D2143569", Fault.LENGTH), ("D2143569Y", Fault.CHARACTERS), ("D21435690", Fault.CHECK_DIGIT)],
)
def test_each_fault_of_an_organisation_code_is_named(text: str, problem: Fault) -> None:
    assert check_organisation_code(text).problems == (problem,)


@given(st.text(CREDIT_SYMBOLS, min_size=16, max_size=16), st.integers(0, 15), st.sampled_from(CREDIT_SYMBOLS))
def test_one_wrong_character_in_a_credit_code_is_noticed(body: str, at: int, other: str) -> None:
    body += organisation_check_character(body[8:])
    code = body + uscc_check_character(body)
    wrong = code[:at] + other + code[at + 1 :]
    assert check_uscc(code).ok
    assert check_uscc(wrong).ok is (wrong == code)


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("13800138000", "13800138000", PhoneKind.MOBILE),
        ("+86 138 0013 8000", "13800138000", PhoneKind.MOBILE),
        ("0086-138-0013-8000", "13800138000", PhoneKind.MOBILE),
        ("１３８００１３８０００", "13800138000", PhoneKind.MOBILE),
        ("0595-86382345", "0595-86382345", PhoneKind.LANDLINE),
        ("059586382345", "0595-86382345", PhoneKind.LANDLINE),
        ("（0595）8638 2345", "0595-86382345", PhoneKind.LANDLINE),
        ("0595—86382345", "0595-86382345", PhoneKind.LANDLINE),
        ("010-62345678", "010-62345678", PhoneKind.LANDLINE),
        ("0595-86382345转801", "0595-86382345-801", PhoneKind.LANDLINE),
        ("0991-2345678", "0991-2345678", PhoneKind.LANDLINE),
        ("12345", "12345", PhoneKind.SERVICE),
        ("110", "110", PhoneKind.SERVICE),
        ("400-820-8820", "4008208820", PhoneKind.SERVICE),
        ("95598", "95598", PhoneKind.SERVICE),
    ],
)
def test_phone_numbers_are_recognised_and_put_in_their_normal_form(
    text: str, value: str, kind: PhoneKind
) -> None:
    assert check_phone(text) == Phone(text, value, kind=kind)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Fault.EMPTY),
        ("86382345", Fault.NO_AREA_CODE),
        ("12800138000", Fault.PATTERN),
        ("138001380001", Fault.PATTERN),
        ("1380013800", Fault.PATTERN),
        ("无", Fault.CHARACTERS),
        ("١٣٨٠٠١٣٨٠٠٠", Fault.CHARACTERS),
    ],
)
def test_each_fault_of_a_phone_number_is_named(text: str, problem: Fault) -> None:
    assert check_phone(text).problems == (problem,)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("13800138000、0595-86382345", ["13800138000", "0595-86382345"]),
        ("13800138000/13900139000；12345", ["13800138000", "13900139000", "12345"]),
        ("13800138000 13900139000", ["13800138000", "13900139000"]),
        ("138 0013 8000", ["13800138000"]),
        ("13800138000,不详", ["13800138000", "不详"]),
        (" ", []),
    ],
)
def test_several_numbers_in_one_field_are_told_apart(text: str, values: list[str]) -> None:
    assert [phone.value for phone in check_phones(text)] == values


@pytest.mark.parametrize(
    "text", ["闽C12345", "闽C·1234A", "闽c 1a2b3", "闽CD12345", "闽CF12345", "闽C1234警", "闽C12345D"]
)
def test_plates_of_ordinary_and_new_energy_cars(text: str) -> None:
    assert check_plate(text).ok, text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Fault.EMPTY),
        ("闽C1234", Fault.LENGTH),
        ("C123456", Fault.PATTERN),
        ("闽C1234I", Fault.PATTERN),
        ("闽CZ12345", Fault.PATTERN),
        ("闽C123456", Fault.PATTERN),
    ],
)
def test_each_fault_of_a_plate_is_named(text: str, problem: Fault) -> None:
    assert check_plate(text).problems == (problem,)


def test_postcodes_have_six_digits() -> None:
    assert check_postcode("３６２３００").value == "362300"
    assert check_postcode("010000").ok
    assert check_postcode("36230").problems == (Fault.LENGTH,)
    assert check_postcode("36230O").problems == (Fault.CHARACTERS,)
    assert check_postcode("000000").problems == (Fault.PATTERN,)


def test_every_fault_has_a_sentence_in_both_languages() -> None:
    assert all(fault.zh and fault.en for fault in Fault)
    assert len({fault.zh for fault in Fault}) == len(Fault)


def test_a_verdict_does_not_show_the_identifier_when_it_is_printed() -> None:
    assert "1949" not in repr(check_citizen_number(GENUINE, today=TODAY))
    assert "0013" not in repr(check_phone("13800138000"))


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("阿卜杜拉·买买提", "阿*******"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_a_masked_name_keeps_the_surname(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked", "last_only"),
    [
        ("35058319900101002X", "350583********002X", "**************002X"),
        ("35058319900101002x", "350583********002X", "**************002X"),
        ("350583900101002", "350583*****1002", "***********1002"),
        ("3505831990", "**********", "**********"),
        ("", "", ""),
    ],
)
def test_a_masked_citizen_number_keeps_its_ends(number: str, masked: str, last_only: str) -> None:
    assert mask_citizen_number(number) == masked
    assert mask_citizen_number(number, last_only=True) == last_only


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("0595-86382345", "0595-****2345"),
        ("0595-86382345转801", "0595-****2345-801"),
        ("86382345", "****2345"),
        ("12345", "12345"),
        ("13812345678、0595-86382345", "138****5678、0595-****2345"),
        ("张三家隔壁", "*****"),
        ("", ""),
    ],
)
def test_a_masked_phone_number_hides_four_digits(text: str, masked: str) -> None:
    assert mask_phone(text) == masked
