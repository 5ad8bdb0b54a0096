"""``grader``: finds the verb, runs it, and turns a GraderError into one sentence and exit code 2."""

from __future__ import annotations

import importlib
import sys
from itertools import takewhile
from typing import Final

import click

from grader.core.errors import GraderError

VERBS: Final = {
    "grade": "grade every submission in a folder",
    "audit": "prove that topics are fit to release",
    "release": "derive what students get, or check that it is current",
    "report": "write the class report and the students' feedback again, from the gradebook",
    "similar": "pairs of submissions that share rare code, side by side",
    "diff": "who moves between two runs, by how much, and through which check",
    "adjust": "change a task's points by hand, or comment; survives every regrade",
    "grades": "everybody's course grade: weights, late days and dropped topics counted",
    "publish": "freeze what students see of a run",
    "gradebook": "back up, restore or check a gradebook",
    "export": "the course or its grades for nbgrader, Canvas, Moodle, Gradescope, Classroom 50 …",
    "doctor": "what this host really enforces, line by line",
    "new": "a topic skeleton",
    "demo": "grade the shipped sample class and open its report",
}


class LazyVerbs(click.Group):
    """Imports a verb's module when it is called, so that ``--help`` and a typing slip cost nothing."""

    package = "grader.cli"
    verbs = VERBS

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs, in the order of a day's work."""
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb's command, imported now; None for no verb of ours."""
        if cmd_name not in self.verbs:
            return None
        command: click.Command = importlib.import_module(f"{self.package}.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One line a verb, without importing any."""
        with formatter.section("Verbs"):
            formatter.write_dl(list(self.verbs.items()))


@click.group(cls=LazyVerbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="show a traceback when the grader breaks")
@click.version_option(package_name="stride-course")
def cli(debug: bool) -> None:
    """Grade a course's submissions without their code ever meeting its tests."""


def run(group: click.Command, arguments: list[str] | None = None) -> int:
    """Run a command or a group; its exit code: 0 done, 1 something did not pass, 2 the grader or its use broke."""
    given = sys.argv[1:] if arguments is None else arguments
    # The group's own flag comes before the verb; a verb may have one of the same name.
    debug = "--debug" in takewhile(lambda argument: argument.startswith("-"), given)
    try:
        code = group.main(args=given, prog_name=group.name, standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        return _stopped()
    except click.ClickException as error:
        error.show()
        return 2
    except GraderError as error:
        if debug:
            raise
        click.echo(f"{group.name}: {error}", err=True)
        return 2
    except KeyboardInterrupt:
        return _stopped()
    except BrokenPipeError:
        # Whoever read our output has enough of it.
        sys.stderr.close()
        return 2
    except Exception as error:
        if debug:
            raise
        click.echo(
            f"{group.name}: broke by a fault of its own ({type(error).__name__}: {error}); "
            f"run it again as `{group.name} --debug …` and report what it prints",
            err=True,
        )
        return 2


def _stopped() -> int:
    click.echo("stopped; the same command goes on where it stopped", err=True)
    return 2


def main() -> None:
    """The console script."""
    sys.exit(run(cli))


cli.name = "grader"

if __name__ == "__main__":
    main()
