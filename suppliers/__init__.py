"""Suppliers: who may sell under the scheme (registration, both reviews), their products and their agents.

May import the ground, `notices`, and `catalog`; knows nothing of vouchers, monitoring, settlement.
"""
