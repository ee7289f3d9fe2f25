"""Working days of the mainland: public holidays and the weekends worked in exchange, with overrides kept by the province.

Imports the cellar only.
"""
