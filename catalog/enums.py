"""States and audit events of the catalog."""

from django.db import models


class EditionState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已公布"


class CatalogState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已公布"


class PeriodState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已公布"
    CLOSED = "closed", "已结束"


class Event(models.TextChoices):
    """What the audit writes down."""

    EDITION_PUBLISHED = "catalog.edition_published", "公布政策版本"
    CATALOG_PUBLISHED = "catalog.version_published", "公布产品目录"
    POLICY_LOADED = "catalog.policy_loaded", "载入政策数据"
    CATALOG_LOADED = "catalog.catalog_loaded", "载入目录数据"
    PERIOD_DRAFTED = "catalog.period_drafted", "起草申领期"
    PERIOD_AMENDED = "catalog.period_amended", "修改申领期"
    PERIOD_SIGNED = "catalog.period_signed", "复核申领期"
    PERIOD_PUBLISHED = "catalog.period_published", "公布申领期"
    PERIOD_CLOSED = "catalog.period_closed", "结束申领期"
