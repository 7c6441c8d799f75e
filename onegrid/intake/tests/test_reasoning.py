"""Reasons in words: codes with values, both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.intake.rules.reasoning import WORDINGS, Reason, sentence, stored


def test_reasons_make_one_plain_sentence() -> None:
    reasons = [Reason("same-building"), Reason("hours-ago", 2), Reason("text-similar")]
    assert sentence(reasons, "zh") == "同一楼栋，2小时前，文字相似"
    assert sentence(reasons, "en") == "same building, 2 h ago, similar words"
    assert sentence([], "zh") == ""


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("near:35", "相距35米", "35 m apart"),
        ("near:0.2", "相距1米", "1 m apart"),
        ("near:1250", "相距1.2公里", "1.2 km apart"),
        ("hours-ago:0.5", "30分钟前", "30 min ago"),
        ("hours-ago:0", "1分钟前", "1 min ago"),
        ("hours-ago:47.4", "47小时前", "47 h ago"),
        ("hours-ago:72", "3天前", "3 days ago"),
        ("many-nearby:12", "附近同类上报12件", "12 like it nearby"),
        ("earlier-overdue", "前件已超时", "the earlier one is overdue"),
    ],
)
def test_values_are_said_as_people_say_them(text: str, zh: str, en: str) -> None:
    reason = Reason.parse(text)
    assert (str(reason), reason.say("zh"), reason.say("en")) == (text, zh, en)


@pytest.mark.parametrize("text", ["", "unheard-of", "near", "same-class:3", "near:far"])
def test_what_is_no_reason_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Reason.parse(text)


def test_a_reason_that_this_version_does_not_know_is_left_out_when_read() -> None:
    assert stored(["same-class", "of-a-later-version:1"]) == (Reason("same-class"),)


@given(st.sampled_from(sorted(WORDINGS)), st.floats(0, 1e5))
def test_every_reason_is_kept_and_read_alike_and_speaks_pure_chinese(code: str, value: float) -> None:
    reason = Reason(code, float(f"{value:g}")) if WORDINGS[code].valued else Reason(code)
    assert Reason.parse(str(reason)) == reason
    assert not any(letter.isascii() and letter.isalpha() for letter in reason.say("zh"))
    assert reason.say("en").isascii()
