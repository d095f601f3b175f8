"""The WSGI entry, which can be told to be broken: management commands never load it."""

import os

from django.core.wsgi import get_wsgi_application

if os.environ.get("STANDIN") == "broken":
    raise RuntimeError("this stand-in was told to be broken")

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisapp.settings")

application = get_wsgi_application()
