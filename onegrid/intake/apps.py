from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "onegrid.intake"
    label = "intake"
