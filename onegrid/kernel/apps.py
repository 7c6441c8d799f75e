from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "onegrid.kernel"
    label = "kernel"
