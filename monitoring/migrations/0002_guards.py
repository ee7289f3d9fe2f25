"""What the database itself sees to: room for rewritten days, and frozen verdicts stay as they are."""

from django.db import migrations

ROOM = """
ALTER TABLE monitoring_deviceday SET (fillfactor = 60);
ALTER TABLE monitoring_userday SET (fillfactor = 60);
"""
NO_ROOM = """
ALTER TABLE monitoring_deviceday RESET (fillfactor);
ALTER TABLE monitoring_userday RESET (fillfactor);
"""
FROZEN = """
CREATE FUNCTION monitoring_keep_frozen_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the verdict of voucher % is frozen', OLD.voucher_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'verdict_frozen_is_kept';
END $$;
CREATE TRIGGER verdict_frozen_is_kept BEFORE UPDATE OR DELETE ON monitoring_verdict
    FOR EACH ROW WHEN (OLD.frozen_at IS NOT NULL) EXECUTE FUNCTION monitoring_keep_frozen_verdict();
"""
THAWED = """
DROP TRIGGER verdict_frozen_is_kept ON monitoring_verdict;
DROP FUNCTION monitoring_keep_frozen_verdict();
"""


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_initial")]
    operations = [migrations.RunSQL(ROOM, NO_ROOM), migrations.RunSQL(FROZEN, THAWED)]
