"""When exercises are due, as a trainer sets it in `cohort.toml`: for everybody, and more time for one learner."""
