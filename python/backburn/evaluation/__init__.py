"""Promise against fact: Spec and Rollup in, Evaluation out."""
