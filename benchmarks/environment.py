"""The Python environment that all projects are built with: peers in pinned versions, the extension of this checkout."""

import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
REQUIREMENTS = CHECKOUT / 'benchmarks' / 'requirements.txt'
FOLDER = CHECKOUT / 'benchmarks' / '.venv'
PYTHON = FOLDER / 'bin' / 'python'
VERSIONS = """
import platform
from importlib.metadata import version
from sphinxcontrib_raci import __version__
names = ('Sphinx', 'docutils', 'myst-parser', 'sphinxcontrib.datatemplates', 'sphinx-needs')
print(f'Python {platform.python_version()}, sphinxcontrib-raci {__version__},')
print(', '.join(f'{name} {version(name)}' for name in names) + '.')
"""


def prepare() -> None:
    """Make the environment, unless it is there and holds what is required."""
    wanted, held = REQUIREMENTS.read_text(encoding='utf-8'), FOLDER / REQUIREMENTS.name
    if PYTHON.exists() and held.exists() and held.read_text(encoding='utf-8') == wanted:
        return
    print(f'installing what is compared into {FOLDER.relative_to(CHECKOUT)}', file=sys.stderr, flush=True)
    subprocess.run([sys.executable, '-m', 'venv', '--clear', FOLDER], check=True)
    subprocess.run([PYTHON, '-m', 'pip', 'install', '-qq', '-r', REQUIREMENTS], check=True)
    held.write_text(wanted, encoding='utf-8')


def variables() -> dict[str, str]:
    """The environment variables of a build: the extension is found in this checkout."""
    return {**os.environ, 'PYTHONPATH': str(CHECKOUT)}


def versions() -> list[str]:
    """What is compared, in which version."""
    done = subprocess.run([PYTHON, '-c', VERSIONS], env=variables(), check=True, capture_output=True, text=True)
    return done.stdout.splitlines()
