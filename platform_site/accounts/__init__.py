"""People, organisations, cities, memberships with roles, delegation, invitations and standing (bars in force).

Imports the cellar and its neighbours audit, messages, files, outbox and working_calendar; knows no voucher.
"""
