"""Announcements, public notices, objections."""
