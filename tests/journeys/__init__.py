"""People who type something wrong: refused with clause, reason and remedy, and nothing typed is lost."""
