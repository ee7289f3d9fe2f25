"""What an objection must carry: real name, contact, what is wrong, evidence (P18/annex1.9, platform default 6)."""

from dataclasses import dataclass

from platform_site.kit.findings import Finding

CLAUSE = "P18/annex1.9"


@dataclass(frozen=True, slots=True)
class ObjectionText:
    """As typed by the objector."""

    name: str
    contact: str
    statement: str
    has_evidence: bool


def objection_findings(text: ObjectionText) -> list[Finding]:
    """Everything that is missing, at once."""
    checks = [
        (bool(text.name.strip()), _NAME),
        (bool(text.contact.strip()), _CONTACT),
        (bool(text.statement.strip()), _STATEMENT),
        (text.has_evidence, _EVIDENCE),
    ]
    return [finding for fine, finding in checks if not fine]


_NAME = Finding(
    code="objection.name_missing",
    clause=CLAUSE,
    title="没有填写真实名称",
    reason="异议要用真实的单位名称或姓名提出，匿名的不能受理。",
    remedy="请填写单位全称或姓名；对外不公开。",
    field="name",
)
_CONTACT = Finding(
    code="objection.contact_missing",
    clause=CLAUSE,
    title="没有填写联系方式",
    reason="没有联系方式，就没法核实和答复。",
    remedy="请填写电话或邮箱；对外不公开。",
    field="contact",
)
_STATEMENT = Finding(
    code="objection.statement_missing",
    clause=CLAUSE,
    title="没有写明异议内容",
    reason="要写清对哪一点有异议、事实是什么。",
    remedy="请写明事实和理由。",
    field="statement",
)
_EVIDENCE = Finding(
    code="objection.evidence_missing",
    clause=CLAUSE,
    title="没有佐证材料",
    reason="异议要附佐证材料，单位提出的要加盖公章。",
    remedy="请上传 PDF 或图片。",
    field="evidence",
)
