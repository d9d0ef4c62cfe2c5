"""Scenarios and studies: YAML in, frozen models out, explained."""
