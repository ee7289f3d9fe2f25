"""Input shapes of settlement: shared by pages and interfaces."""
