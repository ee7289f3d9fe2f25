"""Pages that show several floors together: home, the desk of each role, the whole line of a voucher, search, errors.

Imports every floor; owns no tables.
"""
