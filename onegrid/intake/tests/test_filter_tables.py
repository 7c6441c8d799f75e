"""Tables of a city's own system: both kinds are read, and what is wrong is said with file and line."""

from pathlib import Path

import pytest

from onegrid.intake.rules.filter.tables import Messages, NotATable, Stream, read

HEADINGS = "CASE_ENQUIRY_ID,OPEN_DT,TYPE,REASON,LATITUDE,LONGITUDE\n"
CASES = HEADINGS + "a,2025-01-02T08:00:00,灯,路,24.9,118.4\nb,2025-01-01T08:00:00,灯,路,24.9,118.4\n"
LINKS = "child_id,parent_id,relation\na,b,duplicate\na,z,duplicate\nb,a,followup\n"


def tables(cases: str = CASES, links: str = LINKS) -> list[tuple[str, bytes]]:
    return [("cases.csv", cases.encode()), ("links.csv", links.encode()), ("README.md", b"\xff")]


def refused(files: list[tuple[str, bytes]]) -> str:
    with pytest.raises(NotATable) as caught:
        read(files)
    return caught.value.message("zh")


def test_cases_come_in_order_of_time_with_the_pairs_declared() -> None:
    stream = read(tables())
    assert isinstance(stream, Stream)
    assert stream.matters.at[1] - stream.matters.at[0] == 86400
    assert stream.declared == {(0, 1)}


def test_messages_come_with_their_clusters() -> None:
    given = [
        ("m.csv", "id,time,title,text\n1,2025-01-01,路灯,不亮\n2,2025-01-02,桥,坏了\n".encode("utf-8-sig")),
        ("c.csv", b"message_id,cluster\n2,C1\n9,C1\n"),
    ]
    messages = read(given)
    assert isinstance(messages, Messages)
    assert messages.cluster == {1: "C1"} and len(messages.matters) == 2


def test_a_missing_heading_is_named() -> None:
    assert "LONGITUDE" in refused(tables(cases=CASES.replace("LONGITUDE", "LNG")))


def test_a_bad_time_is_told_with_file_and_line() -> None:
    assert "cases.csv:3" in refused(tables(cases=CASES.replace("2025-01-01T08:00:00", "昨天")))


def test_another_encoding_is_refused_by_name() -> None:
    files = tables()
    files[0] = ("cases.csv", CASES.encode("gb18030"))
    assert "cases.csv" in refused(files) and "UTF-8" in refused(files)


MESSAGES = Path(__file__).parents[4] / "shared" / "data" / "zh_civic"


@pytest.mark.skipif(not MESSAGES.exists(), reason="shared/data/zh_civic is not on this machine")
def test_a_real_citys_messages_are_read_with_their_clusters() -> None:
    names = ("messages.csv", "same_matter_dev.csv")
    messages = read([(name, (MESSAGES / name).read_bytes()) for name in names])
    assert isinstance(messages, Messages)
    assert messages.cluster and max(messages.cluster) < len(messages.matters)
    assert all(len(each) for each in messages.matters.words)
