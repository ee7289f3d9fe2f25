"""Commands of the suppliers' floor."""

from suppliers.domain.carry_over import carry_over
from suppliers.domain.evidence import (
    add_product_file,
    add_supplier_file,
    remove_product_file,
    remove_supplier_file,
)
from suppliers.domain.impose import impose_on_product, impose_on_supplier
from suppliers.domain.list_agents import list_agent, remove_agent
from suppliers.domain.register import edit_supplier, register_supplier, start_supplier_again, submit_supplier
from suppliers.domain.review_product import review_product, sign_product_review
from suppliers.domain.review_supplier import (
    review_supplier_by_city,
    review_supplier_by_province,
    sign_supplier_review,
)
from suppliers.domain.submit_product import ProductDraft, save_product, submit_product

__all__ = [
    "ProductDraft",
    "add_product_file",
    "add_supplier_file",
    "carry_over",
    "edit_supplier",
    "impose_on_product",
    "impose_on_supplier",
    "list_agent",
    "register_supplier",
    "remove_agent",
    "remove_product_file",
    "remove_supplier_file",
    "review_product",
    "review_supplier_by_city",
    "review_supplier_by_province",
    "save_product",
    "sign_product_review",
    "sign_supplier_review",
    "start_supplier_again",
    "submit_product",
    "submit_supplier",
]
