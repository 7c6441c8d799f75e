"""The WSGI application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onegrid.settings")
application = get_wsgi_application()

gc.freeze()  # what start-up made stays; a batch makes few cycles, so collections may be rare
gc.set_threshold(50_000, 20, 50)
