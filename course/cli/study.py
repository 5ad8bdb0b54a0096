"""``course study``."""

from __future__ import annotations

import click


@click.command("study")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 takes a free one")
@click.option("--no-browser", is_flag=True, help="only say the address")
def command(port: int, no_browser: bool) -> int:
    """Open the study site in your browser: lessons, questions, cards, tests, interviews, and a convolution explorer.

    Only this machine can reach it. Ctrl-C ends it.
    """
    from course.study.errors import MissingExtra
    from grader.core.course import course_root

    try:
        from course.site.serve import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in {"starlette", "uvicorn"}:
            raise MissingExtra(str(error.name)) from None
        raise
    serve(course_root(), port, browser=not no_browser, say=click.echo)
    return 0
