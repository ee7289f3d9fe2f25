"""Words of the suppliers' floor: states, kinds, decisions, audit events, with the Chinese that people read."""

from enum import StrEnum


class SupplierState(StrEnum):
    DRAFT = "draft"
    CITY_REVIEW = "city_review"
    PROVINCE_REVIEW = "province_review"
    RETURNED = "returned"
    LISTED = "listed"
    SUSPENDED = "suspended"
    REFUSED = "refused"
    DROPPED = "dropped"
    DELISTED = "delisted"


SUPPLIER_STATES = [
    (SupplierState.DRAFT, "草稿"),
    (SupplierState.CITY_REVIEW, "地市审核"),
    (SupplierState.PROVINCE_REVIEW, "省级审核"),
    (SupplierState.RETURNED, "已退回"),
    (SupplierState.LISTED, "已入库"),
    (SupplierState.SUSPENDED, "暂停"),
    (SupplierState.REFUSED, "不通过"),
    (SupplierState.DROPPED, "已淘汰"),
    (SupplierState.DELISTED, "已下架"),
]


class ProductState(StrEnum):
    DRAFT = "draft"
    PROVINCE_REVIEW = "province_review"
    RETURNED = "returned"
    LISTED = "listed"
    SUSPENDED = "suspended"
    REFUSED = "refused"
    DELISTED = "delisted"


PRODUCT_STATES = [
    (ProductState.DRAFT, "草稿"),
    (ProductState.PROVINCE_REVIEW, "省级审核"),
    (ProductState.RETURNED, "已退回"),
    (ProductState.LISTED, "已上架"),
    (ProductState.SUSPENDED, "暂停"),
    (ProductState.REFUSED, "不通过"),
    (ProductState.DELISTED, "已下架"),
]


class ProposalState(StrEnum):
    OPEN = "open"
    SIGNED = "signed"
    SENT_BACK = "sent_back"


PROPOSAL_STATES = [
    (ProposalState.OPEN, "待复核"),
    (ProposalState.SIGNED, "已签发"),
    (ProposalState.SENT_BACK, "退回承办人"),
]


class SupplierKind(StrEnum):
    """Platform providers need the 平台服务能力 review (S19/5.2.3(3))."""

    PLATFORM = "platform"
    SERVICE = "service"
    OPERATION = "operation"
    CONSULTING = "consulting"


SUPPLIER_KINDS = [
    (SupplierKind.PLATFORM, "平台商"),
    (SupplierKind.SERVICE, "服务商"),
    (SupplierKind.OPERATION, "实施与运维单位"),
    (SupplierKind.CONSULTING, "咨询诊断单位"),
]


class LegalForm(StrEnum):
    COMPANY = "company"
    JOINT_STOCK = "joint_stock"
    STATE_OWNED = "state_owned"
    FOREIGN = "foreign"
    INSTITUTION = "institution"
    OTHER = "other"


LEGAL_FORMS = [
    (LegalForm.COMPANY, "有限责任公司"),
    (LegalForm.JOINT_STOCK, "股份有限公司"),
    (LegalForm.STATE_OWNED, "全民所有制企业"),
    (LegalForm.FOREIGN, "外商投资企业"),
    (LegalForm.INSTITUTION, "事业单位、科研院所"),
    (LegalForm.OTHER, "其他"),
]


class QuotaClass(StrEnum):
    """Which initial limit binds the supplier; set by the province, never derived from the kind (N20/3.2)."""

    NATIONAL = "national"
    OTHER = "other"


QUOTA_CLASSES = [(QuotaClass.NATIONAL, "国家级平台商、电信运营商"), (QuotaClass.OTHER, "其他供应商")]


class ProductClass(StrEnum):
    A = "A"
    B = "B"


PRODUCT_CLASSES = [(ProductClass.A, "A 类"), (ProductClass.B, "B 类")]


class OfferKind(StrEnum):
    """Whose product it is. PARTNER: of a partner that is no supplier itself; PARTNER_LISTED: a product that an
    independent partner has listed and the platform provider lists beside it (S19/5.2.3(3))."""

    OWN = "own"
    PARTNER = "partner"
    PARTNER_LISTED = "partner_listed"


OFFER_KINDS = [
    (OfferKind.OWN, "自有产品"),
    (OfferKind.PARTNER, "合作伙伴的产品（伙伴没有单独入库）"),
    (OfferKind.PARTNER_LISTED, "合作伙伴已上架的产品（伙伴单独入库）"),
]


class AgentKind(StrEnum):
    AGENT = "agent"
    GROUP_COMPANY = "group_company"


AGENT_KINDS = [(AgentKind.AGENT, "代理商"), (AgentKind.GROUP_COMPANY, "总公司或子公司（按代理商对待）")]


class FileKind(StrEnum):
    LICENCE = "licence"
    PLATFORM_CAPABILITY = "platform_capability"
    GROUP = "group"
    INTELLECTUAL_PROPERTY = "intellectual_property"
    COOPERATION = "cooperation"
    MODEL = "model"
    OTHER = "other"


SUPPLIER_FILE_KINDS = [
    (FileKind.LICENCE, "营业执照"),
    (FileKind.PLATFORM_CAPABILITY, "平台服务能力证明"),
    (FileKind.GROUP, "集团关系证明"),
    (FileKind.OTHER, "其他材料"),
]
PRODUCT_FILE_KINDS = [
    (FileKind.INTELLECTUAL_PROPERTY, "知识产权证明"),
    (FileKind.COOPERATION, "合作证明"),
    (FileKind.MODEL, "大数据模型说明"),
    (FileKind.OTHER, "其他材料"),
]
FILE_KINDS = list(dict([*SUPPLIER_FILE_KINDS, *PRODUCT_FILE_KINDS]).items())


class ReviewLevel(StrEnum):
    CITY = "city"
    PROVINCE = "province"


REVIEW_LEVELS = [(ReviewLevel.CITY, "地市"), (ReviewLevel.PROVINCE, "省")]


class Outcome(StrEnum):
    """What a review, or a province proposal, asks for. From SUSPEND on they change what is already listed."""

    PASS = "pass"  # noqa: S105  no password: the outcome of a review
    RETURN = "return"
    REFUSE = "refuse"
    SUSPEND = "suspend"
    RELIST = "relist"
    DELIST = "delist"
    DROP = "drop"
    CLASSIFY = "classify"


OUTCOMES = [
    (Outcome.PASS, "通过"),
    (Outcome.RETURN, "退回补正"),
    (Outcome.REFUSE, "不通过"),
    (Outcome.SUSPEND, "暂停"),
    (Outcome.RELIST, "恢复"),
    (Outcome.DELIST, "下架"),
    (Outcome.DROP, "淘汰"),
    (Outcome.CLASSIFY, "调整档次和优秀标记"),
]


class Event(StrEnum):
    """Audit events of this floor."""

    SUPPLIER_REGISTERED = "suppliers.supplier_registered"
    SUPPLIER_EDITED = "suppliers.supplier_edited"
    SUPPLIER_FILE_ADDED = "suppliers.supplier_file_added"
    SUPPLIER_FILE_REMOVED = "suppliers.supplier_file_removed"
    SUPPLIER_SUBMITTED = "suppliers.supplier_submitted"
    SUPPLIER_REVIEWED_BY_CITY = "suppliers.supplier_reviewed_by_city"
    SUPPLIER_PROPOSED = "suppliers.supplier_proposed"
    SUPPLIER_SIGNED = "suppliers.supplier_signed"
    SUPPLIER_SENT_BACK = "suppliers.supplier_sent_back"
    SUPPLIER_STARTED_AGAIN = "suppliers.supplier_started_again"
    SUPPLIER_CHANGED_STATE = "suppliers.supplier_changed_state"
    PRODUCT_SAVED = "suppliers.product_saved"
    PRODUCT_FILE_ADDED = "suppliers.product_file_added"
    PRODUCT_FILE_REMOVED = "suppliers.product_file_removed"
    PRODUCT_SUBMITTED = "suppliers.product_submitted"
    PRODUCT_PROPOSED = "suppliers.product_proposed"
    PRODUCT_SIGNED = "suppliers.product_signed"
    PRODUCT_SENT_BACK = "suppliers.product_sent_back"
    PRODUCT_CHANGED_STATE = "suppliers.product_changed_state"
    PRODUCT_CARRIED_OVER = "suppliers.product_carried_over"
    AGENT_LISTED = "suppliers.agent_listed"
    AGENT_REMOVED = "suppliers.agent_removed"
