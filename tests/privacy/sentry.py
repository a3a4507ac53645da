"""Runs a Python module in a process that the kernel kills at the first internet socket, native code included.

    python -m tests.privacy.sentry MODULE [ARG ...]

A seccomp filter watches the system call `socket`: the families AF_INET and AF_INET6 end the process with SIGSYS, a DNS
look-up too, whichever library asked for it and whether or not it was ever answered. Unix sockets (a display, a sound
server) pass. Needs Linux, no privileges, no tools.
"""

import ctypes
import platform
import runpy
import struct
import sys

SYSTEMS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Machine: (its AUDIT_ARCH value, the number of the system call `socket`)."""
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
"""BPF: load a word of the call's description, jump if equal, return."""
ALLOW, KILL = 0x7FFF0000, 0x80000000
NUMBER, ARCH, FIRST_ARGUMENT = 0, 4, 16
"""Offsets in `struct seccomp_data`."""
AF_INET, AF_INET6 = 2, 10
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2


def forbid_internet_sockets() -> None:
    """From here on, in every thread to come, an internet socket kills the process."""
    arch, socket_call = SYSTEMS[platform.machine()]
    program = [
        (LOAD, 0, 0, ARCH),
        (EQUAL, 0, 5, arch),
        (LOAD, 0, 0, NUMBER),
        (EQUAL, 0, 3, socket_call),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (EQUAL, 2, 0, AF_INET),
        (EQUAL, 1, 0, AF_INET6),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, KILL),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    header = ctypes.create_string_buffer(struct.pack("H6xP", len(program), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new = libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if no_new or libc.prctl(PR_SET_SECCOMP, MODE_FILTER, header, 0, 0):
        raise OSError(ctypes.get_errno(), "this kernel refuses the filter")


if __name__ == "__main__":
    forbid_internet_sockets()
    module, sys.argv = sys.argv[1], sys.argv[1:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
