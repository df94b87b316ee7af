"""The notebooks in a real browser: JupyterLab on localhost, headless Chromium; screenshots are kept as artefacts.

``KIT_ARTEFACTS`` names the folder that screenshots go to; without it they stay in pytest's temporary folder.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from functools import cache
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import kit
from kit.data import path
from kit.run import notebooks

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: notebooks are not opened in it")
SETTINGS = {"notebook-extension/tracker": {"windowingMode": "none"}}  # every cell stands in the page, seen or not
SETTLED = "岚溪县的汇编.txt"
# A notebook of the tests' own: what is settled is written beside a copy of the sample.
SETTLING = ["import kit", f"analysis = kit.analyse({SETTLED!r})", "kit.settle(analysis)", "kit.edit_themes(analysis)"]
FIGURE = "kit.plot_"
WAIT = 120_000  # milliseconds
ASKED: list[str] = []  # what pages have requested
WRONG: list[str] = []  # what their consoles have said went wrong


@pytest.fixture(scope="module")
def artefacts(tmp_path_factory) -> Path:
    folder = Path(os.environ.get("KIT_ARTEFACTS") or tmp_path_factory.mktemp("artefacts"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> Path:
    """The folder that JupyterLab works in."""
    folder = tmp_path_factory.mktemp("lab") / "work"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def lab(work):
    """Return the address of a JupyterLab, with its token, on notebooks without outputs and the later sample."""
    root = work.parent
    nbformat.write(book_of("settling.ipynb"), work / "settling.ipynb")
    shutil.copy(kit.sample(2023), work / SETTLED)
    for file in notebooks():
        book = nbformat.read(file, as_version=4)
        for cell in book.cells:
            if cell.cell_type == "code":
                cell.update(outputs=[], execution_count=None)
        nbformat.write(book, work / file.name)
    shutil.copy(kit.sample(2024), work)
    for name, setting in SETTINGS.items():
        file = root / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(setting), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    folders = {name: str(root / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    env = (
        os.environ
        | folders
        | {"JUPYTERLAB_SETTINGS_DIR": str(root / "settings"), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
        | {"JUPYTER_CONFIG_PATH": str(path("jupyter"))}  # as `kit lab` sets it: no news, no look for updates
    )
    for name in ("KIT_SOURCE", "KIT_EARLIER", "KIT_SOURCES"):
        env.pop(name, None)
    options = [f"--ServerApp.{name}" for name in (f"port={port}", "port_retries=0", "ip=127.0.0.1", f"root_dir={work}",
                                                  "open_browser=False", "allow_root=True")]  # fmt: skip
    command = [sys.executable, "-m", "jupyterlab", *options, f"--IdentityProvider.token={token}"]
    with (root / "lab.log").open("w") as log, subprocess.Popen(command, env=env, stdout=log, stderr=log) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/api?token={token}", server, root / "lab.log")
            yield lambda name: f"http://127.0.0.1:{port}/lab/tree/{name}?token={token}&reset"
        finally:
            server.terminate()
            server.wait(30)


def wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            assert server.poll() is None, log.read_text()
            time.sleep(0.5)
        else:
            return
    pytest.fail(f"JupyterLab did not answer: {log.read_text()}")


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def pages(lab, browser):
    """Return the page of a notebook, all of its cells run when it was first asked for."""

    @cache
    def open_notebook(name):
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(WAIT)
        page.on("request", lambda request: ASKED.append(request.url))
        page.on("console", lambda said: WRONG.append(f"{name}: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: WRONG.append(f"{name}: {error}"))
        page.goto(lab(name))
        page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        page.wait_for_selector("#jp-main-statusbar :text('| Idle')")  # the kernel has answered
        page.click(".lm-MenuBar-itemLabel:text-is('Run')")
        page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")
        codes = sum(cell.cell_type == "code" for cell in book_of(name).cells)
        page.wait_for_function(f"""() => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
            .filter(prompt => /\\[\\d+\\]/.test(prompt.textContent)).length >= {codes}
            || document.querySelector('[data-mime-type="application/vnd.jupyter.error"]')""")
        return page

    return open_notebook


@pytest.fixture
def run(pages, artefacts, request):
    """Return the page of a notebook; a screenshot is kept when the test is over."""
    shown = []

    def show(name):
        shown.append((pages(name), name))
        return shown[-1][0]

    yield show
    for page, name in shown:
        tall = page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollHeight")
        page.set_viewport_size({"width": 1400, "height": min(tall + 150, 16_000)})
        page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0")
        page.wait_for_timeout(500)
        page.screenshot(path=artefacts / f"{Path(name).stem}-{request.node.originalname.removeprefix('test_')}.png")
        page.set_viewport_size({"width": 1400, "height": 1000})


def book_of(name: str):
    if name == "settling.ipynb":
        cells = [nbformat.v4.new_code_cell(cell) for cell in SETTLING]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    return nbformat.read(next(file for file in notebooks() if file.name == name), as_version=4)


def outputs(page, mime: str) -> list[str]:
    return page.locator(f'.jp-OutputArea-output[data-mime-type="{mime}"]').all_inner_texts()


NAMES = [file.name for file in notebooks()]


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_runs_and_every_figure_is_drawn(run, name):
    page = run(name)
    assert outputs(page, "application/vnd.jupyter.error") == []
    assert outputs(page, "application/vnd.jupyter.stderr") == []
    figures = sum(FIGURE in cell.source for cell in book_of(name).cells)
    widths = page.locator(".jp-OutputArea-output img").evaluate_all("images => images.map(i => i.naturalWidth)")
    assert len(widths) == figures
    assert all(width > 500 for width in widths)


def test_hits_follow_what_is_typed(run):
    page = run("2-terms.ipynb")
    box = page.locator(".jp-OutputArea .widget-text input[type=text]").first
    box.fill("")
    box.press_sequentially("乡镇", delay=50)
    page.wait_for_selector("code:text(\"kit.find_in_context(analysis.compilation, words='乡镇')\")")
    found = kit.find_in_context(kit.read(kit.sample()), "乡镇")
    assert len(found) > 5
    page.wait_for_selector(f".widget-html caption:text-is('{min(len(found), 100)} / {len(found)}')")
    assert page.locator(".widget-html tbody tr").count() == min(len(found), 100)


def test_a_click_on_a_cell_shows_its_sentences(run):
    page = run("3-themes.ipynb")
    counts = kit.analyse(kit.sample()).theme_totals
    row = counts[(counts["theme"] == "safety") & (counts["n_sentences"] > 0)].iloc[-1]
    page.click(f".jupyter-button[title^='{row['agency']}，安全']")
    page.wait_for_selector(f"code:text(\"report={row['report']}, theme='safety'\")")
    page.wait_for_selector(f".widget-html caption:text-is('{min(row['n_sentences'], 30)} / {row['n_sentences']}')")
    assert page.locator(".widget-html mark").count() >= row["n_sentences"]


def test_a_mark_of_coverage_shows_review_and_plan_side_by_side(run):
    page = run("4-coverage.ipynb")
    page.click(".jupyter-button:text-is('●') >> nth=3")
    page.wait_for_selector('code:text("sides=True")')
    heads = page.locator(".widget-html thead th").all_inner_texts()[:2]
    assert [head.split()[0] for head in heads] == ["总结", "计划"]


def test_a_compilation_is_chosen_from_the_folder(run):
    page = run("1-compilation.ipynb")
    page.locator(".jp-OutputArea select").first.select_option(label="2024.txt")
    page.wait_for_selector("code:text(\"kit.analyse(source='2024.txt')\")")
    assert "2024.txt" in page.locator(".widget-html p").first.inner_text()


def wait_for_text(file: Path, words: str) -> str:
    for _ in range(120):
        if file.exists() and words in (text := file.read_text(encoding="utf-8")):
            return text
        time.sleep(0.5)
    pytest.fail(f"{file.name} never held {words}")


def test_a_doubt_is_settled_a_match_overruled_and_a_theme_changed(run, work):
    page = run("settling.ipynb")
    row = page.locator(".widget-hbox:has(> .widget-html)").filter(has_text="标题写“县生态环境分局”").last
    row.locator("select").select_option(label="单位是……（输入名称）")
    row.locator("input[placeholder=输入]").fill("县生态环境分局")
    row.locator("input[placeholder=附注]").fill("电话问过")
    row.locator("button:text-is('写入')").click()
    settled = wait_for_text(work / SETTLED.replace(".txt", ".kit.toml"), "[[report]]")
    assert 'agency = "县生态环境分局"\nnote = "电话问过"' in settled
    page.locator(".jp-OutputArea select").first.select_option(label="计划与总结的对应")
    row = page.locator(".widget-hbox:has(> .widget-html)").filter(has_text="现按：待核").first
    other = row.locator("select option").nth(1).inner_text().removeprefix("依据是：")[:12]
    row.locator("select").select_option(index=1)
    row.locator("button:text-is('写入')").click()
    wait_for_text(work / SETTLED.replace(".txt", ".kit.toml"), "[[match]]")
    panel = page.locator(".jp-OutputArea").last
    panel.locator("select").first.select_option(label="体育")
    panel.locator("input[type=text]").first.fill("安全生产")
    panel.locator("input[type=text]").first.press("Enter")
    panel.locator("text=/增加\\d+句/").first.wait_for()
    panel.locator("button:text-is('写入')").click()
    wait_for_text(work / SETTLED.replace(".txt", ".themes.toml"), "安全生产")
    after = kit.analyse(work / SETTLED)
    assert after.compilation.reports["agency"][4] == "县生态环境分局"
    decided = after.matches.query("decided_by == 'override' and rank == 1").iloc[0]
    evidence = after.compilation.text[decided["evidence_start"] : decided["evidence_end"]]
    assert (decided["status"], other in " ".join(evidence.split())) == ("continued", True)
    assert "安全生产" in set(after.hits.query("theme == 'sports'")["term"])
    check_next_run(work)


def check_next_run(work: Path) -> None:
    """What was settled stands in the pages and tables of the next run."""
    command = [sys.executable, "-m", "kit.cli", "run", SETTLED, "-o", "out", "--lang", "zh", "--only", "report,tables"]
    subprocess.run(command, check=True, cwd=work, capture_output=True)
    tables = {name: pd.read_csv(work / "out" / "tables" / f"{name}.csv") for name in ("reports", "matches", "hits")}
    assert tables["reports"]["agency"][4] == "县生态环境分局"
    assert "override" in set(tables["matches"]["decided_by"])
    assert "安全生产" in set(tables["hits"].query("theme == 'sports'")["term"])
    for name in ("index.html", "report.html"):
        text = (work / "out" / name).read_text(encoding="utf-8")
        assert "县生态环境分局" in text
        assert "标题写“县生态环境分局”" not in text
    manifest = (work / "out" / "manifest.json").read_text(encoding="utf-8")
    assert all(SETTLED.replace(".txt", ending) in manifest for ending in (".kit.toml", ".themes.toml"))


def test_nothing_is_asked_of_another_host_nor_of_the_reader_and_no_console_complains(run):
    page = run("settling.ipynb")
    hosts = {urllib.parse.urlsplit(address).hostname for address in ASKED if address.startswith("http")}
    assert hosts == {"127.0.0.1"}
    assert page.locator("text=/Jupyter news|new version/i").count() == 0
    assert WRONG == []


def test_the_labs_announcements_are_off_in_its_settings(run):
    page = run("settling.ipynb")
    said = page.evaluate("""async () => {
        const token = new URLSearchParams(location.search).get('token') ?? '';
        const answer = await fetch('/lab/api/settings/@jupyterlab/apputils-extension:notification?token=' + token);
        return (await answer.json()).schema.properties}""")
    assert (said["fetchNews"]["default"], said["checkForUpdates"]["default"]) == ("false", False)
    assert [address for address in ASKED if "/lab/api/news" in address or "/lab/api/update" in address] == []
