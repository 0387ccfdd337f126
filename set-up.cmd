@echo off
rem Double-click this once, on Windows: it sets the course up in this folder, and opens it.
setlocal DisableDelayedExpansion
cd /d "%~dp0"
set "NEWEST=import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
if exist ".venv\Scripts\course.exe" goto open
set "FOUND=py -3"
%FOUND% -c "%NEWEST%" >nul 2>nul
if not errorlevel 1 goto install
set "FOUND=python"
%FOUND% -c "%NEWEST%" >nul 2>nul
if not errorlevel 1 goto install
echo This needs Python 3.11 or newer, which is not on this computer yet.
echo Get it from https://www.python.org/downloads/ and then double-click this file again.
goto wait
:install
echo Setting up, 1 of 3: a Python of the course's own.
%FOUND% -m venv .venv
if errorlevel 1 goto failed
echo Setting up, 2 of 3: what the course needs. This takes a few minutes, and an internet connection.
".venv\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
if errorlevel 1 goto failed
echo Setting up, 3 of 3: the course itself.
".venv\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-deps .
if errorlevel 1 goto failed
:open
".venv\Scripts\python.exe" -P -m course learn
if not errorlevel 1 exit /b 0
:failed
echo That did not work. The lines above say why. You can double-click this file again.
:wait
echo Press any key to close this window.
pause >nul
exit /b 1
