"""How far coach and people agree: statistics, labels out of the store, and a kit for a study with blinded raters."""
