"""Older office documents (.doc, .wps) become .docx by LibreOffice, where it is installed."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from kit.errors import SourceError

MAX_SECONDS = 90
_OFFICES = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice",
            r"C:\Program Files\LibreOffice\program\soffice.exe")  # fmt: skip
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>"""


def convert_to_docx(content: bytes, *, name: str) -> bytes:
    """Convert an older office document (.doc, .wps) by LibreOffice, in a private folder that is removed afterwards.

    Macros are off and linked files are not fetched.

    Raises
    ------
    SourceError
        When LibreOffice is not installed, or cannot read the file.
    """
    office = next((found for place in _OFFICES if (found := shutil.which(place))), None)
    remedy = "open it in Word or WPS, save it as .docx, and try again"
    if office is None:
        message = (
            f"{name}: expected LibreOffice, which reads .doc and .wps for the kit, found none; install it, or {remedy}"
        )
        raise SourceError(message)
    with tempfile.TemporaryDirectory(prefix="kit-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        (folder / "source.doc").write_bytes(content)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--norestore", "--infilter=MS Word 97", "--convert-to", "docx"]
        _run([*command, "--outdir", place, str(folder / "source.doc")], folder)
        if (folder / "source.docx").exists():
            return (folder / "source.docx").read_bytes()
    message = f"{name}: expected a document that LibreOffice can read, found one that it cannot (damaged?); {remedy}"
    raise SourceError(message)


def _run(command: list[str], folder: Path) -> None:
    """Run LibreOffice and wait; when it takes too long, what it started ends with it."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=folder, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    ) as process:
        try:
            process.wait(timeout=MAX_SECONDS)
        except subprocess.TimeoutExpired:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
