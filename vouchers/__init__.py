"""Floor 3: enterprises, contracts, quotas, the queue and the vouchers up to their issue.

May import suppliers, catalog and the ground; monitoring and settlement stand above and are never imported.
"""
