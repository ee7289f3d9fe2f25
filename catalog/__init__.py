"""The rules as data: documents, clauses, editions and their parameters, the catalog, periods; and the assessment.

May import kit and the ground (audit, messages, files, outbox, working_calendar, accounts, notices); nothing above.
"""
