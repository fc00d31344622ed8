"""Whether what runs by itself does run: health, metrics, the list of runs."""
