"""What a second person reads must not change under their eyes, and what is published not at all: numbers and items are
frozen unless their edition or version is a draft; a published edition keeps its code, catalog and day."""

from importlib import import_module

from django.db import migrations

FREEZE = """
CREATE OR REPLACE FUNCTION catalog_parameter_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stands text;
BEGIN
    SELECT state INTO stands FROM catalog_edition
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.edition_id ELSE OLD.edition_id END;
    IF stands IS NULL OR stands = 'draft' OR (TG_OP = 'INSERT' AND stands = 'published') THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP IN ('INSERT', 'DELETE') OR NEW.value IS DISTINCT FROM OLD.value OR NEW.clause_id <> OLD.clause_id
        OR NEW.key <> OLD.key OR NEW.edition_id <> OLD.edition_id
    THEN RAISE EXCEPTION 'parameter % of an edition that is no draft is frozen', COALESCE(NEW.key, OLD.key)
        USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_frozen';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER catalog_parameter_frozen ON catalog_editionparameter;
CREATE TRIGGER catalog_parameter_frozen BEFORE INSERT OR UPDATE OR DELETE ON catalog_editionparameter
    FOR EACH ROW EXECUTE FUNCTION catalog_parameter_frozen();

CREATE OR REPLACE FUNCTION catalog_item_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stands text;
BEGIN
    SELECT state INTO stands FROM catalog_catalogversion
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END;
    IF stands IS NULL OR stands = 'draft' THEN RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END IF;
    IF TG_OP IN ('INSERT', 'DELETE')
        OR (to_jsonb(NEW) - 'search_text') IS DISTINCT FROM (to_jsonb(OLD) - 'search_text')
    THEN RAISE EXCEPTION 'a catalog that is no draft is frozen'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'catalog_frozen';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION catalog_edition_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' AND (TG_OP = 'DELETE' OR NEW.code <> OLD.code OR NEW.catalog_code <> OLD.catalog_code
        OR (OLD.effective_from IS NOT NULL AND NEW.effective_from IS DISTINCT FROM OLD.effective_from))
    THEN RAISE EXCEPTION 'a published edition keeps its code, its catalog and its day'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_frozen';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER catalog_edition_frozen BEFORE UPDATE OR DELETE ON catalog_edition
    FOR EACH ROW EXECUTE FUNCTION catalog_edition_frozen();
"""

THAW = """
DROP TRIGGER IF EXISTS catalog_edition_frozen ON catalog_edition;
DROP FUNCTION IF EXISTS catalog_edition_frozen();
"""


def earlier(name: str) -> str:
    """The guards as they were, for going back."""
    return str(getattr(import_module("catalog.migrations.0002_published_is_frozen"), name))


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_two_people")]
    operations = [migrations.RunSQL(FREEZE, THAW + earlier("THAW") + earlier("FREEZE"))]
