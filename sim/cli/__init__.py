"""The command line: parse, call, print; it computes nothing."""

import os

# Looking for pydantic's plugins in every installed package takes a third of the time that `check` has.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
