"""Volume data and benchmarks: how long the planner takes beside a clinic of a million appointments."""
