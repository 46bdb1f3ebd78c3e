"""Write THIRD_PARTY.md: what the program is installed with, and under which licence: `make pages`.

Names and versions come from requirements.lock, licences from what each installed package says of itself, as SPDX.
Run it after `make lock`; a test compares the page with the lock.
"""

import re
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "THIRD_PARTY.md"
_PINNED = re.compile(r"^([\w.-]+)==([^\s;]+)(?: ; (.+?))?(?: \\)?$", re.MULTILINE)
_NAME = r"(?:\w+(?:-[\w.]+)+|MIT|0BSD|Zlib)"
SPDX = re.compile(rf"{_NAME}(?: (?:AND|OR) {_NAME})*")
# Ours to translate: what older metadata says instead of SPDX.
_WORDS = {"Apache 2.0": "Apache-2.0", "PSFL": "PSF-2.0", "MIT License": "MIT"}
# Read in the licence file that the package brings, because its metadata is silent or vague.
_READ = {
    "colorama": "BSD-3-Clause",  # installed on Windows only
    "jinja2": "BSD-3-Clause",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "pyxform": "BSD-2-Clause",
    "segno": "BSD-3-Clause",
    "tzdata": "Apache-2.0",  # installed on Windows only
    "xlrd": "BSD-3-Clause AND BSD-4-Clause",
}
_INTRODUCTION = """\
# Third-party software

<!-- Made by tools/third_party.py (make pages); edit that. -->

Lắng Nghe itself is under the [Apache-2.0 licence](LICENSE). It is installed with the packages below; none of them is
part of this repository. Licences are SPDX expressions of what each package says of itself; its own licence texts come
with it, in its `.dist-info` folder. Wheels with compiled code may carry libraries under further licences, named there.

## Terms that ask for more than a notice

"""
_NOTES = {
    "LGPL-": "LGPL: imported as they are published, not changed, and replaceable by another version. Whoever passes on "
    "an image or an installation passes this licence on with it, and the way to their source: name and version below",
    "MPL-": "MPL: files of theirs that somebody changes stay under it. We change none",
    "OFL-": "OFL, fonts: they may be embedded in any paper; not sold alone",
    "BSD-4-Clause": "includes software developed by David Giffin <david@giffin.org>",
}


class UnknownLicence(Exception):
    """A package says nothing that we understand: read its licence file and add it to `_READ`."""


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    where: str  # the environment marker of the lock; "": everywhere


def locked(lock: str) -> list[Package]:
    """What a compiled requirements file pins, in its order."""
    return [Package(name, version, where) for name, version, where in _PINNED.findall(lock)]


def licence(name: str) -> str:
    """The licence of an installed package. Raises `UnknownLicence`."""
    if name in _READ:
        return _READ[name]
    try:
        said = metadata(name)
    except PackageNotFoundError:
        raise UnknownLicence(f"{name} is not installed here; read its licence and add it to _READ") from None
    classifiers: list[str] = [
        each.rpartition(" :: ")[2] for each in said.get_all("Classifier") or [] if "License ::" in each
    ]
    stated: list[str] = [said[field] for field in ("License-Expression", "License") if field in said]
    for words in (*stated, *classifiers):
        spdx = _WORDS.get(words, words)
        if SPDX.fullmatch(spdx):
            return spdx
    raise UnknownLicence(f"{name}: no licence in its metadata; read its licence file and add it to _READ")


def page(packages: list[Package]) -> str:
    """The whole page. Raises `UnknownLicence`."""
    rows = [(package, licence(package.name)) for package in packages]
    notes = ""
    for mark, note in _NOTES.items():
        named = dict.fromkeys(package.name for package, terms in rows if mark in terms)
        notes += f"- **{', '.join(named)}**: {note}.\n" if named else ""
    table = "\n## Packages\n\n| package | version | licence | only where |\n|---|---|---|---|\n"
    lines = (f"| {p.name} | {p.version} | {terms} | {f'`{p.where}`' if p.where else ''} |\n" for p, terms in rows)
    return _INTRODUCTION + notes + table + "".join(lines)


def main() -> int:
    try:
        text = page(locked((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    except UnknownLicence as error:
        print(error, file=sys.stderr)
        return 1
    PAGE.write_text(text, encoding="utf-8")
    print(PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
