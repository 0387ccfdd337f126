#!/bin/sh
# Double-click this, on macOS or Linux: it sets the course up in this folder, and opens it.
# On Linux, where a double-click shows these lines: right-click the file, and choose "Run as a Program".

wait_and_stop() {
  printf '%s\n' "$1" "Press Enter to close this window."
  read -r pressed
  exit 1
}

case $0 in
*/*) cd "${0%/*}" || wait_and_stop "The folder of this file cannot be opened." ;;
esac
[ -f requirements.lock ] || wait_and_stop "The course is not in the folder of this file. Unpack the whole zip that you downloaded, then double-click set-up.command in the new folder."
if ! .venv/bin/python -P course/learner/set_up.py .venv 2>/dev/null; then
  newest="import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
  python=
  for name in python3 python3.14 python3.13 python3.12 python3.11 \
    /Library/Frameworks/Python.framework/Versions/Current/bin/python3 /opt/homebrew/bin/python3 /usr/local/bin/python3; do
    if "$name" -c "$newest" 2>/dev/null; then
      python=$name
      break
    fi
  done
  [ -n "$python" ] || wait_and_stop "This needs Python 3.11 or newer, which is not on this computer yet. Get it from https://www.python.org/downloads/ (on Debian or Ubuntu, install the package python3-venv), then double-click this file again."

  echo "Setting up, 1 of 3: a Python of the course's own."
  empty=
  .venv/bin/python -c "" 2>/dev/null || empty=--clear
  "$python" -m venv $empty .venv || wait_and_stop "That did not work. The lines above say why."
  echo "Setting up, 2 of 3: what the course needs. This takes a few minutes, and an internet connection."
  .venv/bin/python -P course/learner/installing.py .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock ||
    wait_and_stop "That did not work. The lines above say why. Is this computer connected to the internet? You can double-click this file again."
  echo "Setting up, 3 of 3: the course itself."
  .venv/bin/python -P course/learner/installing.py .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall . ||
    wait_and_stop "That did not work. The lines above say why."
  .venv/bin/python -P course/learner/set_up.py .venv --done
fi
.venv/bin/python -P -m course learn && exit 0
wait_and_stop "The course did not open, or it stopped. The lines above say why."
