"""Is the product really used: monitoring schemes, telemetry sources, device-days, adoption verdicts.

Floor 4: may import vouchers, suppliers, catalog and the ground; settlement asks it, never the other way round.
"""
