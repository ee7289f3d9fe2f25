"""What the platform tells a person: the notification centre. Imports the cellar only; recipients are plain ids."""
