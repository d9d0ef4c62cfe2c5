"""Many runs and what they say together: paired comparison, statistics, verdicts."""
