"""The command ``kit``: parses, calls one function of the library, prints."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from kit import __version__
from kit.errors import KitError

SOURCE = click.argument("source", required=False, type=click.Path(path_type=Path))
LANG = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the figures."
)


def plain_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Show the kit's own errors as one message, without a traceback."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except KitError as error:
            raise click.ClickException(str(error)) from error

    return wrapped


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kit")
def main() -> None:
    """Read, count, match and draw compilations (汇编) of Chinese government work reports."""


@main.command()
@SOURCE
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("out"), show_default=True, help="Folder.")
@LANG
@click.option("--diff", is_flag=True, help="Say what has changed since the run that is in the folder.")
@plain_errors
def run(source: Path | None, output: Path, lang: str, *, diff: bool) -> None:
    """Run the notebooks on SOURCE (default: the sample); write pages, figures, tables, slides and a manifest."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from kit.run import count_steps, run_notebooks

    columns = (
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=count_steps())
        step = lambda words: bar.update(task, advance=1, description=words)  # noqa: E731
        run_notebooks(source, output, lang=lang, diff=diff, progress=step)
    if diff:
        click.echo((output / "changes.md").read_text(encoding="utf-8"))
    click.echo(output / "index.html")


@main.command()
@click.argument("source", type=click.Path(path_type=Path))
@plain_errors
def check(source: Path) -> None:
    """Print what was read from SOURCE and what is doubtful."""
    from kit.read import read

    click.echo(str(read(source)))


@main.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder.")
@plain_errors
def tables(source: Path, output: Path) -> None:
    """Write every table of SOURCE as CSV, and text.txt, the text as read."""
    from kit.read import read
    from kit.run import export_tables

    click.echo(export_tables(read(source), output))


@main.command()
@SOURCE
@click.option(
    "-d",
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("kit-notebooks"),
    show_default=True,
    help="Your working copies.",
)
@plain_errors
def lab(source: Path | None, folder: Path) -> None:
    """Open JupyterLab on working copies of the notebooks, with SOURCE set."""
    from kit.read.source import find_files
    from kit.run import notebooks
    from kit.show.publish import copy_files

    if source is not None:
        find_files(source)
        os.environ["KIT_SOURCE"] = str(source.resolve())
    copy_files(notebooks(), folder)
    sys.exit(subprocess.call([sys.executable, "-m", "jupyterlab", str(folder)]))


if __name__ == "__main__":
    main()
