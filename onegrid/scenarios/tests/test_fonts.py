"""A PDF is set in a Chinese font, or not at all."""

import io
from typing import Any

import pytest
import typst
from pypdf import PdfReader

from onegrid.scenarios.queries.handbooks.fonts import chinese, shipped
from onegrid.scenarios.queries.handbooks.pdf import as_pdf
from onegrid.scenarios.rules.refusals import NoChineseFont
from onegrid.scenarios.tests.books import book


def test_the_requirements_bring_a_chinese_font() -> None:
    assert chinese(shipped()) == "Noto Sans CJK SC"


def test_without_a_chinese_font_nothing_is_printed() -> None:
    latin = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    with pytest.raises(NoChineseFont) as refused:
        as_pdf(book("guide", "illegal-construction"), fonts=latin)
    assert "没有中文字体" in refused.value.message("zh")


def test_the_font_is_embedded_in_the_pdf() -> None:
    pdf = PdfReader(io.BytesIO(as_pdf(book("guide", "illegal-construction"))))
    resources: Any = pdf.pages[0]["/Resources"]
    fonts = [font.get_object() for font in resources["/Font"].values()]
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "NotoSansCJK" in inner["/FontName"]
        assert "/FontFile2" in inner or "/FontFile3" in inner
