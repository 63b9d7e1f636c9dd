"""Tests in Python that start the built daemon."""

def python_test(name, data = [], **kwargs):
    """Runs NAME.py with Debian's own interpreter, which is the one that Debian's Python packages are made for.

    They need root and run outside Bazel's sandbox: each makes IPC, network and mount namespaces of its own, so that
    the host's queues, ports and limits play no part and stay as they are.

    Args:
      name: of the test and, with .py behind it, of its file.
      data: what the test needs beside the daemon and support/.
      **kwargs: handed on to sh_test.
    """
    native.sh_test(
        name = name,
        srcs = ["python_test.sh"],
        args = ["$(rootpath %s.py)" % name],
        data = [
            name + ".py",
            ":support",
            "//:mqueue_exporter",
        ] + data,
        tags = ["no-sandbox"] + kwargs.pop("tags", []),
        **kwargs
    )
