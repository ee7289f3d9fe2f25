"""States and audit events of the catalog."""

from django.db import models


class EditionState(models.TextChoices):
    DRAFT = "draft", "草稿"
    HANDED_IN = "handed_in", "待复核"
    SIGNED = "signed", "已复核"
    PUBLISHED = "published", "已公布"
    WITHDRAWN = "withdrawn", "已撤回"


class CatalogState(models.TextChoices):
    DRAFT = "draft", "草稿"
    HANDED_IN = "handed_in", "待复核"
    SIGNED = "signed", "已复核"
    PUBLISHED = "published", "已公布"
    WITHDRAWN = "withdrawn", "已撤回"


class PeriodState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已公布"
    CLOSED = "closed", "已结束"


class Event(models.TextChoices):
    """What the audit writes down."""

    EDITION_DRAFTED = "catalog.edition_drafted", "起草政策版本"
    EDITION_AMENDED = "catalog.edition_amended", "修改政策版本"
    EDITION_HANDED_IN = "catalog.edition_handed_in", "提交政策版本复核"
    EDITION_SIGNED = "catalog.edition_signed", "复核政策版本"
    EDITION_SENT_BACK = "catalog.edition_sent_back", "退回政策版本"
    EDITION_WITHDRAWN = "catalog.edition_withdrawn", "撤回政策版本"
    EDITION_PUBLISHED = "catalog.edition_published", "公布政策版本"
    CATALOG_DRAFTED = "catalog.version_drafted", "起草产品目录"
    CATALOG_AMENDED = "catalog.version_amended", "修改产品目录"
    ITEM_ADDED = "catalog.item_added", "目录增加项目"
    ITEM_TAKEN_OUT = "catalog.item_taken_out", "目录去掉项目"
    ITEM_PUT_BACK = "catalog.item_put_back", "目录放回项目"
    CATALOG_HANDED_IN = "catalog.version_handed_in", "提交产品目录复核"
    CATALOG_SIGNED = "catalog.version_signed", "复核产品目录"
    CATALOG_SENT_BACK = "catalog.version_sent_back", "退回产品目录"
    CATALOG_WITHDRAWN = "catalog.version_withdrawn", "撤回产品目录"
    CATALOG_PUBLISHED = "catalog.version_published", "公布产品目录"
    POLICY_LOADED = "catalog.policy_loaded", "载入政策数据"
    CATALOG_LOADED = "catalog.catalog_loaded", "载入目录数据"
    PERIOD_DRAFTED = "catalog.period_drafted", "起草申领期"
    PERIOD_AMENDED = "catalog.period_amended", "修改申领期"
    PERIOD_SIGNED = "catalog.period_signed", "复核申领期"
    PERIOD_PUBLISHED = "catalog.period_published", "公布申领期"
    PERIOD_CLOSED = "catalog.period_closed", "结束申领期"
