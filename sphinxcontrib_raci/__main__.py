"""``python -m sphinxcontrib_raci`` is the command ``sphinx-raci``."""

from __future__ import annotations

import sys

from sphinxcontrib_raci.cli import main

if __name__ == '__main__':
    sys.exit(main())
