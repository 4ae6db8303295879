"""The operations of a flow's "do" nodes, carried out in the booking domain; each answers an outcome and plain JSON."""

from ivr.operations.run import UNREACHABLE, Operations

__all__ = ["UNREACHABLE", "Operations"]
