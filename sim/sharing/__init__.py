"""Alliances as cost games: what coalitions cost, how the joint cost is shared, and who would object."""
