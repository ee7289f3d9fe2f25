"""The platform's house: cellar (`kit`), ground floor (`audit` to `notices`), roof (`urls`, `celery`, `portals`).

The roof may import every floor; a floor imports only what lies below it.
"""
