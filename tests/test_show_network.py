"""The network: the strongest ties of the table, nodes as large as their terms are frequent, every label free."""

import drawing
import numpy as np
import pytest
from matplotlib import pyplot

from kit.show.network import plot_network

PAIRS = drawing.pairs()


@pytest.fixture(autouse=True)
def _closed():
    yield
    pyplot.close("all")


def test_it_draws_the_strongest_ties_of_few_terms():
    ax = plot_network(PAIRS)
    ties = [line for line in ax.lines if line.get_gid() == "tie"]
    names = drawing.texts(ax.figure, "name")
    assert 5 <= len(ties) <= 60
    assert len(names) == len(set(names)) <= 30
    assert set(PAIRS["term_a"].head(3)) <= set(names)


def test_rare_pairs_and_pairs_below_chance_are_left_out():
    ax = plot_network(PAIRS.assign(log_ratio=np.where(PAIRS.index < 10, 1.0, -1.0)))
    assert len([line for line in ax.lines if line.get_gid() == "tie"]) == 10
    rare = plot_network(PAIRS.assign(n_sentences=2))
    assert "不足5条（0条）" in "".join(drawing.texts(rare.figure, "notice"))


def test_the_area_of_a_node_follows_its_frequency():
    ax = plot_network(PAIRS)
    areas = next(c for c in ax.collections if c.get_gid() == "nodes").get_sizes()
    n = {
        **dict(zip(PAIRS["term_a"], PAIRS["n_a"], strict=True)),
        **dict(zip(PAIRS["term_b"], PAIRS["n_b"], strict=True)),
    }
    counts = np.array([n[name] for name in drawing.texts(ax.figure, "name")])
    assert areas / areas.max() == pytest.approx(counts / counts.max())


def test_the_same_seed_gives_the_same_picture():
    one, other = plot_network(PAIRS), plot_network(PAIRS)
    assert [t.get_position() for t in one.texts] == [t.get_position() for t in other.texts]


def test_the_title_names_the_strongest_tie():
    first = PAIRS.sort_values("g2").iloc[-1]
    said = f"“{first['term_a']}”与“{first['term_b']}”联系最紧，{first['n_sentences']}句中同时出现"
    assert "".join(drawing.texts(plot_network(PAIRS).figure, "title")) == said
