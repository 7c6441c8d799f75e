"""Flow charts of definitions: stages in order, exits as labelled arrows, drawn as SVG."""

from onegrid.scenarios.rules.chart.drawing import svg
from onegrid.scenarios.rules.chart.flow import Flow, Leaving, Step, flow_of
from onegrid.scenarios.rules.chart.layout import Chart, lay_out, pieces

__all__ = ["Chart", "Flow", "Leaving", "Step", "flow_of", "lay_out", "pieces", "svg"]
