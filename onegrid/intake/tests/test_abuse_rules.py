"""What counts as abuse, on plain values: how many, which texts are one, and what says nothing."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.intake.rules import reasons
from onegrid.intake.rules.abuse import (
    DAY,
    HOUR,
    Question,
    Sending,
    empty,
    held,
    is_empty,
    questions,
    reporter_of,
    text_of,
)
from onegrid.intake.rules.policy import PUBLIC_LIMITS, WORKER_LIMITS, Limits
from onegrid.intake.rules.reports import Channel, Reporter, ReportIn

SENTENCE = "水头街与官桥街路口的红绿灯坏了三天没人修"
LONG = "我家楼下的烧烤摊每天晚上营业到两点多，油烟很大，孩子没法睡觉，请有关部门尽快来处理一下"


def sent(at: float, *marks: int, limit: int = 3, window: timedelta = HOUR, exempt: bool = False) -> Sending:
    asked = tuple(Question(mark, window, limit, reasons.ManyFromReporter) for mark in marks)
    return Sending(at, asked, exempt)


def which(sendings: list[Sending], before: dict[int, list[float]] | None = None) -> list[bool]:
    return [each is not None for each in held(sendings, before or {}, count_to=1000)]


def said(**fields: Any) -> ReportIn:
    return ReportIn(channel=fields.pop("channel", Channel.PUBLIC), external_id="1", **fields)


def test_the_reports_beyond_the_limit_wait_and_those_of_others_do_not() -> None:
    assert which([sent(0, 1)] * 5 + [sent(0, 2)]) == [False, False, False, True, True, False]


def test_when_the_window_is_over_the_next_report_is_believed_again() -> None:
    assert which([sent(float(at), 1) for at in (0, 10, 20, 30, 3600, 3611, 3621)]) == (
        [False, False, False, True, True, True, True]
    )
    assert which([sent(0, 1)] * 9 + [sent(3600, 1)])[-1] is False


def test_a_danger_to_life_never_waits_but_counts() -> None:
    row = [sent(0, 1, exempt=True)] * 5 + [sent(0, 1)]
    assert which(row) == [False] * 5 + [True]


def test_the_reason_names_how_many_came_in_which_window() -> None:
    (*_, refusal) = held([sent(0, 1, window=DAY)] * 8, {}, count_to=5)
    assert refusal is not None
    assert refusal.params == {"count": 5, "limit": 3, "hours": 24}
    assert "24 小时内已有 5 条" in refusal.message("zh")


@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(0, 9_000), st.booleans()), max_size=60),
    st.integers(0, 60),
    st.integers(3, 8),
)
def test_a_batch_counts_as_its_parts_do(rows: list[tuple[int, float, bool]], cut: int, count_to: int) -> None:
    batch = [sent(at, mark, exempt=exempt) for mark, at, exempt in rows]
    whole = held(batch, {}, count_to=count_to)
    head, tail = batch[:cut], batch[cut:]
    before = {mark: kept(mark, head, tail, count_to) for mark in range(4)}
    parts = held(head, {}, count_to=count_to) + held(tail, before, count_to=count_to)
    assert [each and each.params for each in whole] == [each and each.params for each in parts]


def kept(mark: int, head: list[Sending], tail: list[Sending], count_to: int) -> list[float]:
    """What the database answers about a mark: all within the time of the batch, the last ones before it."""
    seen = sorted(each.at for each in head if mark in each.marks)
    first = min((each.at for each in tail), default=0.0)
    within = [at for at in seen if at > first]
    return [at for at in seen if at <= first][-count_to:] + within


def test_ten_thousand_reports_of_one_sender_are_counted_without_comparing_each_with_each() -> None:
    assert sum(which([sent(i / 100, 1) for i in range(10_000)])) == 10_000 - 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (SENTENCE, "  水头街与官桥街，路口的红绿灯——坏了三天没人修！！！😡😡 ", True),
        ("RUBBISH on Main Street", "ｒｕｂｂｉｓｈ on main street", True),
        ("太吵了啊啊啊啊啊啊", "太吵了啊", True),
        ("3号楼门口垃圾成堆", "5号楼门口垃圾成堆", False),
        (LONG, LONG + "。谢", True),
        (LONG, LONG.replace("两点", "2点"), False),
        (LONG, "小区北门外的共享单车堆得到处都是，占了盲道，老人过不去，请有关部门尽快来处理一下", False),
        ("火", "水", False),
    ],
)
def test_texts_are_one_when_only_their_dress_differs(one: str, other: str, same: bool) -> None:
    assert (text_of(one).mark == text_of(other).mark) is same


@given(st.text(alphabet="abc路灯坏了12", max_size=60), st.integers(0, 60), st.sampled_from("!，。 😀\n…"))
def test_punctuation_and_emoji_anywhere_make_no_other_text(text: str, at: int, sign: str) -> None:
    assert text_of(text[:at] + sign + text[at:]).mark == text_of(text).mark


@given(st.text(max_size=400))
def test_every_text_can_be_counted(text: str) -> None:
    counted = text_of(text)
    assert bool(counted.mark) == bool(counted.length)
    assert is_empty(text) or counted.length


def test_a_text_of_a_hundred_kilobytes_is_counted_too() -> None:
    assert text_of("路灯坏了" * 10_000).length == 40_000


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("", True), ("。。。！！", True), ("😀😀😀", True), ("啊啊啊啊啊", True), ("111111", True),
        ("\u200b\n", True),
        ("火", False), ("救救", False), ("停水", False), ("SOS", False), ("！" * 500 + "漏水", False),
    ],
)  # fmt: skip
def test_a_text_says_nothing_without_letters_or_with_one_drawn_out(text: str, nothing: bool) -> None:
    assert is_empty(text) is nothing


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"photos": ("black",)}, reasons.BlankPhotos),
        ({"photos": ("black", "white"), "class_code": "E0102", "description": "……"}, reasons.BlankPhotos),
        ({"photos": ("black", "street")}, None),
        ({"photos": ("black",), "description": "路灯坏了"}, None),
        ({"photos": ("black",), "form": {"amount": 3}}, None),
        ({"photos": ("black",), "channel": Channel.DEVICE}, None),
        ({"description": "😀😀😀"}, reasons.NothingReadable),
        ({"description": "。", "class_code": "E0102"}, None),
        ({"class_code": "E0102"}, None),
    ],
)
def test_a_report_of_blank_photos_or_signs_alone_says_nothing(
    fields: dict[str, Any], reason: type[object] | None
) -> None:
    found = empty(said(**fields), blank={"black", "white"}.__contains__)
    assert (type(found) if found else None) is reason


def test_a_reporter_is_the_account_or_else_the_phone() -> None:
    report = said(reporter=Reporter("张三", "+86 138-0000-0000"))
    assert reporter_of(report, account="a", stands_in=False) == "account a"
    assert reporter_of(report, account="a", stands_in=True) == "phone 13800000000"
    assert reporter_of(said(reporter=Reporter("李四", "13800000000")), account="", stands_in=False) == (
        "phone 13800000000"
    )
    assert reporter_of(said(), account="a", stands_in=True) == ""


def asked(report: ReportIn, limits: Limits = PUBLIC_LIMITS, *, has_place: bool = False) -> list[object]:
    found = questions(report, limits, reporter="me", has_place=has_place, mark_of=lambda *words: hash(words))
    return [each.reason for each in found]


def test_the_same_sentence_from_many_counts_only_where_no_place_is_given() -> None:
    assert reasons.SameTextOfMany in asked(said(description=SENTENCE))
    assert reasons.SameTextOfMany not in asked(said(description=SENTENCE), has_place=True)
    assert reasons.SameTextOfMany not in asked(said(description="停水了"))
    assert reasons.SameTextOfMany not in asked(said(description=SENTENCE), WORKER_LIMITS)


def test_a_channel_without_limits_asks_nothing() -> None:
    assert asked(said(description=SENTENCE, sender_device="d"), Limits()) == []
