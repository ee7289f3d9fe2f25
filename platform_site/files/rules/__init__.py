"""Django-free checks of file contents."""
