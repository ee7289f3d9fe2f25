"""Evidence is added to and taken from drafts and returned records."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from platform_site.audit.domain import record
from platform_site.files.domain import store_upload
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from platform_site.kit.locks import Rank, lock_one
from suppliers.enums import Event
from suppliers.models import Product, ProductFile, Supplier, SupplierFile
from suppliers.permissions import check_may_edit_supplier
from suppliers.policies import editable_findings

ALLOWED = ("pdf", "image")


@command
def add_supplier_file(
    *, supplier: Supplier, upload: UploadedFile, kind: str, by: Actor, at: datetime, field: str = ""
) -> SupplierFile:
    supplier = lock_one(Rank.SUPPLIER, Supplier.objects.all(), pk=supplier.pk)
    check_may_edit_supplier(by, supplier)
    refuse_if(editable_findings(supplier))
    file = store_upload(upload=upload, purpose="supplier", by=by, at=at, allow=ALLOWED, field=field or kind)
    added = SupplierFile.objects.create(supplier=supplier, file=file, kind=kind, added_at=at)
    data = {"kind": str(kind), "name": file.name, "sha256": file.sha256}
    record(by=by, at=at, event=Event.SUPPLIER_FILE_ADDED, subject=supplier, data=data)
    return added


@command
def remove_supplier_file(*, supplier_file: SupplierFile, by: Actor, at: datetime) -> None:
    """The link goes; the stored file stays for the record."""
    supplier = lock_one(Rank.SUPPLIER, Supplier.objects.all(), pk=supplier_file.supplier_id)
    check_may_edit_supplier(by, supplier)
    refuse_if(editable_findings(supplier))
    data = {"kind": supplier_file.kind, "file_id": str(supplier_file.file_id)}
    supplier_file.delete()
    record(by=by, at=at, event=Event.SUPPLIER_FILE_REMOVED, subject=supplier, data=data)


@command
def add_product_file(
    *, product: Product, upload: UploadedFile, kind: str, by: Actor, at: datetime, field: str = ""
) -> ProductFile:
    product = lock_one(Rank.SUPPLIER, Product.objects.select_related("supplier"), pk=product.pk)
    check_may_edit_supplier(by, product.supplier)
    refuse_if(editable_findings(product))
    file = store_upload(upload=upload, purpose="product", by=by, at=at, allow=ALLOWED, field=field or kind)
    added = ProductFile.objects.create(product=product, file=file, kind=kind, added_at=at)
    data = {"kind": str(kind), "name": file.name, "sha256": file.sha256}
    record(by=by, at=at, event=Event.PRODUCT_FILE_ADDED, subject=product, data=data)
    return added


@command
def remove_product_file(*, product_file: ProductFile, by: Actor, at: datetime) -> None:
    """The link goes; the stored file stays for the record."""
    product = lock_one(Rank.SUPPLIER, Product.objects.select_related("supplier"), pk=product_file.product_id)
    check_may_edit_supplier(by, product.supplier)
    refuse_if(editable_findings(product))
    data = {"kind": product_file.kind, "file_id": str(product_file.file_id)}
    product_file.delete()
    record(by=by, at=at, event=Event.PRODUCT_FILE_REMOVED, subject=product, data=data)
