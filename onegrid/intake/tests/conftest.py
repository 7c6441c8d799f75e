"""The small county, and a folder for uploaded files, made once per test that asks for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from onegrid.intake.tests.factories import world as make_world
from onegrid.workforce.tests.factories import Staff


@pytest.fixture
def world(db: None) -> Staff:
    return make_world()


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[None]:
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    with override_settings(STORAGES={**settings.STORAGES, "default": disk}):
        yield
