"""The errors of this package: what is wrong, for a person, never a traceback."""


class GiamngheoError(Exception):
    """The work cannot go on; the message says what is wrong and what to do."""

    exit_status = 1


class WrongUseError(GiamngheoError):
    """The command or the parameters are wrong, whatever the data says."""

    exit_status = 2
