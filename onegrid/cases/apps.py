"""The Django application of running cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "onegrid.cases"
    label = "cases"
    verbose_name = "事件"
