"""Tables of the suppliers' floor."""

from suppliers.models.agent import Agent
from suppliers.models.product import Product, ProductFile
from suppliers.models.review import Proposal, Review
from suppliers.models.supplier import Supplier, SupplierFile

__all__ = ["Agent", "Product", "ProductFile", "Proposal", "Review", "Supplier", "SupplierFile"]
