"""Say in one line each which optional parts are missing; with LANGNGHE_REQUIRE_ALL=1 that is a failure."""

import os
import shutil
import sys

PARTS = {  # what needs it, the programs of which one must be there, the package
    "the browser tests": (("chromium", "chromium-browser", "google-chrome"), "Chromium", "chromium"),
    "the Word papers' last test": (("soffice", "libreoffice"), "LibreOffice", "libreoffice-writer-nogui"),
}


def main() -> int:
    missing = 0
    for what, (names, program, package) in PARTS.items():
        if not any(shutil.which(name) for name in names):
            print(f"SKIPPED: {what}, because no {program} was found (apt-get install {package})")
            missing = 1
    return missing if os.environ.get("LANGNGHE_REQUIRE_ALL") == "1" else 0


if __name__ == "__main__":
    sys.exit(main())
