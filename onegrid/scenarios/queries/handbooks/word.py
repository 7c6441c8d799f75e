"""A handbook as DOCX, for whoever goes on writing in it."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from onegrid.scenarios.queries.handbooks.pdf import as_png, page_pieces
from onegrid.scenarios.rules.handbook import (
    Block,
    Bullets,
    Facts,
    Figure,
    Handbook,
    Heading,
    Paragraph,
    Table,
)

_LATIN: Final = "Arial"
_CHINESE: Final = "微软雅黑"
_ROOM: Final = 17.4  # cm between the margins of an A4 page
_HIGH: Final = 23.0  # cm of a page that a picture may take
_MADE_AT: Final = datetime(2026, 1, 1)  # noqa: DTZ001 - python-docx wants it naive; the same book, the same bytes


def as_word(book: Handbook) -> bytes:
    """The handbook as a Word file. Raises NoChineseFont where a chart cannot be drawn."""
    word = Document()
    _page(word, book)
    heading = word.add_paragraph(style="Title")
    heading.add_run(book.title)
    _facts(word, book.meta, book)
    for block in book.blocks:
        _draw(word, block, book)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def _page(word: Word, book: Handbook) -> None:
    section = word.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin, section.bottom_margin = Cm(2), Cm(1.8)
    size = 15 if book.large else 10.5
    for name, points in (
        ("Normal", size), ("Title", size * 1.9), ("Heading 1", size * 1.35), ("Heading 2", size * 1.15),
        ("Heading 3", size * 1.05), ("List Bullet", size), ("List Number", size),
    ):  # fmt: skip
        _font(word.styles[name], points)
    word.styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    core = word.core_properties
    core.title, core.author, core.language = book.title, dict(book.meta).get("牵头单位", ""), "zh-CN"
    core.created = core.modified = _MADE_AT
    core.comments = ""
    _page_number(section.footer.paragraphs[0])


def _font(style: Any, points: float) -> None:
    style.font.size, style.font.name = Pt(points), _LATIN
    style.font.color.rgb = RGBColor(0x11, 0x11, 0x11)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    fonts.set(qn("w:eastAsia"), _CHINESE)
    tongue = OxmlElement("w:lang")
    tongue.set(qn("w:val"), "en-US")
    tongue.set(qn("w:eastAsia"), "zh-CN")
    style.element.get_or_add_rPr().append(tongue)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for before, field, after in (("第 ", "PAGE", " 页，"), ("共 ", "NUMPAGES", " 页")):
        paragraph.add_run(before)
        simple = OxmlElement("w:fldSimple")
        simple.set(qn("w:instr"), field)
        paragraph._p.append(simple)
        paragraph.add_run(after)


def _draw(word: Word, block: Block, book: Handbook) -> None:
    match block:
        case Heading(text, level):
            word.add_heading(text, level)
        case Paragraph(text, strong):
            word.add_paragraph().add_run(text).bold = strong
        case Bullets(items, numbered):
            _bullets(word, items, numbered=numbered)
        case Facts(rows):
            _facts(word, rows, book)
        case Table():
            _table(word, block, book)
        case Figure():
            _figure(word, block)


def _bullets(word: Word, items: Sequence[str], *, numbered: bool) -> None:
    """Steps carry their numbers as text: Word would count on from the list before."""
    for number, item in enumerate(items, 1):
        if numbered:
            paragraph = word.add_paragraph(f"{number}. {item}")
            paragraph.paragraph_format.left_indent = Cm(0.8)
            paragraph.paragraph_format.first_line_indent = Cm(-0.6)
        else:
            word.add_paragraph(item, style="List Bullet")


def _facts(word: Word, rows: Sequence[tuple[str, str]], book: Handbook) -> None:
    _grid(word, [(name, value) for name, value in rows], (24.0, 76.0), book, bold_first=True)


def _table(word: Word, block: Table, book: Handbook) -> None:
    table = _grid(word, [block.head, *block.rows], block.widths, book, bold_first=False)
    head = table.rows[0]
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeat)
    for cell in head.cells:
        _shade(cell, "E4ECF4")
        for run in cell.paragraphs[0].runs:
            run.bold = True


def _grid(
    word: Word, rows: Sequence[Sequence[str]], widths: Sequence[float], book: Handbook, *, bold_first: bool
) -> Any:
    table = word.add_table(rows=len(rows), cols=len(widths), style="Table Grid")
    table.autofit = False
    total = sum(widths)
    size = Pt(14 if book.large else 9)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(_ROOM * width / total)
    _cell_margins(table)
    for row, values in zip(table.rows, rows, strict=True):
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)
        for place, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
            cell.width = Cm(_ROOM * widths[place] / total)
            run = cell.paragraphs[0].add_run(value)
            run.font.size, run.bold = size, bold_first and place == 0
            if bold_first and place == 0:
                _shade(cell, "F3F6F9")
    word.add_paragraph().paragraph_format.space_after = Pt(2)
    return table


def _cell_margins(table: Any) -> None:
    """A little room above and below the words of each cell."""
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 40), ("left", 90), ("bottom", 40), ("right", 90)):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), str(width))
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    table._tbl.tblPr.append(margins)


def _shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)):
        shade.set(qn(name), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _figure(word: Word, block: Figure) -> None:
    chart = block.chart
    for piece in page_pieces(chart):
        ratio = (piece[1] - piece[0]) / chart.width
        width = min(_ROOM, _HIGH / ratio)
        word.add_picture(io.BytesIO(as_png(chart, piece=piece)), width=Cm(width))
        word.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
    word.add_paragraph(block.caption).runs[0].font.size = Pt(9)
