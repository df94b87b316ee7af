"""Compilations whose briefings are tested: the sample, one report, sixty, and texts that break careless writers."""

import shutil
import subprocess
from pathlib import Path

import small

import kit
from kit.show.style import font_file

WORK = (
    "新建学校",
    "农村公路",
    "安全生产检查",
    "教师培训",
    "招商引资",
    "数字化平台",
    "乡村振兴",
    "污染防治",
    "党建工作",
    "医共体",
)
HOSTILE = (
    "=1+1<script>alert('读')</script>局",
    [("achievements", "一、", "工作总结。+开展安全生产检查20次，<b>党建</b>工作稳步推进。@推进项目建设3个。"),
     ("plan", "二、", "工作计划。-继续推进项目建设，抓好安全生产检查。=SUM(A1)推进党建<img src=x onerror=alert(1)>。")],
)  # fmt: skip
SCHOOLS = (
    "县教育局",
    [("achievements", "一、", "工作总结。新建学校3所，开展教师培训20场。"),
     ("plan", "二、", "工作计划。新建学校2所，继续开展教师培训。")],
)  # fmt: skip


def _centre(number: int) -> tuple:
    first, second, third = (WORK[(number * step + shift) % 10] for step, shift in ((1, 0), (3, 0), (7, 1)))
    review = f"工作总结。推进{first}{number + 1}项。开展{second}和项目建设。完成{third}任务。"
    plan = f"工作计划。继续推进{first}{number + 2}项。开展{WORK[(number * 3 + 1) % 10]}。"
    return f"青溪县第{number}服务中心", [("achievements", "一、", review), ("plan", "二、", plan)]


KINDS = {
    "sample": lambda: kit.read(kit.sample(2023)),
    "hostile": lambda: small.compilation(HOSTILE, SCHOOLS, _centre(7)),
    "one": lambda: small.compilation(SCHOOLS),
    "sixty": lambda: small.compilation(*map(_centre, range(60))),
}


def to_pdf(files: list[Path], folder: Path) -> list[Path]:
    """Convert office files by LibreOffice, which is given the figures' font for Chinese."""
    fonts = folder / "fonts.conf"
    fonts.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><include ignore_missing="yes">'
        f"/etc/fonts/fonts.conf</include><dir>{font_file().parent}</dir></fontconfig>",
        encoding="utf-8",
    )
    copies = [Path(shutil.copy(file, folder / f"{n}{file.suffix}")) for n, file in enumerate(files)]
    command = ["soffice", f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless", "--convert-to", "pdf"]
    environment = {"FONTCONFIG_FILE": str(fonts), "HOME": str(folder), "PATH": "/usr/bin:/bin:/usr/local/bin"}
    subprocess.run(
        [*command, "--outdir", folder, *copies], check=True, capture_output=True, env=environment, timeout=300
    )
    return [copy.with_suffix(".pdf") for copy in copies]
