"""Money goes out: redemption, notice lists, settlement batches.

The top floor of the business: may import everything below (kit, ground, catalog, suppliers, vouchers, monitoring).
"""
