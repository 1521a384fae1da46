"""Runs a command that finds itself on a terminal."""
import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading


def on_terminal(command, folder, stdin=b"", with_stdout=False, columns=0, **environment):
    """Its standard error is the terminal, with_stdout its standard output too; what came on standard output if not, and
    what was drawn on the terminal. So many columns wide, where that is said."""
    main, terminal = pty.openpty()
    if columns:
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    drawn = []

    def drain():
        try:
            while chunk := os.read(main, 65536):
                drawn.append(chunk)
        except OSError:  # how the end of a terminal reads on Linux
            pass

    try:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stderr=terminal,
                                   stdout=terminal if with_stdout else subprocess.PIPE, env={**os.environ, "TERM": "xterm", **environment})
    finally:
        os.close(terminal)
    reader = threading.Thread(target=drain)
    reader.start()
    try:
        out, _ = process.communicate(stdin, timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    finally:
        reader.join(10)
    os.close(main)
    return out, b"".join(drawn)
