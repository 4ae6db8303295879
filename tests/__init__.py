"""The tests mirror the tree. Examples of properties are not timed: a busy machine is no failure."""

from hypothesis import settings

settings.register_profile("mitan", deadline=None)
settings.load_profile("mitan")
