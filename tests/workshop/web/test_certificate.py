"""Certificates are checked before anything listens to phones: what phones would refuse is named, with what to do."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from course.core.errors import BadCertificate
from course.workshop import commands
from course.workshop.access.networks import Network
from course.workshop.commands import ListenOptions
from course.workshop.web import certificate, listeners
from course.workshop.web.certificate import Tls, read_tls
from tests.certificates import Made, make_certificate
from tests.workshop.live_server import LiveServer

NAME = "room.example.org"


class Files:
    """The two files that a person names."""

    def __init__(self, folder: Path) -> None:
        self._certfile, self._keyfile = folder / "room.pem", folder / "room.key"

    def put(self, *chain: Made, key: bytes | None = None) -> Files:
        self._certfile.write_bytes(b"".join(made.pem() for made in chain))
        self._keyfile.write_bytes(chain[0].key_pem() if key is None else key)
        return self

    def read(self, name: str = NAME) -> Tls:
        return read_tls(str(self._certfile), str(self._keyfile), name)

    def options(self, name: str = NAME) -> ListenOptions:
        return ListenOptions(certfile=str(self._certfile), keyfile=str(self._keyfile), name=name)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_a_good_one_is_taken_for_its_names_alone(files: Files) -> None:
    tls = files.put(make_certificate([NAME, "*.wards.example.org", "192.0.2.7"])).read()
    for host in (NAME, "ROOM.example.org", "a.wards.example.org", "192.0.2.7"):
        assert tls.fits(host), host
    for host in ("example.org", "a.b.wards.example.org", "wards.example.org", "192.0.2.8"):
        assert not tls.fits(host), host
    assert tls.is_self_signed


def test_what_phones_would_refuse_is_said(files: Files) -> None:
    good = make_certificate([NAME])
    for made, name, says in (
        (make_certificate([NAME], begins=timedelta(-9), ends=timedelta(-1)), NAME, "good until"),
        (make_certificate([NAME], begins=timedelta(1), ends=timedelta(9)), NAME, "good from"),
        (good, "other.example.org", "not for other.example.org"),
        (good, "", "an address of numbers"),
        (make_certificate([]), NAME, "not for room.example.org"),
    ):
        with pytest.raises(BadCertificate, match=says) as refusal:
            files.put(made).read(name)
        assert len(refusal.value.hint) > 20


def test_a_key_that_cannot_be_used_is_said(files: Files) -> None:
    good, other = make_certificate([NAME]), make_certificate([NAME])
    for key, says in (
        (other.key_pem(), "does not fit"),
        (good.key_pem(b"secret"), "locked with a password"),
        (good.pem(), "no key that can be read"),
        (b"", "no key that can be read"),
    ):
        with pytest.raises(BadCertificate, match=says):
            files.put(good, key=key).read()


def test_files_that_are_not_there_or_no_certificates_are_said(files: Files, tmp_path: Path) -> None:
    with pytest.raises(BadCertificate, match=r"cannot be read: .*room\.pem"):
        files.read()
    good = files.put(make_certificate([NAME]))
    for content in (b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        (tmp_path / "room.pem").write_bytes(content)
        with pytest.raises(BadCertificate, match="no certificate"):
            good.read()


@pytest.mark.parametrize("is_known", [True, False], ids=["roots are known", "roots are not known"])
def test_a_chain_has_to_be_whole(files: Files, monkeypatch: pytest.MonkeyPatch, is_known: bool) -> None:
    root = make_certificate(["Root"])
    between = make_certificate(["Between"], by=root)
    leaf = make_certificate([NAME], by=between)
    known = {root.certificate.subject} if is_known else set()
    monkeypatch.setattr(certificate, "_trusted_names", lambda: known)
    for chain in ((leaf, between), (leaf, between, root), (leaf, root, between)):
        assert not files.put(*chain).read().is_self_signed
    for chain in ((leaf,), (leaf, root)):
        with pytest.raises(BadCertificate, match="lacks the certificates"):
            files.put(*chain).read()


def test_what_this_computer_trusts_is_known() -> None:
    names = certificate._trusted_names()
    assert all(name.rfc4514_string() for name in names)


def test_nothing_is_opened_before_it_is_checked(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    def must_not(*_: object) -> None:
        raise AssertionError("it has gone on")

    monkeypatch.setattr(commands, "find_running", must_not)
    options = files.put(make_certificate([NAME], begins=timedelta(-9), ends=timedelta(-1))).options()
    with pytest.raises(BadCertificate, match="good until"):
        commands.workshop(None, None, False, options, False, 0, False, lambda: None)


def test_one_that_is_signed_by_itself_is_said_to_make_phones_warn(
    files: Files, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_certificate(["Root"])
    monkeypatch.setattr(certificate, "_trusted_names", lambda: {root.certificate.subject})
    files.put(make_certificate([NAME], by=root)).options().check()
    assert capsys.readouterr().out == ""
    files.put(make_certificate([NAME])).options().check()
    assert "each phone shows a warning" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has 127.0.0.2 by itself")
def test_no_address_is_opened_that_the_certificate_is_not_for(
    edition: Path, json_pages: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_certificate(["127.0.0.2"])
    (tmp_path / "room.pem").write_bytes(made.pem())
    (tmp_path / "room.key").write_bytes(made.key_pem())
    own = [Network(address, "wlan0", "wifi") for address in ("127.0.0.2", "127.0.0.3")]
    monkeypatch.setattr(listeners, "networks", lambda: own)
    live_server = LiveServer(tmp_path, tls=(str(tmp_path / "room.pem"), str(tmp_path / "room.key")))
    try:
        console = live_server.console(live_server.new_session())
        refused = console.press("let-in", address="127.0.0.3")
        assert refused.status == 409
        assert "not for 127.0.0.3" in refused.json["error"]
        assert live_server.server.listeners.let_in_at == ""
        assert console.press("let-in", address="127.0.0.2").status == 200
    finally:
        live_server.close()
