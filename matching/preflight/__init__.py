"""Is a hub connected as it must be: facts in, points out. Each point has a state, a sentence and a mend."""
