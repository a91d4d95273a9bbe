"""From a Spec and data to a Rollup: what the core is asked, where the rows are, and what the files are."""
