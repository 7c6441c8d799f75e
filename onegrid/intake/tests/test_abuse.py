"""Reports that look like abuse wait for a person, none is lost, and no danger to life ever waits."""

import io
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from onegrid.accounts.rules import SYSTEM
from onegrid.cases import actions as cases
from onegrid.intake import actions, queries
from onegrid.intake.models import ChannelPolicyRow, Report, SentMark
from onegrid.intake.rules.policy import ChannelPolicy, Limits, Route
from onegrid.intake.rules.pool import Onboarding
from onegrid.intake.rules.reports import Channel, Outcome, OutcomeKind, Reporter, ReportIn
from onegrid.intake.tests.factories import COUNTY, NOW, Staff, citizen, clerk_of, receive, report
from onegrid.intake.tests.test_batches import plain, undone

FEW = Limits(reporter_hourly=3, reporter_daily=4, device_hourly=5, same_text_daily=2, crowd_hourly=3)
SENTENCE = "水头街与官桥街路口的红绿灯坏了三天没人修"
NOWHERE: dict[str, Any] = {"lng": None, "lat": None, "system": None}


def resident(n: int, **fields: Any) -> ReportIn:
    """A resident's report of a matter of its own: another text, another place."""
    usual = {"north_m": 100 * (n % 5), "description": f"垃圾成堆，第{n}处"}
    return report(channel=Channel.PUBLIC, **{**usual, **fields})


def reasons(outcomes: list[Outcome]) -> list[str]:
    return [outcome.reason.removeprefix("intake.") for outcome in outcomes]


@pytest.fixture
def few(world: Staff) -> Staff:
    """Residents' reports open cases by themselves, but only few of each are believed."""
    policy = ChannelPolicy(Channel.PUBLIC, Route.OPEN, repeat_limit=0, limits=FEW)
    actions.set_channel_policy(policy, by=SYSTEM, now=NOW)
    return world


def test_a_resident_who_reports_without_pause_waits_and_is_believed_again_later(few: Staff) -> None:
    me = citizen()
    first = receive([resident(n) for n in range(5)], by=me)
    assert reasons(first) == ["", "", "", "many-from-reporter", "many-from-reporter"]
    assert {outcome.kind for outcome in first[3:]} == {OutcomeKind.POOLED}
    assert "1 小时内已有 3 条" in first[3].reason_zh
    assert reasons(receive([resident(6)], by=citizen())) == [""]
    hour = NOW + timedelta(hours=1)
    (later,) = receive([resident(7)], by=me, now=hour)
    assert "24 小时内已有 5 条" in later.reason_zh
    assert reasons(receive([resident(8)], by=me, now=hour + timedelta(days=1))) == [""]


def test_an_hour_named_by_the_sender_does_not_help_a_resident(few: Staff) -> None:
    batch = [resident(n, reported_at=NOW - timedelta(hours=2 * n)) for n in range(5)]
    assert reasons(receive(batch, by=citizen()))[3:] == ["many-from-reporter"] * 2


def test_a_phone_counts_for_its_owner_where_a_desk_or_machine_passes_reports_on(few: Staff) -> None:
    desk = clerk_of(COUNTY)
    calls = [resident(n, reporter=Reporter("", f"1380000000{n}")) for n in range(6)]
    assert reasons(receive(calls, by=desk)) == [""] * 6
    same = [resident(n, reporter=Reporter("张三", "+86 139 0000 0000")) for n in range(6, 10)]
    assert reasons(receive(same, by=SYSTEM)) == ["", "", "", "many-from-reporter"]
    assert reasons(receive([resident(11)] * 1 + [resident(n) for n in range(12, 18)], by=desk)) == [""] * 7


def test_one_device_under_many_accounts_is_found_out_and_stored_as_a_keyed_hash_only(few: Staff) -> None:
    outcomes = [receive([resident(n, sender_device="phone-1234")], by=citizen())[0] for n in range(6)]
    assert reasons(outcomes) == [""] * 5 + ["many-from-device"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM intake_report r WHERE r::text LIKE '%phone-1234%'")
        assert cursor.fetchone() == (0,)


def test_the_same_text_again_and_again_waits_wherever_it_is_said_to_be(few: Staff) -> None:
    texts = ["垃圾没人管", "垃圾，没人管！", "垃圾没人管😡"]
    outcomes = receive([resident(n, description=text) for n, text in enumerate(texts)], by=citizen())
    assert reasons(outcomes) == ["", "", "same-text-again"]


def test_many_honest_people_with_one_text_at_one_place_become_one_case(few: Staff) -> None:
    outcomes = [receive([resident(0, description=SENTENCE)], by=citizen())[0] for _ in range(8)]
    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.OPENED] + [OutcomeKind.JOINED] * 7


def test_many_with_one_sentence_and_no_place_wait_with_that_reason(few: Staff) -> None:
    outcomes = [receive([resident(0, description=SENTENCE, **NOWHERE)], by=citizen())[0] for _ in range(5)]
    assert reasons(outcomes) == ["place-unknown"] * 3 + ["same-text-of-many"] * 2
    short = [receive([resident(0, description="停水了", **NOWHERE)], by=citizen())[0] for _ in range(5)]
    assert set(reasons(short)) == {"place-unknown"}


def test_a_danger_to_life_passes_however_many_came_before(few: Staff) -> None:
    me = citizen()
    receive([resident(n) for n in range(9)], by=me)
    (danger,) = receive([resident(0, description="垃圾堆着火了，有人被困")], by=me)
    assert danger.kind in {OutcomeKind.OPENED, OutcomeKind.JOINED}
    again = receive([resident(0, description="垃圾堆着火了，有人被困")] * 1 + [
        resident(0, description="垃圾堆着火了，有人被困") for _ in range(5)
    ], by=me)  # fmt: skip
    assert OutcomeKind.POOLED not in {outcome.kind for outcome in again}


def test_a_held_report_sent_again_gets_the_same_outcome_and_does_not_count_twice(few: Staff) -> None:
    me, batch = citizen(), [resident(n, sender_device="a") for n in range(4)]
    *_, held = receive(batch, by=me)
    marks = SentMark.objects.count()
    again = receive([*batch, *batch], by=me)
    assert {each.kind for each in again} == {OutcomeKind.REPEATED}
    assert (again[3].first, again[3].reason, again[3].reason_zh) == (
        OutcomeKind.POOLED, held.reason, held.reason_zh,
    )  # fmt: skip
    assert SentMark.objects.count() == marks
    assert Report.objects.count() == 4


def test_the_same_report_from_another_device_is_the_same_sending(few: Staff) -> None:
    me = citizen()
    first = resident(1, external_id="one", sender_device="phone")
    second = resident(1, external_id="one", sender_device="tablet")
    assert receive([second], by=me)[0].kind is OutcomeKind.OPENED
    assert receive([first], by=me)[0].kind is OutcomeKind.REPEATED


def test_the_desk_sees_why_a_report_is_held_and_may_take_it_up(few: Staff) -> None:
    *_, held = receive([resident(n) for n in range(4)], by=citizen())
    desk = clerk_of(COUNTY)
    (waiting,) = queries.pool(desk).items
    assert (waiting.report_id, waiting.reason) == (held.report_id, "intake.many-from-reporter")
    (outcome,) = actions.onboard([Onboarding(held.report_id)], by=desk, now=NOW)
    assert outcome.kind in {OutcomeKind.OPENED, OutcomeKind.JOINED}


def test_a_table_of_last_year_is_history_and_no_abuse(few: Staff) -> None:
    past = NOW - timedelta(days=300)
    calls = [resident(n, reporter=Reporter("", "13900000000"), reported_at=past) for n in range(9)]
    assert set(reasons(receive(calls, by=SYSTEM))) == {""}
    assert not SentMark.objects.exists()


def test_departments_and_devices_have_no_limits_and_leave_no_marks(world: Staff) -> None:
    batch = [
        report(channel=channel, sender_device="x", reporter=Reporter("", "13900000000"))
        for channel in (Channel.DEPARTMENT, Channel.DEVICE)
        for _ in range(20)
    ]
    assert OutcomeKind.POOLED not in {outcome.kind for outcome in receive(batch)}
    assert not SentMark.objects.exists()


def test_a_worker_on_a_busy_round_is_believed(world: Staff) -> None:
    outcomes = receive([report(north_m=5 * n) for n in range(100)], by=world.actor("lin"))
    assert OutcomeKind.POOLED not in {outcome.kind for outcome in outcomes}


def test_marks_are_forgotten_after_two_days(few: Staff) -> None:
    receive([resident(1)], by=citizen())
    assert actions.forget_marks(now=NOW + timedelta(days=2)) == 0
    assert actions.forget_marks(now=NOW + timedelta(days=2, seconds=1)) == 2
    assert not SentMark.objects.exists()


def photo(colour: str) -> str:
    out = io.BytesIO()
    picture = Image.new("RGB", (64, 48), colour)
    if colour == "white":
        picture.paste("black", (0, 0, 32, 48))
    picture.save(out, "JPEG")
    upload = SimpleUploadedFile("photo.jpg", out.getvalue())
    return cases.store_evidence(upload, by=SYSTEM, now=NOW).sha


@pytest.mark.usefixtures("storage")
def test_blank_photos_without_a_word_wait_and_photos_that_show_something_do_not(few: Staff) -> None:
    black, shows = photo("black"), photo("white")
    batch = [
        resident(1, description="", photos=(black,)),
        resident(2, description="", photos=(black, shows)),
        resident(3, photos=(black,)),
        resident(4, description="", photos=("0" * 64,)),
    ]
    outcomes = [receive([each], by=citizen())[0] for each in batch]
    assert reasons(outcomes) == ["blank-photos", "", "", ""]


def test_signs_and_emoji_alone_wait(few: Staff) -> None:
    batch = [resident(1, description=text, class_code=None) for text in ("😀😀😀", "……", "啊啊啊啊")]
    assert set(reasons([receive([each], by=citizen())[0] for each in batch])) == {"nothing-readable"}


def test_ten_thousand_identical_reports_in_one_batch_are_one_case_and_a_heap_that_waits(few: Staff) -> None:
    outcomes = receive([resident(0, description=SENTENCE) for _ in range(10_000)], by=citizen())
    assert reasons(outcomes[:3]) == ["", "", "same-text-again"]
    assert sum(outcome.kind is OutcomeKind.POOLED for outcome in outcomes) == 9_998
    assert Report.objects.count() == 10_000


def test_counting_costs_a_resident_s_report_one_statement_more(
    few: Staff, django_assert_max_num_queries: object
) -> None:
    receive([resident(0)], by=citizen())
    with django_assert_max_num_queries(13):  # type: ignore[operator]
        receive([resident(1, sender_device="d")], by=citizen())


def test_a_site_s_limits_are_kept_beside_the_other_settings_of_the_channel(few: Staff) -> None:
    assert queries.policies()[Channel.PUBLIC].limits == FEW
    assert ChannelPolicyRow.objects.get(channel="public").crowd_hourly == 3


rows = st.tuples(
    st.integers(0, 2), st.sampled_from(["", "a", "b"]),
    st.sampled_from([SENTENCE, "垃圾成堆", "着火了", "。"]), st.booleans(), st.integers(0, 90),
)  # fmt: skip


def sent(n: int, row: tuple[int, str, str, bool, int]) -> ReportIn:
    who, device, text, placed, minutes = row
    return resident(
        n, reporter=Reporter("", f"1390000000{who}"), sender_device=device, description=text,
        reported_at=NOW - timedelta(minutes=minutes), **({} if placed else NOWHERE),
    )  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(rows, min_size=1, max_size=24), cuts=st.sets(st.integers(1, 23), max_size=3))
def test_a_batch_is_its_parts_in_order(few: Staff, found: list[Any], cuts: set[int]) -> None:
    batch = [sent(n, row) for n, row in enumerate(found)]
    edges = [0, *sorted(cut for cut in cuts if cut < len(batch)), len(batch)]
    parts = [batch[start:end] for start, end in pairwise(edges)]
    whole = undone(lambda: receive(batch))
    pieces = undone(lambda: [outcome for part in parts for outcome in receive(part)])
    assert plain(whole) == plain(pieces)
    assert [each.reason_zh for each in whole] == [each.reason_zh for each in pieces]
