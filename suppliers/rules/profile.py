"""What a supplier says of itself, and what is still missing before it may be submitted (S19/5.2.3, S19/5.2.4)."""

from dataclasses import dataclass
from datetime import date

from platform_site.kit.findings import Finding
from suppliers.rules.uniqueness import ONE_OF_GROUP, PARTNERS

REGISTRATION = "S19/5.2.4"


@dataclass(frozen=True, slots=True)
class SupplierProfile:
    """Name, company number and place come from the organisation and are not typed again."""

    kind: str
    legal_form: str
    introduction: str
    contact_name: str
    contact_phone: str
    contact_email: str = ""
    website: str = ""
    address: str = ""
    founded_on: date | None = None
    parent_name: str = ""
    parent_uscc: str = ""


def profile_findings(profile: SupplierProfile, file_kinds: frozenset[str], uscc: str) -> list[Finding]:
    """`file_kinds`: kinds of evidence already handed in (`suppliers.enums.FileKind`)."""
    checks = [
        (
            bool(profile.introduction.strip()),
            _missing("introduction", "单位简介", "请写明主营业务和为工业企业服务的情况。"),
        ),
        (bool(profile.contact_name.strip()), _missing("contact_name", "联系人", "请填写负责服务券工作的联系人。")),
        (bool(profile.contact_phone.strip()), _missing("contact_phone", "联系电话", "请填写能联系上的电话。")),
        ("licence" in file_kinds, _NO_LICENCE),
        (profile.kind != "platform" or "platform_capability" in file_kinds, _NO_PLATFORM_PROOF),
        (not profile.parent_uscc or "group" in file_kinds, _NO_GROUP_PROOF),
        (profile.parent_uscc != uscc or not uscc, _OWN_PARENT),
    ]
    return [finding for fine, finding in checks if not fine]


def _missing(field: str, label: str, remedy: str) -> Finding:
    return Finding(
        code=f"supplier.{field}_missing",
        clause=REGISTRATION,
        title=f"没有填写{label}",
        reason=f"{label}是审核的基本信息，现在是空的。",
        remedy=remedy,
        field=field,
    )


_NO_LICENCE = Finding(
    code="supplier.licence_missing",
    clause=REGISTRATION,
    title="没有营业执照",
    reason="审核要核对营业执照，现在还没有上传。",
    remedy="请上传营业执照（事业单位上传法人证书）。",
    field="licence",
)
_NO_PLATFORM_PROOF = Finding(
    code="supplier.platform_proof_missing",
    clause=PARTNERS,
    title="没有平台服务能力证明",
    reason="平台商要通过“平台服务能力”审核。",
    remedy="请上传平台服务能力的证明材料；没有平台的，类型请选“服务商”。",
    field="platform_capability",
)
_NO_GROUP_PROOF = Finding(
    code="supplier.group_proof_missing",
    clause=ONE_OF_GROUP,
    title="没有集团关系证明",
    reason="填写了总公司，还没有证明材料。",
    remedy="请上传股权关系证明；没有总公司的，请清空这一栏。",
    field="group",
)
_OWN_PARENT = Finding(
    code="supplier.own_parent",
    clause=ONE_OF_GROUP,
    title="总公司填成了自己",
    reason="总公司的统一社会信用代码与本单位相同。",
    remedy="没有总公司的，请清空这一栏。",
    field="parent_uscc",
)
