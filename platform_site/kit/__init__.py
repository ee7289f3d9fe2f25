"""The cellar: clock, money, findings, state machine, locks, commands, routes, embedded services.

Owns no models and no business words; imports nothing of the platform.
"""
