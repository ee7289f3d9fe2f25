"""Template tags that know business words: the looks of every state."""
