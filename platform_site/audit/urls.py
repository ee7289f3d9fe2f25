"""Routes of the audit, mounted for those who may read records."""

from platform_site.audit.pages.seals import seals, seals_checked
from platform_site.audit.pages.trail import audit
from platform_site.kit.routes import PUBLIC, route

city = [
    route(
        "audit/",
        audit,
        name="audit",
        roles=("bureau_admin", "city_approver", "city_reviewer"),
        scope="own organisation",
    )
]
province = [
    route("audit/", audit, name="audit", roles=("province_officer", "province_approver", "bureau_admin"), scope="all")
]
auditor = [
    route("audit/", audit, name="audit", roles=("auditor",), scope="all"),
    route("seals/", seals_checked, name="seals", roles=("auditor",), scope="all"),
]
public = [route("seals/", seals, name="seals", roles=PUBLIC, scope="published")]
