from django.apps import AppConfig


class SampleConfig(AppConfig):
    name = "onegrid.sample"
    label = "sample"
