"""The product's owner lists its agents and group companies, which share its quota (S19/5.2.3(1)–(2))."""

from datetime import datetime

from platform_site.accounts.rules.company_number import compact
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.locks import Rank, lock_one
from suppliers.enums import AgentKind, Event, SupplierState
from suppliers.models import Agent, Supplier
from suppliers.permissions import check_may_edit_supplier
from suppliers.policies import number_findings
from suppliers.queries import agents_of, companies_numbered, company, listed_agent, listed_agents
from suppliers.rules.uniqueness import ListedAgent, agent_findings

GONE = (SupplierState.REFUSED, SupplierState.DROPPED, SupplierState.DELISTED)


@command
def list_agent(*, supplier: Supplier, name: str, uscc: str, kind: str, by: Actor, at: datetime) -> Agent:
    """Refused: wrong company number, duplicates, suppliers of the pool, companies of another supplier's group."""
    supplier = lock_one(Rank.SUPPLIER, Supplier.objects.all(), pk=supplier.pk)
    check_may_edit_supplier(by, supplier)
    number = compact(uscc)
    entry = ListedAgent(supplier.pk, supplier.name, name.strip(), number, kind == AgentKind.GROUP_COMPANY)
    own = [listed_agent(one) for one in agents_of(supplier).select_related("supplier")]
    elsewhere = listed_agents(number)
    refuse_if(
        [
            *_listing_findings(supplier, name),
            *number_findings(number, "uscc"),
            *agent_findings(entry, company(supplier), own, companies_numbered(number), elsewhere),
        ]
    )
    agent = Agent.objects.create(supplier=supplier, name=entry.name, uscc=number, kind=kind, listed_at=at)
    record(by=by, at=at, event=Event.AGENT_LISTED, subject=agent, data={"uscc": number, "kind": str(kind)})
    return agent


def _listing_findings(supplier: Supplier, name: str) -> list[Finding]:
    found = []
    if not name.strip():
        found.append(
            Finding(
                code="agent.name_missing",
                clause="S19/5.2.3(1)",
                title="没有填写代理商名称",
                reason="名单要写明代理商全称。",
                remedy="请按营业执照填写。",
                field="name",
            )
        )
    if supplier.state in GONE:
        found.append(
            Finding(
                code="agent.supplier_gone",
                clause="S19/5.2.3(1)",
                title="本单位不是供应商",
                reason=f"目前的状态是“{supplier.get_state_display()}”，不能列代理商。",
                remedy="重新登记并提交后再列。",
            )
        )
    return found


@command
def remove_agent(*, agent: Agent, by: Actor, at: datetime) -> Agent:
    """From now on; contracts it made before stay under the supplier's quota and answer."""
    supplier = lock_one(Rank.SUPPLIER, Supplier.objects.all(), pk=agent.supplier_id)
    check_may_edit_supplier(by, supplier)
    agent = Agent.objects.select_for_update().get(pk=agent.pk)
    if agent.removed_at is None:
        agent.removed_at = at
        agent.save(update_fields=["removed_at"])
        record(by=by, at=at, event=Event.AGENT_REMOVED, subject=agent, data={"uscc": agent.uscc})
    return agent
