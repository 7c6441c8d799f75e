"""Handbooks and flow charts as files: composed from definitions, drawn as web page, DOCX, PDF or SVG."""

from onegrid.scenarios.queries.handbooks.composing import (
    duty_handbook,
    guide_handbook,
    scenario_handbook,
    worker_handbook,
)
from onegrid.scenarios.queries.handbooks.files import Format, HandbookFile, Sheet
from onegrid.scenarios.queries.handbooks.versions import chart_of_source, chart_sheet, version_differences

__all__ = [
    "Format",
    "HandbookFile",
    "Sheet",
    "chart_of_source",
    "chart_sheet",
    "duty_handbook",
    "guide_handbook",
    "scenario_handbook",
    "version_differences",
    "worker_handbook",
]
