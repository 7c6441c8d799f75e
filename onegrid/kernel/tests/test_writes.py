"""Set-based writes, stamps, ids, protected values."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onegrid.kernel import bulk, crypto, stamps
from onegrid.kernel.ids import ids_at, new_id, new_ids
from onegrid.kernel.prepared import Prepared
from onegrid.kernel.stamps import Cached


def test_ids_are_version_7_unique_and_growing() -> None:
    ids = [*new_ids(5000), new_id()]
    assert ids == sorted(set(ids))
    assert {each.version for each in ids} == {7}
    assert {each.variant for each in ids} == {"specified in RFC 4122"}


def test_ids_keep_growing_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    monkeypatch.setattr("onegrid.kernel.ids._wall_milliseconds", lambda: 1_000_000_000_000)
    assert new_id() > before


def test_ids_of_a_past_moment_carry_that_moment() -> None:
    moment = datetime(2015, 1, 1, 0, 20, 9, tzinfo=UTC)
    ids = ids_at(moment, 1000)
    assert len(set(ids)) == 1000
    assert {each.int >> 80 for each in ids} == {int(moment.timestamp() * 1000)}


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 1, 49, 50, 500])
def test_few_rows_and_many_rows_are_written_alike(count: int) -> None:
    rows = [(f"name\t\\{n}\n'", n) for n in range(count)]
    assert bulk.insert("kernel_stamp", ["name", "value"], rows) == count
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, value FROM kernel_stamp ORDER BY value")
        assert cursor.fetchall() == rows


@pytest.mark.django_db
def test_small_writes_together_are_one_round_trip_in_the_order_made(
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(1), bulk.together():
        bulk.insert("kernel_stamp", ["name", "value"], [("a; 100 %s", 1)])
        bulk.run("UPDATE kernel_stamp SET value = value + %s WHERE name = %s", [1, "a; 100 %s"])
        with bulk.together():
            bulk.insert("kernel_stamp", ["name", "value"], [("b", 3), ("c", 4)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, value FROM kernel_stamp ORDER BY value")
        assert cursor.fetchall() == [("a; 100 %s", 2), ("b", 3), ("c", 4)]


@pytest.mark.django_db
def test_after_an_error_nothing_of_the_block_is_sent() -> None:
    with pytest.raises(ZeroDivisionError), bulk.together():
        bulk.insert("kernel_stamp", ["name", "value"], [("a", 1)])
        raise ZeroDivisionError
    bulk.insert("kernel_stamp", ["name", "value"], [("b", 2)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM kernel_stamp")
        assert cursor.fetchall() == [("b",)]


@pytest.mark.django_db
def test_many_rows_keep_their_place_among_small_writes() -> None:
    with bulk.together():
        bulk.insert("kernel_stamp", ["name", "value"], [("first", 1)])
        bulk.insert("kernel_stamp", ["name", "value"], [(str(n), n) for n in range(30)])
        bulk.run("DELETE FROM kernel_stamp WHERE name <> %s", ["first"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM kernel_stamp")
        assert cursor.fetchall() == [("first",)]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [2, 500])
def test_few_rows_and_many_rows_break_a_constraint_with_the_same_error(count: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert("kernel_stamp", ["name", "value"], [("twice", n) for n in range(count)])


@pytest.mark.django_db
def test_one_update_changes_each_row_to_its_own_value() -> None:
    bulk.insert("kernel_stamp", ["name", "value"], [(str(n), n) for n in range(50)])
    changed = bulk.update(
        "kernel_stamp", ("name", "text"), [("value", "bigint")], [(str(n), n * n) for n in range(10, 60)]
    )
    assert changed == 40
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM kernel_stamp WHERE name IN ('9', '10', '49') ORDER BY value")
        assert cursor.fetchall() == [(9,), (100,), (2401,)]


@pytest.mark.django_db
@given(
    texts=st.lists(st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))),
    numbers=st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)),
    moments=st.lists(st.datetimes(datetime.fromisoformat("1990-01-01"), timezones=st.just(UTC))),
    raw=st.lists(st.binary()),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_an_array_literal_holds_what_was_put_in(
    texts: list[str | None], numbers: list[int | None], moments: list[datetime], raw: list[bytes]
) -> None:
    given: list[list[Any]] = [texts, numbers, moments, raw, [UUID(int=7)], [True, None], [0.1]]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s::text[], %s::bigint[], %s::timestamptz[], %s::bytea[], %s::uuid[], %s::boolean[],"
            " %s::float8[]",
            [bulk.array(each) for each in given],
        )
        found = cursor.fetchone()
    assert list(found) == given


@pytest.mark.django_db
def test_a_cached_value_is_loaded_again_after_a_bump_and_not_before() -> None:
    loads: list[int] = []

    def load() -> int:
        loads.append(1)
        return len(loads)

    cached = Cached("thing", load)
    assert [cached.get(), cached.get()] == [1, 1]
    stamps.bump("thing")
    assert cached.get() == 2
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        stamps.bump("thing")
        assert cached.get() == 3
        1 / 0  # noqa: B018
    stamps.bump("thing")
    assert cached.get() == 4


@pytest.mark.django_db
def test_stamps_are_read_once_inside_a_pinned_block(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1), stamps.pinned():
        stamps.current()
        stamps.current()


@pytest.mark.parametrize("suite", ["international", "national"])
@given(text=st.text())
def test_a_protected_text_comes_back_and_never_looks_the_same(suite: str, text: str) -> None:
    from django.test import override_settings

    with override_settings(CRYPTO_SUITE=suite):
        one, other = crypto.protect(text), crypto.protect(text)
        assert one != other
        assert crypto.reveal(one) == crypto.reveal(other) == text
        assert crypto.lookup_digest(text) == crypto.lookup_digest(text)


def test_a_protected_text_with_a_flipped_bit_is_refused() -> None:
    value = bytearray(crypto.protect("13900000000"))
    value[-1] ^= 1
    with pytest.raises(crypto.DataKeyUnreadable):
        crypto.reveal(bytes(value))


def test_sm3_gives_the_standards_own_vector() -> None:
    assert crypto.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_an_id_is_a_plain_uuid() -> None:
    assert isinstance(new_id(), UUID)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    text=st.text(st.characters(exclude_characters="\0", codec="utf-8")),
    number=st.integers(-(2**62), 2**62),
)
def test_a_small_write_keeps_any_text_and_number(text: str, number: int) -> None:
    with transaction.atomic():
        bulk.insert("kernel_stamp", ["name", "value"], [(text, number)])
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, value FROM kernel_stamp")
            assert cursor.fetchall() == [(text, number)]
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_small_write_keeps_every_type_as_a_large_one_does() -> None:
    row = (
        new_id(), 3, "case", "open", datetime(2026, 11, 24, 8, 0, 0, 5, tzinfo=UTC), None, new_id(),
        "it's \\ %s", "{}", datetime(2026, 11, 24, tzinfo=UTC), b"\x00'\\\xff",
    )  # fmt: skip
    columns = ["subject_id", "seq", "subject_kind", "verb", "at", "account_id", "post_id", "by_label", "body",
               "recorded_at", "digest"]  # fmt: skip
    many = [(new_id(), *row[1:]) for _ in range(40)]
    assert bulk.insert("kernel_trail", columns, [row]) + bulk.insert("kernel_trail", columns, many) == 41
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT {', '.join(columns[1:])} FROM kernel_trail")
        ((*shared, digest),) = cursor.fetchall()
    assert (*shared, bytes(digest)) == row[1:]


@pytest.mark.django_db
def test_a_text_that_no_database_can_keep_is_refused_in_a_small_write() -> None:
    with pytest.raises(DataError):
        bulk.insert("kernel_stamp", ["name", "value"], [("a\0b", 1)])


@pytest.mark.django_db
def test_a_prepared_statement_is_planned_once_and_answers_each_time(django_assert_num_queries: Any) -> None:
    bulk.insert("kernel_stamp", ["name", "value"], [("a", 1), ("b", 2)])
    found = Prepared(
        "test_stamp", "SELECT value FROM kernel_stamp WHERE name = ANY(%s::text[]) ORDER BY value"
    )
    with django_assert_num_queries(2):
        assert found.rows([bulk.array(["a", "b"])]) == [(1,), (2,)]
    with django_assert_num_queries(1):
        assert found.rows([bulk.array(["b"])]) == [(2,)]


@pytest.mark.django_db
def test_a_prepared_statement_outlives_the_transaction_that_first_used_it() -> None:
    found = Prepared("test_one", "SELECT %s::int + 1")
    with transaction.atomic():
        assert found.rows([1]) == [(2,)]
        transaction.set_rollback(True)
    assert found.rows([2]) == [(3,)]
