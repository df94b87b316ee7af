"""The command ``kit``: parses, calls one function of the library, prints."""

import gc
import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

import kit
from kit.data import LANGS, find_lang, knowledge, own_file, path, say_error
from kit.errors import KitError
from kit.wording import label

PATH = click.Path(path_type=Path)
SOURCE = click.argument("source", required=False, type=PATH)
SOURCES = click.argument("sources", nargs=-1, type=PATH, is_eager=True)  # known where an option names them
LANG = click.option("--lang", type=click.Choice(LANGS), default=lambda: find_lang(of_system=True))
SAID = click.option("--lang", type=click.Choice(LANGS), expose_value=False)  # of what goes wrong alone


class Page(click.HelpFormatter):
    """A page of help in Chinese, its own words too (Usage, Options)."""

    def write(self, string: str) -> None:
        """Write a piece of it."""
        for english, chinese in knowledge("help.toml")["click"].items():
            string = string.replace(english, chinese)
        super().write(string)


class Spoken(click.Context):
    """Where help is written in Chinese."""

    formatter_class = Page


class Speaking(click.Group):
    """The command: its help and whatever goes wrong in the language that --lang, KIT_LANG or the system names."""

    def main(self, args: Any = None, *more: Any, **options: Any) -> Any:
        """Choose the language before anything is parsed; say errors, the parser's too, without a traceback."""
        show_anything()
        named = re.findall("(?:^| )--lang[ =](\\S+)", " ".join(map(str, sys.argv[1:] if args is None else args)))
        lang = "en"
        try:
            lang = named[0] if named and named[0] in LANGS else find_lang(of_system=True)
            _speak(self, "kit", lang)
            sys.exit(super().main(args, *more, **options | {"standalone_mode": False}))
        except KitError as error:
            _refuse(str(error), lang)
        except click.ClickException as error:
            context = getattr(error, "ctx", None)
            usage = f"{context.get_usage()}\n" if context else ""
            _refuse(error.format_message(), lang, usage, code=error.exit_code)
        except click.Abort:
            _refuse("Aborted!", lang)


def _refuse(message: str, lang: str, before: str = "", *, code: int = 1) -> NoReturn:
    click.echo(before + say_error(message, lang), err=True)
    sys.exit(code)


def _speak(command: click.Command, name: str, lang: str) -> None:
    """Give a command, its options and the commands in it their help in one language (`help.toml`)."""
    known = knowledge("help.toml")
    words = known["options"] | known.get(name, {"help": {lang: command.help}})
    command.help, command.context_class = words["help"][lang], Spoken if lang == "zh" else click.Context
    for option in command.params:
        if isinstance(option, click.Option) and option.name in words:
            option.help = words[option.name][lang]
    if isinstance(command, click.Group):
        for one, inner in command.commands.items():
            _speak(inner, one if name == "kit" else f"{name} {one}", lang)


def _bar(length: int) -> Any:
    """Return a progress bar on stderr, where that is a terminal, which says what is being done."""
    looks: Any = {"show_pos": True, "show_eta": False, "item_show_func": lambda words: words}
    return click.progressbar(length=length, file=sys.stderr, hidden=not sys.stderr.isatty(), **looks)


def show_anything() -> None:
    """Let a console that cannot show a character (cp936, cp437) show its code, so that no command stops there."""
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


@click.group(cls=Speaking, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(kit.__version__, prog_name="kit", message="%(prog)s %(version)s")
def main() -> None:
    """Read, count, match and draw compilations (汇编) of Chinese government work reports."""
    gc.set_threshold(100_000)  # tables and drawings are many values that stay: looking them through took a sixth


def _set_relation(_: click.Context, __: click.Parameter, value: str | None) -> None:
    """Let every analysis of this command, and of the kernels that it starts, know what the sources are."""
    if value:
        os.environ["KIT_AS"] = value


def _refuse_earlier(context: click.Context, parameter: click.Parameter, value: Path | None) -> None:
    """Show the form that took the place of --earlier."""
    if value is not None:
        later = " ".join(map(str, context.params.get("sources", ()))) or "LATER"
        message = f"{parameter.opts[0]} is gone: name the years in their order, kit {context.info_name} {value} {later}"
        raise click.UsageError(message)


EARLIER = click.option("--earlier", type=PATH, hidden=True, expose_value=False, callback=_refuse_earlier)
KINDS = click.Choice(["years", "places"])
AS = click.option("--as", "relation", type=KINDS, expose_value=False, callback=_set_relation)


def _parts(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Return the parts of a run that are named, with commas; all without."""
    from kit.show.bundle import PARTS

    parts = tuple(value.split(",")) if value else PARTS
    if unknown := [part for part in parts if part not in PARTS]:
        message = f"expected some of {','.join(PARTS)}, found {unknown[0]!r}"
        raise click.BadParameter(message)
    return parts


@main.command()
@SOURCES
@click.option("-o", "--output", type=PATH, default=Path("out"), show_default=True)
@LANG
@click.option("--diff", is_flag=True)
@AS
@EARLIER
@click.option("--by", type=click.Choice(["sector", "level", "place", "period"]), default=None)
@click.option("--dated", is_flag=True)
@click.option("--force", is_flag=True)
@click.option("--only", callback=_parts, metavar="PARTS")
def run(sources: tuple[Path, ...], output: Path, lang: str, *, dated: bool, diff: bool, **options: Any) -> None:
    """Run the notebooks on SOURCES: a compilation (default: the sample), or several: years, places, or both."""
    from kit.run import count_steps, run_notebooks
    from kit.show.publish import dated_folder, kept_files, last_run

    before = last_run(output) if dated else output
    output = dated_folder(output) if dated else output
    with _bar(count_steps(two_years=len(sources) > 1)) as bar:
        step = partial(bar.update, 1)
        output = run_notebooks(sources, output, lang=lang, progress=step, before=before if diff else None, **options)
    kept = kept_files(output)
    if diff:
        click.echo((output / kept.get("changes.md", "changes.md")).read_text(encoding="utf-8"))
    for edited, new in kept.items():
        click.echo(label("run", "kept", lang).format(edited=output / edited, new=new))
    _say_relation(output)
    click.echo(output / "index.html")


def _say_relation(output: Path) -> None:
    """Print what several sources were taken to be to each other, as the manifest has it."""
    from kit.show.publish import read_manifest

    if said := read_manifest(output).get("relation"):
        click.echo(said)


@main.command()
@click.argument("source", type=PATH)
@click.option("--depth", default=2, show_default=True, metavar="N")
@click.option("--write-overrides", is_flag=True)
@LANG
def check(source: Path, depth: int, lang: str, *, write_overrides: bool) -> None:
    """Print the outline of SOURCE as it was read, and what is doubtful."""
    from kit.read.overrides import FILE, draft_overrides
    from kit.show.publish import write_new
    from kit.show.quotes import write_doubts

    analysis = kit.analyse(source, lang=lang)
    click.echo(kit.show_outline(analysis, depth=depth))
    click.echo("\n" + write_doubts(analysis))
    if write_overrides:
        click.echo(write_new(own_file(source, FILE), draft_overrides(analysis.compilation)))


@main.command()
@click.argument("sources", nargs=-1, required=True, type=PATH)
@LANG
def settle(sources: tuple[Path, ...], lang: str) -> None:
    """Settle what is doubtful in SOURCES, one question after another: doubts, matches, promises, numbers."""
    from kit.show.panels import ask

    found = kit.analyse(sources[0] if len(sources) == 1 else list(sources), lang=lang)
    ask(found, say=click.echo, hear=sys.stdin.readline)


@main.command()
@click.argument("sources", nargs=-1, required=True, type=PATH)
@click.option("-o", "--output", type=PATH, required=True)
@AS
@EARLIER
@LANG
def tables(sources: tuple[Path, ...], output: Path, lang: str) -> None:
    """Write every table of SOURCES as CSV, and text.txt, the text as read."""
    from kit.show.bundle import export_tables

    folder = export_tables(sources, output, lang=lang)
    _say_relation(folder)
    click.echo(folder)


@main.command()
@click.argument("sources", nargs=-1, required=True, type=PATH)
@click.option("-o", "--output", type=PATH, required=True)
@click.option("--id", "ids", default="")
@click.option("--text")
@click.option("--workers", type=click.IntRange(1), metavar="N")
@click.option("--scheduler")
@LANG
def corpus(sources: tuple[Path, ...], output: Path, ids: str, lang: str, **options: Any) -> None:
    """Measure thousands of SOURCES (files, folders, patterns, ZIPs, tables), each by itself, into Parquet."""
    from kit.measure.corpus import build_corpus

    names = [name for name in re.split("[,/]", ids) if name]
    with _bar(1) as bar:

        def step(done: int, seen: int) -> None:
            """Move the bar to what is done of what has been seen."""
            bar.length = max(seen, 1)
            bar.update(done - bar.pos)

        try:
            build_corpus(sources, output, ids=names, progress=step, **options)
        except KeyboardInterrupt as error:
            message = f"{output}: stopped; what was measured is kept, the same command goes on from there"
            raise click.ClickException(message) from error
    click.echo(f"{output}: {kit.open_corpus(output, lang=lang)}")


@main.command(context_settings={"ignore_unknown_options": True})
@SOURCES
@click.option("-d", "--folder", type=PATH, default=Path("kit-notebooks"), show_default=True)
@AS
@EARLIER
@LANG
def lab(sources: tuple[Path, ...], folder: Path, lang: str) -> None:
    """Open JupyterLab on working copies of the notebooks, with SOURCES (a compilation, several, a corpus) set."""
    from kit.measure.places import arrange
    from kit.measure.pooled import FACTS
    from kit.read.source import find_files
    from kit.run import copy_notebooks, write_settings
    from kit.show.style import say_relation

    words = [str(one) for one in sources]
    begin = next((at for at, word in enumerate(words) if word.startswith("-")), len(words))
    named, options = sources[:begin], words[begin:]
    corpus = len(named) == 1 and (named[0] / FACTS).is_file()
    for source in () if corpus else named:
        find_files(source)
    paths = [str(source.resolve()) for source in named]
    os.environ.update(zip(("KIT_SOURCE", "KIT_EARLIER"), reversed(paths), strict=False))
    if len(paths) > 1:
        os.environ["KIT_SOURCES"] = os.pathsep.join(paths)
        click.echo(say_relation(*arrange([kit.read(source) for source in named], os.environ.get("KIT_AS")), lang))
    copy_notebooks(folder, lang, corpus=corpus)
    if named and not corpus:
        write_settings(folder, paths, lang)
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in options:
        options.append("--allow-root")
    own = [str(path("jupyter")), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(own)
    sys.exit(subprocess.call([sys.executable, "-m", "jupyterlab", str(folder), *options]))


@main.command()
@click.argument("folder", type=PATH)
@SOURCE
@LANG
def new(folder: Path, source: Path | None, lang: str) -> None:
    """Make FOLDER to work in: SOURCE, the notebooks, a file for doubts and one for themes, ready to keep under git."""
    from kit.run import new_folder

    for file in new_folder(folder, source, lang=lang):
        click.echo(file)


@main.group()
def themes() -> None:
    """Check a codebook, begin one's own, code sentences to measure it."""


@themes.command("check")
@SOURCE
@click.option("--all", "notes", is_flag=True)
@LANG
def check_codebook(source: Path | None, lang: str, *, notes: bool) -> None:
    """List the entries of the codebook to mend, with SOURCE also those that it shows to be idle or silent."""
    from kit.measure.codebook import codebook_of, read_codebook
    from kit.measure.scoring import check_themes, write_findings

    compilation = kit.read(source) if source else None
    codebook = codebook_of(compilation) if compilation else read_codebook()
    click.echo(write_findings(check_themes(codebook, compilation), codebook, lang=lang, notes=notes))


@themes.command()
@click.argument("source", type=PATH)
@SAID
def draft(source: Path) -> None:
    """Write a file of own themes beside SOURCE from the frequent terms that no theme covers."""
    from kit.measure.codebook import THEMES
    from kit.measure.scoring import draft_themes
    from kit.show.publish import write_new

    click.echo(write_new(own_file(source, THEMES), draft_themes(kit.read(source))))


@themes.command("sample")
@click.argument("source", type=PATH)
@click.option("-n", default=100, show_default=True, metavar="N")
@click.option("--seed", default=0, show_default=True, metavar="N")
@SAID
def sample_sheet(source: Path, n: int, seed: int) -> None:
    """Write a sheet of sentences of SOURCE to code by reading; `kit.score` scores by it."""
    from kit.measure.scoring import CODING, sample_sentences
    from kit.show.publish import neutralise, write_new

    sheet = neutralise(sample_sentences(kit.read(source), n, seed=seed))
    click.echo(write_new(own_file(source, CODING), "\ufeff" + sheet.to_csv(index=False, lineterminator="\n")))


if __name__ == "__main__":
    main()
