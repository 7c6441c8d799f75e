from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "onegrid.notices"
    label = "notices"
