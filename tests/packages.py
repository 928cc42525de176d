"""Build wheel and sdist, check them, and build the example in the sdist with the wheel alone: ``tox -e package``."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

CHECKOUT = Path(__file__).parents[1]
PACKAGE = 'sphinxcontrib_raci'


def run(*command: object, cwd: Path) -> None:
    """Run a command; what fails ends everything."""
    print('$', *command, flush=True)
    subprocess.run([str(part) for part in command], cwd=cwd, check=True)


def build(folder: Path) -> tuple[Path, Path]:
    """The wheel, made of the sdist, and the unpacked sdist."""
    run(sys.executable, '-m', 'build', '--outdir', folder / 'dist', cwd=CHECKOUT)
    [wheel], [sdist] = (folder / 'dist').glob('*.whl'), (folder / 'dist').glob('*.tar.gz')
    run(sys.executable, '-m', 'twine', 'check', '--strict', wheel, sdist, cwd=folder)
    run(sys.executable, '-m', 'check_wheel_contents', wheel, cwd=folder)
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter='data')
    return wheel, folder / sdist.name.removesuffix('.tar.gz')


def missing(wheel: Path) -> list[str]:
    """The files of the package that are not in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        there = set(archive.namelist())
    files = [path for path in (CHECKOUT / PACKAGE).rglob('*') if path.is_file() and path.suffix != '.pyc']
    return sorted({path.relative_to(CHECKOUT).as_posix() for path in files} - there)


def use(wheel: Path, unpacked: Path, folder: Path) -> None:
    """Install the wheel into an environment of its own, and use it on the files of the sdist."""
    venv.create(folder / 'venv', with_pip=True)
    programs = folder / 'venv' / ('Scripts' if sys.platform == 'win32' else 'bin')
    run(programs / 'python', '-m', 'pip', 'install', '-q', f'{wheel}[docs]', cwd=folder)
    where = f'import {PACKAGE}, sys; sys.exit(not {PACKAGE}.__file__.startswith(sys.prefix))'
    run(programs / 'python', '-c', where, cwd=folder)
    docs = unpacked / 'example_docs'
    run(programs / 'sphinx-raci', 'check', docs, '-c', docs, cwd=folder)
    for builder in ('html', 'latex', 'text'):
        run(programs / 'sphinx-build', '-q', '-n', '-W', '-b', builder, docs, folder / builder, cwd=folder)
    wanted = ('html/_static/raci.css', 'html/_static/raci.js', 'html/raci.json', 'latex/sphinxcontrib-raci.tex')
    lost = [name for name in wanted if not (folder / name).is_file()]
    if lost:
        sys.exit(f'the build has not made {lost}')


def main() -> None:
    """Do all of it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        wheel, unpacked = build(folder)
        if lost := missing(wheel):
            sys.exit(f'the wheel lacks {lost}')
        use(wheel, unpacked, folder)


if __name__ == '__main__':
    main()
