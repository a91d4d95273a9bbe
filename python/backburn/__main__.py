"""`python -m backburn` is `backburn`."""

from __future__ import annotations

from backburn.cli import main

if __name__ == "__main__":
    main()
