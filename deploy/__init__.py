"""How it runs: settings, set-up, and the Temporal server on one machine."""

import sys

# Whatever a person starts comes by here first, before any syntax that an older Python refuses.
if sys.version_info < (3, 11):  # noqa: UP036 - an older Python is what this is about
    print("需要 Python 3.11 或更新版本：请安装后用 make PYTHON=<它的路径> 重试。", file=sys.stderr)
    sys.exit(2)
