from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "onegrid.workforce"
    label = "workforce"
