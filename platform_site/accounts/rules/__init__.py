"""Django-free rules of the accounts floor."""
