"""The outer world: what operators (and, later, suppliers' login logs) hand over, read into plain rows."""
