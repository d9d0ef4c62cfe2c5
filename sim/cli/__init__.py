"""The command line: parse, call, print; it computes nothing."""

import gc
import os

# Looking for pydantic's plugins in every installed package takes a third of the time that `check` has.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
# A command begins by making tens of thousands of objects that stay; looking through them again and again took a tenth of its time.
gc.set_threshold(50_000)
