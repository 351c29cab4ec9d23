"""Our exporters in JupyterLab's menu.

The server of Jupyter lists every exporter in "Save and Export Notebook As" but answers only for names of letters,
digits and underscores (`_format_regex` in jupyter_server/nbconvert/handlers.py), so that each name with a hyphen
ends in "not found". This extension of the server answers for ours, by the server's own handler.
"""

from collections.abc import Awaitable
from typing import Any, cast

from giamngheo.core.errors import GiamngheoError

FORMAT = r"(?P<format>giamngheo-\w+)"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "giamngheo.export.jupyter"}]


def _load_jupyter_server_extension(app: Any) -> None:
    from jupyter_server.base.handlers import path_regex
    from jupyter_server.nbconvert.handlers import NbconvertFileHandler
    from jupyter_server.utils import url_path_join
    from tornado.web import HTTPError

    class Handler(NbconvertFileHandler):
        """The server's own handler, except that a notebook that is refused is no failure of the server."""

        async def get(self, format: str, path: str) -> None:
            try:
                await cast("Awaitable[None]", super().get(format, path))
            except HTTPError as error:
                if not isinstance(error.__cause__, GiamngheoError):
                    raise
                self.set_status(422)
                self.set_header("Content-Type", "text/plain; charset=utf-8")
                self.finish(str(error.__cause__))

    route = url_path_join(app.web_app.settings["base_url"], f"/nbconvert/{FORMAT}{path_regex}")
    app.web_app.add_handlers(".*$", [(route, Handler)])
