"""The Chinese font that PDF and pictures are set in; without one nothing is printed."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import typst

from onegrid.scenarios.rules.refusals import NoChineseFont

PREFERRED: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "SimHei",
    "Noto Serif CJK SC",
    "SimSun",
)
PACKAGE: Final = "manimgx_fonts_cjk"
"""The wheel that brings Noto Sans CJK (OFL), so that a machine without any font prints Chinese."""


@lru_cache(maxsize=1)
def shipped() -> typst.Fonts:
    """The font of the wheel alone: the same type on every machine. Without it, the machine's fonts."""
    found = find_spec(PACKAGE)
    folders = [str(Path(one)) for one in found.submodule_search_locations or ()] if found else []
    return typst.Fonts(include_system_fonts=not folders, include_embedded_fonts=False, font_paths=folders)


def chinese(fonts: typst.Fonts) -> str:
    """The name of the best Chinese font among these. Raises NoChineseFont."""
    families = set(fonts.families())
    found = next((name for name in PREFERRED if name in families), None)
    if found is None:
        raise NoChineseFont
    return found
