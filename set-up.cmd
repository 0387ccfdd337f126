@echo off
rem Double-click this, on Windows: it sets the course up in this folder, and opens it.
setlocal DisableDelayedExpansion
set "HERE=%~dp0"
if "%HERE:~0,2%"=="\\" goto network
cd /d "%~dp0"
if errorlevel 1 goto nofolder
if not exist requirements.lock goto nofolder
set "NEWEST=import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
if not exist ".venv\Scripts\python.exe" goto find
".venv\Scripts\python.exe" -P course\learner\set_up.py .venv >nul 2>nul
if not errorlevel 1 goto open
:find
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
set "EMPTY=--clear"
if not exist ".venv\Scripts\python.exe" goto make
".venv\Scripts\python.exe" -c "" >nul 2>nul
if not errorlevel 1 set "EMPTY="
:make
%FOUND% -m venv %EMPTY% .venv
if errorlevel 1 goto failed
echo Setting up, 2 of 3: what the course needs. This takes a few minutes, and an internet connection.
".venv\Scripts\python.exe" -P course\learner\installing.py ".venv\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
if errorlevel 1 goto failed
echo Setting up, 3 of 3: the course itself.
".venv\Scripts\python.exe" -P course\learner\installing.py ".venv\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall .
if errorlevel 1 goto failed
".venv\Scripts\python.exe" -P course\learner\set_up.py .venv --done
:open
".venv\Scripts\python.exe" -P -m course learn
if not errorlevel 1 exit /b 0
:failed
echo That did not work. The lines above say why. You can double-click this file again.
goto wait
:network
echo The course cannot be set up in a folder of the network. Move its folder to a disk
echo of this computer, and then double-click set-up.cmd there.
goto wait
:nofolder
echo The course is not in the folder of this file. If you opened a zip, choose Extract All first,
echo and then double-click set-up.cmd in the new folder.
:wait
echo Press any key to close this window.
pause >nul
exit /b 1
