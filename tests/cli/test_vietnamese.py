"""What the command line says where it is called wrongly, and on its help pages."""

import gettext
import os
import re
import subprocess
import sys
from contextlib import chdir
from importlib.resources import files
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from click.testing import CliRunner

from giamngheo.cli import COMMANDS, main

LOCALE = files("giamngheo") / "locale/vi/LC_MESSAGES"

ENGLISH = re.compile(r"Usage|Options|Commands|default|required|Show |exit\b|INTEGER|TEXT|\bPATH\b|Error")


def catalogue():
    with (LOCALE / "messages.po").open("rb") as file:
        return [entry for entry in read_po(file, locale="vi") if entry.id]


def said(*arguments):
    done = CliRunner().invoke(main, arguments)
    return done.exit_code, done.output.strip()


@pytest.mark.parametrize(
    ("arguments", "words", "command"),
    [
        ("report", "Thiếu 'UNIT'.", "main report"),
        ("reprot x", "Không có lệnh 'reprot'. Có phải 'report'?", "main"),
        ("report a b c", "Thừa 'c'.", "main report"),
        ("report a b c d", "Thừa 'c d'.", "main report"),
        ("new x 2024 --fron y", "Không có tùy chọn '--fron'. Có phải '--from'?", "main new"),
        ("new x abc", "'YEAR': giá trị 'abc' không đúng; ghi một số.", "main new"),
        ("validate x --lang fr", "'--lang': giá trị 'fr' không đúng; ghi một trong: 'vi', 'en'.", "main validate"),
        (
            "households check no.csv no.xlsx",
            "'FILE': giá trị 'no.csv' không đúng; cần một tệp đã có và đọc được.",
            "main households check",
        ),
        (
            "batch --timeout 0",
            "'--timeout': giá trị '0' không đúng; ghi một số trong khoảng 1<=x<=1000000.",
            "main batch",
        ),
        ("report a b --data", "Tùy chọn '--data' cần một giá trị.", ""),
        ("report a b --force=1", "Tùy chọn '--force' không có giá trị.", ""),
        ("collect x.xlsx", "Thiếu '--into'.", "main collect"),
        ("households chek", "Không có lệnh 'chek'. Có phải 'check'?", "main households"),
    ],
)
def test_a_wrong_call_is_told_in_vietnamese_and_ends_with_2(arguments, words, command):
    status, told = said(*arguments.split())

    assert status == 2
    assert told.splitlines()[-1] == f"Lỗi: {words}"
    assert (f"Xem cách dùng: {command} --help" in told) == bool(command)
    assert ENGLISH.findall(told) == []


@pytest.mark.parametrize(
    ("arguments", "before"),
    [
        (("report", "x", "2023-08", "--data", ""), "--data"),
        (("report", "x", "2023-08", "--out", " "), "--out"),
        (("report", "x", "2023-08", "--out="), "--out"),
        (("report", "", "2023-08"), "report"),
        (("validate", "x", "--annotate", ""), "--annotate"),
        (("households", "report", "h.csv", "2023.xlsx", "--out", ""), "--out"),
        (("verify", ""), "verify"),
        (("verify", "x", "--data", ""), "--data"),
        (("site", "--out", ""), "--out"),
        (("collect", "", "--into", "x/2023.xlsx"), "collect"),
        (("new", "x", "2024", "--data", ""), "--data"),
        (("demo", ""), "demo"),
    ],
)
def test_an_empty_value_is_not_taken_for_the_working_folder(arguments, before, tmp_path):
    with chdir(tmp_path):
        assert said(*arguments) == (
            2,
            f"Lỗi: Giá trị sau {before} để trống; ghi giá trị ấy, hoặc bỏ hẳn nếu không cần.",
        )
    assert list(tmp_path.iterdir()) == []


def test_options_of_another_program_may_be_empty(monkeypatch):
    given = []
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", lambda words: given.extend(words))
    assert said("lab", "--ServerApp.token=")[0] == 0
    assert given[-1] == "--ServerApp.token="


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "tu-mo-rong", "2023-08", "--out", "file"),
        ("batch", "tu-mo-rong", "2023-08", "--out", "file/below"),
        ("site", "--out", "file"),
        ("site", "--public", "--into", "file"),
        ("households", "report", "file", "file", "--out", "file"),
        ("report", "tu-mo-rong", "2023-08", "--data", "file"),
        ("validate", "--all", "--data", "file"),
    ],
)
def test_a_file_in_place_of_a_folder_is_told_before_any_work(arguments, tmp_path):
    (tmp_path / "file").touch()
    with chdir(tmp_path):
        status, told = said(*arguments)
    assert status == 2
    assert re.fullmatch(r"\S*file là tệp, không phải thư mục [^\n]*; ghi tên thư mục[^\n]*\.", told)


def test_click_speaks_vietnamese_whatever_the_machine_speaks():
    command = [sys.executable, "-c", "from giamngheo.cli import main; main()", "--help"]
    machine = os.environ | {"LANGUAGE": "fr", "LC_ALL": "C", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, env=machine, capture_output=True, encoding="utf-8", check=True)

    assert done.stdout.startswith("Cách dùng: ")


def test_the_words_of_click_are_compiled():
    with (LOCALE / "messages.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in catalogue():
        said_by_click = compiled.ngettext(*entry.id, 2) if entry.pluralizable else compiled.gettext(entry.id)
        assert said_by_click == (entry.string[0] if entry.pluralizable else entry.string), "run: make messages"


def test_the_words_are_still_those_of_click():
    keywords = {"_": None, "ngettext": (1, 2)}
    theirs = {found[2] for found in extract_from_dir(Path(click.__file__).parent, keywords=keywords)}

    assert {entry.id for entry in catalogue()} <= theirs


@pytest.mark.parametrize("name", ["", *COMMANDS, "households check"])
def test_help_has_no_english_frame(name):
    status, told = said(*name.split(), "--help")

    assert status == 0
    assert told.startswith("Cách dùng: ")
    assert ENGLISH.findall(told) == []


def test_what_a_command_does_is_said_whole_in_the_list():
    with click.Context(main) as context:
        lines = [main.get_command(context, name).get_short_help_str(limit=60) for name in COMMANDS]
    assert all(line.endswith(".") and not line.endswith("...") for line in lines)
