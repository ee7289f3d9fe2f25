"""Command line of monitoring."""
