"""Say in one line each which optional parts are missing; with LANGNGHE_REQUIRE_ALL=1 that is a failure."""

import os
import shutil
import sys

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    if any(shutil.which(name) for name in CHROMIUM):
        return 0
    print("SKIPPED: the browser tests, because no Chromium was found (apt-get install chromium)")
    return 1 if os.environ.get("LANGNGHE_REQUIRE_ALL") == "1" else 0


if __name__ == "__main__":
    sys.exit(main())
