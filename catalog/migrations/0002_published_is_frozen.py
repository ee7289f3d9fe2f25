"""What is published is frozen: values of a published edition and amounts of a published catalog cannot change."""

from django.db import migrations

FREEZE = """
CREATE OR REPLACE FUNCTION catalog_parameter_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE published boolean;
BEGIN
    SELECT state = 'published' INTO published FROM catalog_edition WHERE id = OLD.edition_id;
    IF published IS NOT TRUE THEN RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END IF;
    IF TG_OP = 'DELETE' OR NEW.value IS DISTINCT FROM OLD.value OR NEW.clause_id <> OLD.clause_id
        OR NEW.key <> OLD.key OR NEW.edition_id <> OLD.edition_id
    THEN RAISE EXCEPTION 'parameter % of a published edition is frozen', OLD.key
        USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_parameter_frozen BEFORE UPDATE OR DELETE ON catalog_editionparameter
    FOR EACH ROW EXECUTE FUNCTION catalog_parameter_frozen();

CREATE OR REPLACE FUNCTION catalog_item_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE published boolean;
BEGIN
    SELECT state = 'published' INTO published FROM catalog_catalogversion
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END;
    IF published IS NOT TRUE THEN RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END IF;
    IF TG_OP IN ('INSERT', 'DELETE')
        OR (NEW.number, NEW.cap, NEW.per_device, NEW.pilot_only, NEW.post_sale, NEW.clause_id, NEW.version_id)
            IS DISTINCT FROM
           (OLD.number, OLD.cap, OLD.per_device, OLD.pilot_only, OLD.post_sale, OLD.clause_id, OLD.version_id)
    THEN RAISE EXCEPTION 'a published catalog is frozen'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'catalog_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalog_item_frozen BEFORE INSERT OR UPDATE OR DELETE ON catalog_item
    FOR EACH ROW EXECUTE FUNCTION catalog_item_frozen();
"""

THAW = """
DROP TRIGGER IF EXISTS catalog_item_frozen ON catalog_item;
DROP TRIGGER IF EXISTS catalog_parameter_frozen ON catalog_editionparameter;
DROP FUNCTION IF EXISTS catalog_item_frozen();
DROP FUNCTION IF EXISTS catalog_parameter_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
