"""Working days of the mainland: public holidays and the weekends worked in exchange, with overrides of the province.

Imports the cellar only.
"""
