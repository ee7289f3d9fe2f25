"""Schemes belong to a set per edition that two people bring into force; what is loaded already becomes each first set.

A set that is no draft is frozen: its numbers cannot be changed, added to or taken away.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import platform_site.kit.fsm

FREEZE = """
CREATE FUNCTION monitoring_scheme_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE stands text;
BEGIN
    SELECT state INTO stands FROM monitoring_schemeset
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.scheme_set_id ELSE OLD.scheme_set_id END;
    IF stands IS NULL OR stands = 'draft' THEN RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END IF;
    RAISE EXCEPTION 'schemes of a set that is no draft are frozen'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'scheme_set_frozen';
END $$;
CREATE TRIGGER monitoring_scheme_frozen BEFORE INSERT OR UPDATE OR DELETE ON monitoring_scheme
    FOR EACH ROW EXECUTE FUNCTION monitoring_scheme_frozen();
"""
THAW = """
DROP TRIGGER monitoring_scheme_frozen ON monitoring_scheme;
DROP FUNCTION monitoring_scheme_frozen();
"""
OPEN = ["draft", "handed_in", "signed"]


def gather(apps, schema_editor):
    Scheme, SchemeSet = (apps.get_model("monitoring", name) for name in ("Scheme", "SchemeSet"))
    for code in sorted(set(Scheme.objects.values_list("edition_code", flat=True))):
        made = SchemeSet.objects.create(edition_code=code, number=1, state="published")
        Scheme.objects.filter(edition_code=code).update(scheme_set=made)


def scatter(apps, schema_editor):
    for row in apps.get_model("monitoring", "SchemeSet").objects.all():
        row.schemes.update(edition_code=row.edition_code)


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0005_log_partitions")]
    operations = [
        migrations.CreateModel(
            name="SchemeSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("state_since", models.DateTimeField(blank=True, null=True, verbose_name="进入此状态的时间")),
                ("drafted_by", models.BigIntegerField(blank=True, null=True, verbose_name="起草人")),
                ("drafted_by_label", models.CharField(blank=True, max_length=120, verbose_name="起草人姓名")),
                ("drafted_at", models.DateTimeField(blank=True, null=True, verbose_name="起草时间")),
                ("handed_in_by", models.BigIntegerField(blank=True, null=True, verbose_name="提交人")),
                ("handed_in_by_label", models.CharField(blank=True, max_length=120, verbose_name="提交人姓名")),
                ("handed_in_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                ("signed_by", models.BigIntegerField(blank=True, null=True, verbose_name="复核人")),
                ("signed_by_label", models.CharField(blank=True, max_length=120, verbose_name="复核人姓名")),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="复核时间")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公布时间")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="退回或撤回的理由")),
                ("edition_code", models.CharField(max_length=24, verbose_name="政策版本")),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几版")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="改了什么")),
                ("in_force_from", models.DateTimeField(blank=True, null=True, verbose_name="施行时间")),
                (
                    "state",
                    platform_site.kit.fsm.StateField(
                        choices=[
                            ("draft", "草稿"),
                            ("handed_in", "待复核"),
                            ("signed", "已复核，待施行"),
                            ("published", "已施行"),
                            ("withdrawn", "已撤回"),
                        ],
                        db_index=True,
                        default="draft",
                        max_length=24,
                        protected=True,
                        verbose_name="状态",
                    ),
                ),
            ],
            options={
                "verbose_name": "监测方案版本",
                "verbose_name_plural": "监测方案版本",
                "ordering": ["edition_code", "-number"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(signed_by__isnull=True)
                        | (~Q(signed_by=F("drafted_by")) & ~Q(signed_by=F("handed_in_by"))),
                        name="scheme_set_signed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=~Q(state__in=["signed", "published"])
                        | Q(drafted_by__isnull=True)
                        | Q(signed_by__isnull=False),
                        name="scheme_set_published_is_signed",
                    ),
                    models.UniqueConstraint(fields=("edition_code", "number"), name="scheme_set_numbered_once"),
                    models.UniqueConstraint(
                        condition=Q(state__in=OPEN), fields=("edition_code",), name="scheme_set_one_open_per_edition"
                    ),
                ],
            },
        ),
        migrations.AddField(
            "scheme",
            "fresh_days",
            models.PositiveSmallIntegerField(
                default=0,
                help_text="最近的数据早于这些天的，达标也须人工核实；0 为不看",
                verbose_name="数据新鲜天数",
            ),
        ),
        migrations.AddField(
            "scheme",
            "scheme_set",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="schemes",
                to="monitoring.schemeset",
                verbose_name="方案版本",
            ),
        ),
        migrations.AlterField(
            "scheme", "edition_code", models.CharField(default="", max_length=24, verbose_name="政策版本")
        ),
        migrations.RunPython(gather, scatter),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", migrations.RunSQL.noop),
        migrations.RemoveConstraint("scheme", "scheme_one_per_item"),
        migrations.AlterModelOptions(
            "scheme", {"ordering": ["item_number"], "verbose_name": "监测方案", "verbose_name_plural": "监测方案"}
        ),
        migrations.AlterField(
            "scheme",
            "scheme_set",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="schemes",
                to="monitoring.schemeset",
                verbose_name="方案版本",
            ),
        ),
        migrations.RemoveField("scheme", "edition_code"),
        migrations.AddConstraint(
            "scheme", models.UniqueConstraint(fields=("scheme_set", "item_number"), name="scheme_one_per_item")
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
