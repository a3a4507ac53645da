"""Where keys are kept: each place in turn, the safe one first, and a sentence where there is none."""

import keyring
import keyring.backend
import pytest
from keyring.backends import chainer, fail, null

from formcheck.store import KeySources, LockedError, StoreError, create_store, open_store
from formcheck.store.keys import Keys, seal, unseal
from formcheck.store.opening import card_path, kept_where
from tests.store.conftest import Ring
from tests.store.sessions import written

WORDS = "correct horse battery staple"


@pytest.fixture
def where(tmp_path, monkeypatch):
    for name in ("FORMCHECK_PASSPHRASE", "CREDENTIALS_DIRECTORY", "FORMCHECK_STORE"):
        monkeypatch.delenv(name, raising=False)
    return str(tmp_path / "formcheck.db")


@pytest.fixture
def credential(tmp_path, monkeypatch):
    """A systemd credential, as a service finds it."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    path = folder / "formcheck-store-key"
    path.write_text("c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldA==\n")
    return path


def refilled(where, sources):
    with open_store(where, sources=sources) as store:
        return len(store.kept())


def test_a_passphrase_opens_it_and_another_does_not(where, monkeypatch):
    with create_store(where, "passphrase", KeySources(ask=lambda: WORDS)) as store:
        written(store)
    assert kept_where(where) == "passphrase"
    assert refilled(where, KeySources(ask=lambda: WORDS)) == 1
    with pytest.raises(LockedError, match="not the key"):
        refilled(where, KeySources(ask=lambda: WORDS.upper()))
    with pytest.raises(LockedError, match="needs its passphrase"):
        refilled(where, KeySources())
    monkeypatch.setenv("FORMCHECK_PASSPHRASE", WORDS)
    assert refilled(where, KeySources()) == 1
    assert WORDS not in card_path_of(where).read_text()


def card_path_of(where):
    from pathlib import Path

    return card_path(Path(where))


@pytest.mark.parametrize("words", ["", "eleven char"])
def test_a_short_passphrase_is_refused_and_no_store_is_made(where, words, tmp_path):
    with pytest.raises(StoreError):
        create_store(where, "passphrase", KeySources(ask=lambda: words))
    assert list(tmp_path.iterdir()) == []


def test_a_credential_opens_it_and_goes_before_a_keyring(where, credential):
    sources = KeySources(keyring=Ring())
    assert sources.best() == "credential"
    with create_store(where, None, sources) as store:
        written(store)
    assert refilled(where, KeySources()) == 1
    credential.write_text("x" * 48)
    with pytest.raises(LockedError, match="not the key"):
        refilled(where, KeySources())
    credential.unlink()
    with pytest.raises(LockedError, match="systemd credential"):
        refilled(where, KeySources())


def test_a_credential_that_is_too_short_is_none(where, credential):
    credential.write_text("short")
    assert KeySources(keyring=Ring()).best() == "keyring"
    with pytest.raises(StoreError, match="no systemd credential"):
        create_store(where, "credential", KeySources())


class PlainText(keyring.backend.KeyringBackend):
    """A keyring that writes passwords into a text file, as `keyrings.alt` has it."""

    priority = 9

    def get_password(self, service, username):
        return "00" * 32

    def set_password(self, service, username, password):
        pass


@pytest.mark.parametrize("backend", [fail.Keyring(), null.Keyring(), PlainText()])
def test_a_keyring_that_keeps_nothing_safe_is_not_taken(where, monkeypatch, backend):
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    assert KeySources().best() == "none"
    with pytest.raises(StoreError, match="keyring"):
        create_store(where, "keyring", KeySources())
    assert not card_path_of(where).exists()


def test_a_keyring_of_the_system_is_taken(where, monkeypatch):
    """The chain of the system's own backends, with one that works in it."""

    class Secrets(chainer.ChainerBackend):
        priority = 10
        kept = {}  # noqa: RUF012 - one for the test

        def get_password(self, service, username):
            return self.kept.get((service, username))

        def set_password(self, service, username, password):
            self.kept[service, username] = password

    Secrets.__module__ = "keyring.backends.chainer"
    monkeypatch.setattr(keyring, "get_keyring", lambda: Secrets())
    assert KeySources().best() == "keyring"
    with create_store(where) as store:
        assert store.keys.is_encrypted
        written(store)
    assert refilled(where, None) == 1


def test_a_keyring_that_breaks_is_a_sentence(where):
    class Broken(Ring):
        def set_password(self, service, name, value):
            raise RuntimeError("dbus is gone")

    with pytest.raises(StoreError, match="does not take a key"):
        create_store(where, "keyring", KeySources(keyring=Broken()))
    assert not card_path_of(where).exists()


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"kind": "moon", "salt": "00", "check": ""}', '{"kind": 1}'])
def test_a_damaged_card_is_a_sentence(where, text):
    with create_store(where, "none") as store:
        written(store)
    card_path_of(where).write_text(text)
    with pytest.raises(StoreError, match=r"damaged|newer"):
        open_store(where)


def test_a_card_that_is_missing_is_told(where):
    with create_store(where, "none") as store:
        written(store)
    card_path_of(where).unlink()
    with pytest.raises(StoreError, match=r"its key's card .* is missing"):
        open_store(where)


def test_what_is_sealed_is_bound_to_its_place_its_key_and_its_purpose():
    keys, others = Keys(b"1" * 32, "ab" * 16), Keys(b"2" * 32, "ab" * 16)
    sealed = keys.seal(b"hello", "vault", "anna")
    assert keys.open(sealed, "vault", "anna") == b"hello"
    assert b"hello" not in sealed
    assert sealed != keys.seal(b"hello", "vault", "anna"), "a nonce of its own"
    for wrong in (
        lambda: keys.open(sealed, "vault", "ben"),
        lambda: keys.open(sealed, "backup", "anna"),
        lambda: others.open(sealed, "vault", "anna"),
        lambda: Keys(b"1" * 32, "cd" * 16).open(sealed, "vault", "anna"),
        lambda: keys.open(sealed[:-1], "vault", "anna"),
        lambda: keys.open(sealed[:5], "vault", "anna"),
        lambda: unseal(b"3" * 32, seal(b"4" * 32, b"x", "y"), "y"),
    ):
        with pytest.raises(LockedError):
            wrong()
    assert keys.derived("vault") != keys.derived("backup")


def test_the_derived_keys_are_those_of_hkdf():
    """RFC 5869, by the library's own HKDF."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    secret, salt = bytes(range(32)), bytes(range(16))
    theirs = HKDF(SHA256(), 32, salt, b"database").derive(secret)
    assert Keys(secret, salt.hex()).derived("database") == theirs
