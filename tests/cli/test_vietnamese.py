"""What the command line says where it is called wrongly, and on its help pages."""

import re

import click
import pytest
from click.testing import CliRunner

from giamngheo.cli import COMMANDS, main

ENGLISH = re.compile(r"Usage|Options|Commands|default|required|Show |exit\b|INTEGER|TEXT|\bPATH\b|Error")


def said(*arguments):
    done = CliRunner().invoke(main, arguments)
    return done.exit_code, done.output.strip()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("report", "Thiếu UNIT. Xem cách dùng: {} report --help"),
        ("reprot x", "Không có lệnh reprot; có phải report. Xem cách dùng: {} --help"),
        ("report a b c", "Thừa 'c'. Xem cách dùng: {} report --help"),
        ("new x 2024 --fron y", "Không có tùy chọn --fron; có phải --from. Xem cách dùng: {} new --help"),
        ("new x abc", "YEAR: giá trị 'abc' không đúng; ghi một số. Xem cách dùng: {} new --help"),
        ("validate x --lang fr", "--lang: giá trị 'fr' không đúng; ghi một trong: vi, en."),
        ("households check no.csv no.xlsx", "FILE: giá trị 'no.csv' không đúng; cần một tệp đã có và đọc được."),
        ("batch --timeout 0", "--timeout: giá trị '0' không đúng; ghi một số từ 1 trở lên."),
        ("report a b --data", "Tùy chọn --data thiếu giá trị hoặc thừa giá trị."),
        ("collect x.xlsx", "Thiếu --into. Xem cách dùng: {} collect --help"),
        ("households chek", "Không có lệnh chek; có phải check. Xem cách dùng: {} households --help"),
    ],
)
def test_a_wrong_call_is_told_in_one_vietnamese_line_and_ends_with_2(arguments, words):
    status, told = said(*arguments.split())

    assert status == 2
    assert len(told.splitlines()) == 1
    assert words.format("main") in told


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
