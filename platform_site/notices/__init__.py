"""Notices: announcements, public notices with their days, objections and their answers.

Owners of a noticed subject drive it from above; this package never calls them (news goes up as task names).
May import `accounts` and the ground below it.
"""
