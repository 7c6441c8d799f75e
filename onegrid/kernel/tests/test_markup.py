"""What is left of a text in XML."""

from xml.sax.saxutils import escape

from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from onegrid.kernel.markup import xml_text


@given(st.text())
def test_any_text_can_stand_in_xml(text: str) -> None:
    kept = xml_text(text)
    assert (fromstring(f"<a>{escape(kept)}</a>").text or "") == kept.replace("\r\n", "\n").replace("\r", "\n")


def test_only_what_xml_forbids_is_dropped() -> None:
    assert xml_text("两违\x00\x0b防治\t<&>\n𠮷") == "两违防治\t<&>\n𠮷"
