from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    name = "onegrid.scenarios"
    label = "scenarios"
