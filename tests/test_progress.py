"""Long work says what it is doing; short work is silent."""

from kit.progress import watch


def test_short_work_shows_no_bar(capsys):
    assert list(watch(range(3), "reading reports")) == [0, 1, 2]
    assert capsys.readouterr().err == ""


def test_long_work_says_what_it_is_doing(capsys):
    assert list(watch(range(60), "reading reports")) == list(range(60))
    assert "reading reports" in capsys.readouterr().err
