"""What every count, verdict and span means, one row at a time and in plain Python.

Nothing here is fast and nothing here is shared with the product: it imports neither backburn nor numpy nor pyarrow, so
that an error in the product cannot hide in its own mirror.
"""

from __future__ import annotations
