"""Our exporters in JupyterLab's menu.

The server of Jupyter lists every exporter in "Save and Export Notebook As" but answers only for names of letters,
digits and underscores (`_format_regex` in jupyter_server/nbconvert/handlers.py), so that each name with a hyphen
ends in "not found". This extension of the server answers for ours, by the server's own handler.
"""

from typing import Any

FORMAT = r"(?P<format>giamngheo-\w+)"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "giamngheo.export.jupyter"}]


def _load_jupyter_server_extension(app: Any) -> None:
    from jupyter_server.base.handlers import path_regex
    from jupyter_server.nbconvert.handlers import NbconvertFileHandler
    from jupyter_server.utils import url_path_join

    route = url_path_join(app.web_app.settings["base_url"], f"/nbconvert/{FORMAT}{path_regex}")
    app.web_app.add_handlers(".*$", [(route, NbconvertFileHandler)])
