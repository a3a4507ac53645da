"""A TLS line that one thread reads while another writes: nothing stays behind, and a closed one says so."""

from __future__ import annotations

import socket
import ssl
import threading

import pytest

from formcheck.desk.shared_socket import SharedSocket
from tests.desk.running import PATIENCE_S, certificate

LINES = 200
SIZES = (100, 200_000)
"""Bytes: what fits into one packet, and what fills both ends."""


@pytest.fixture
def context(tmp_path):
    files, _ = certificate(tmp_path)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*files)
    return made


def shared(port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.sslsocket_class = SharedSocket
    made = context.wrap_socket(socket.create_connection(("127.0.0.1", port), PATIENCE_S))
    made.share()
    return made


def echoing(context, listening):
    """A server that sends back what it gets, one connection after the other."""
    while True:
        try:
            plain, _ = listening.accept()
        except OSError:
            return
        with context.wrap_socket(plain, server_side=True) as line:
            while data := line.recv(65536):
                line.sendall(data)


def test_whatever_is_sent_while_it_is_read_arrives(context):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=echoing, args=(context, listening), daemon=True).start()
        for i in range(LINES):
            line, got, is_whole = shared(listening.getsockname()[1]), bytearray(), threading.Event()
            sent = b"x" * SIZES[i % 10 == 9]

            def read(line=line, got=got, is_whole=is_whole, sent=sent):
                while len(got) < len(sent) and (data := line.recv(65536)):
                    got.extend(data)
                is_whole.set()

            threading.Thread(target=read, daemon=True).start()
            line.settimeout(None)  # as a library does: it changes nothing
            line.sendall(sent)
            assert is_whole.wait(PATIENCE_S)
            assert bytes(got) == sent
            line.shutdown(socket.SHUT_RDWR)
            line.close()
            with pytest.raises(OSError, match=r"closed|descriptor"):
                line.recv(10)
