"""Tables of the catalog."""

from catalog.models.clause import Clause
from catalog.models.document import PolicyDocument
from catalog.models.edition import Edition, EditionParameter
from catalog.models.item import CatalogVersion, Item
from catalog.models.period import Period

__all__ = ["CatalogVersion", "Clause", "Edition", "EditionParameter", "Item", "Period", "PolicyDocument"]
