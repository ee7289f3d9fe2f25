#!/usr/bin/env python
"""Command line of the platform."""

import os
import sys

import django
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_site.settings")
    django.setup()
    from platform_site.management.own_services import own_services  # after the settings are named

    with own_services(sys.argv):
        execute_from_command_line(sys.argv)
