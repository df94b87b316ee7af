"""Read, count, match and draw compilations of Chinese government work reports."""

__version__ = "0.1.0"
