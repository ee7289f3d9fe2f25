"""Work that must follow a command: written in its transaction, offered to the queue after it, offered again until done.

The broker is only a doorbell. Imports the cellar only.
"""
