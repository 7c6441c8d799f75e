"""Words of notices, quiet hours, recipients."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.kernel.ids import AccountId, PostId
from onegrid.notices import queries, rules
from onegrid.notices.rules import BadTemplate, QuietHours, Telling, Words

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = QuietHours.parse("22:00", "07:00")

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 366 * 86_400_000_000).map(lambda us: BEGIN + timedelta(microseconds=us))
quiet_hours = st.builds(QuietHours, st.times(), st.times())


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("told", "appears"),
    [
        ("2026-11-24 09:30", "2026-11-24 09:30"),
        ("2026-11-24 21:59", "2026-11-24 21:59"),
        ("2026-11-24 22:00", "2026-11-25 07:00"),
        ("2026-11-24 23:59", "2026-11-25 07:00"),
        ("2026-11-25 00:00", "2026-11-25 07:00"),
        ("2026-11-25 06:59", "2026-11-25 07:00"),
        ("2026-11-25 07:00", "2026-11-25 07:00"),
        ("2026-12-31 23:00", "2027-01-01 07:00"),
    ],
)
def test_what_is_told_at_night_appears_in_the_morning(told: str, appears: str) -> None:
    assert NIGHT.over(local(told), zone=SHANGHAI) == local(appears)


@pytest.mark.parametrize(
    ("urgent", "needed_by", "at_once"),
    [
        (False, None, False),
        (True, None, True),
        (False, "2026-11-25 06:00", True),  # due before the morning
        (False, "2026-11-25 07:00", True),
        (False, "2026-11-25 07:01", False),
        (False, "2026-11-24 22:30", True),  # overdue already
    ],
)
def test_what_cannot_wait_for_the_morning_appears_at_once(
    urgent: bool, needed_by: str | None, at_once: bool
) -> None:
    at, morning = local("2026-11-24 23:00"), local("2026-11-25 07:00")
    telling = Telling(
        "k", "t", {}, to_reporter="r", urgent=urgent, needed_by=local(needed_by) if needed_by else None
    )
    assert rules.appears(telling, at=at, morning=morning) == (at if at_once else morning)


@given(moments, quiet_hours)
def test_a_notice_never_appears_before_it_is_told_nor_in_quiet_hours_nor_after_a_day(
    at: datetime, quiet: QuietHours
) -> None:
    after = quiet.over(at, zone=SHANGHAI)
    assert at <= after < at + timedelta(days=1)
    assert quiet.over(after, zone=SHANGHAI) == after


@given(moments, st.times())
def test_equal_ends_mean_no_quiet_hours(at: datetime, end: time) -> None:
    assert QuietHours(end, end).over(at, zone=SHANGHAI) == at


def test_a_telling_has_exactly_one_recipient() -> None:
    post, account = PostId(uuid4()), AccountId(uuid4())
    Telling("k", "task-main", {}, to_post=post)
    with pytest.raises(ValueError, match="exactly one recipient"):
        Telling("k", "task-main", {}, to_post=post, to_account=account)
    with pytest.raises(ValueError, match="exactly one recipient"):
        Telling("k", "task-main", {})


def test_every_template_says_the_same_in_both_languages() -> None:
    templates = queries.templates()
    assert len(templates) >= 25
    for template in templates.values():
        for words in (template.title, template.body):
            assert words.zh.strip()
            assert words.en.strip()
            assert words.slots == Words(words.en, words.zh).slots


def test_no_template_for_a_reporter_names_who_works_or_who_else_reported() -> None:
    allowed = {"number", "place", "due", "reason", "answer", "text"}
    for key, template in queries.templates().items():
        if key.startswith("reporter-"):
            assert template.parameters <= allowed, key


def test_times_are_shown_as_the_city_reads_them_and_what_is_absent_as_a_dash() -> None:
    words = Words("{place} {due:time} {by}", "{place} {due:time} {by}")
    values = {"place": "水头镇", "due": "2026-11-24T08:05:00Z", "by": None}
    assert rules.render(words, values, lang="zh", zone=SHANGHAI) == "水头镇 11月24日 16:05 —"
    assert rules.render(words, values, lang="en", zone=SHANGHAI) == "水头镇 24 Nov 16:05 —"
    moment = {"due": datetime(2026, 11, 24, 8, 5, tzinfo=UTC)}
    assert rules.render(Words("{due:time}", ""), moment, lang="zh", zone=SHANGHAI) == "11月24日 16:05"


def test_a_parameter_may_bring_both_languages() -> None:
    words = Words("{how}：{number}", "{how}: {number}")
    values = {"how": {"zh": "新任务", "en": "New task"}, "number": {"zh": "甲"}}
    assert rules.render(words, values, lang="zh", zone=SHANGHAI) == "新任务：甲"
    assert rules.render(words, values, lang="en", zone=SHANGHAI) == "New task: 甲"


def test_a_parameter_is_shown_as_it_is_and_never_read_as_a_template() -> None:
    words = Words("{text}", "{text}")
    assert rules.render(words, {"text": "{number} {0.__class__}"}, lang="zh", zone=SHANGHAI) == (
        "{number} {0.__class__}"
    )


@pytest.mark.parametrize(
    "document",
    [
        {"title": {"zh": "一", "en": "one"}},
        {"title": {"zh": "一"}, "body": {"zh": "二", "en": "two"}},
        {"title": {"zh": "{number}", "en": "number"}, "body": {"zh": "二", "en": "two"}},
        {"title": {"zh": "{due:time}", "en": "{due}"}, "body": {"zh": "二", "en": "two"}},
    ],
)
def test_a_template_that_lacks_a_language_or_a_parameter_is_refused(
    document: dict[str, dict[str, str]],
) -> None:
    with pytest.raises(BadTemplate):
        rules.read_template("x", document)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("林梅批示：请速办。。", "林梅批示：请速办。"),
        ("经踏勘不属实：", "经踏勘不属实"),
        ("办理结果：已清运 。", "办理结果：已清运。"),
        ("请抓紧，。", "请抓紧。"),
        ("太慢了！。", "太慢了！"),
        ("请在 11月24日 09:30 前反馈。 ", "请在 11月24日 09:30 前反馈。"),
        ("原因：（ 无 ）", "原因：（无）"),
        ("Done.. Next", "Done. Next"),
        ("Wait... and see", "Wait... and see"),
        ("Result: ", "Result"),
        ("为什么？？", "为什么？？"),
    ],
)
def test_a_sentence_has_no_doubled_marks_and_no_stray_spaces(raw: str, read: str) -> None:
    assert rules.tidy(raw) == read
    assert rules.tidy(read) == read


@given(st.text("，。：；！？、（）“” .a好1", max_size=30))
def test_tidying_keeps_every_word_and_is_done_once(raw: str) -> None:
    kept = rules.tidy(raw)
    letters = [one for one in raw if one.isalnum()]
    assert [one for one in kept if one.isalnum()] == letters
