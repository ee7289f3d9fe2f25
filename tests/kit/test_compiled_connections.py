"""A plan lasts as long as its connection."""

from django.db import connection

from platform_site.accounts.models import City
from platform_site.kit.compiled import Compiled, given


def test_a_new_connection_plans_anew(fresh_database: None):
    asked = Compiled(lambda: City.objects.filter(code=given("code")))
    for _ in range(2):
        connection.close()
        assert asked.rows(code="nowhere") == []
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'compiled%'")
            assert cursor.fetchone() == (1,)
