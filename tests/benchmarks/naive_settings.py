"""The platform's settings with the naive view of `naive_site` in place of the platform's pages."""

from platform_site.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.naive_site"
