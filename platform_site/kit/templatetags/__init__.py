"""Wording of the pages: numbers, money, dates, clause names, icons. Built in to every template."""
