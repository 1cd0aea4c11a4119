"""The closed forms against published and independently computed values (queueing textbooks)."""

from __future__ import annotations

import numpy as np
import pytest

from proof import formulas as f


@pytest.mark.parametrize(
    ("rate", "mu", "servers", "p_wait", "lq", "wq"),
    [
        (0.5, 1, 1, 0.5, 0.5, 1.0),
        (0.8, 1, 1, 0.8, 3.2, 4.0),
        (0.9, 1, 1, 0.9, 8.1, 9.0),
        (5, 8, 1, 0.625, 1.041667, 0.208333),
        (1.6, 1, 2, 0.711111, 2.844444, 1.777778),
        (0.2, 0.1, 3, 0.444444, 0.888889, 4.444444),
        (0.25, 0.1, 3, 0.702247, 3.511236, 14.044944),
        (0.25, 0.1, 4, 0.319857, 0.533095, 2.132378),
        (0.25, 0.1, 5, 0.130371, 0.130371, 0.521485),
        (2.4, 1, 3, 0.647191, 2.588764, 1.078652),
        (4, 1, 5, 0.554113, 2.216450, 0.554113),
        (9, 1, 10, 0.668732, 6.018584, 0.668732),
        (18, 1, 20, 0.550769, 4.956921, 0.275385),
    ],
)
def test_mmc(rate, mu, servers, p_wait, lq, wq):
    q = f.mmc(rate, mu, servers)
    assert (q.p_wait, q.lq, q.wq, q.busy) == pytest.approx((p_wait, lq, wq, rate / mu), abs=1e-6)


def test_tail_and_erlang_tables():
    assert f.mmc_tail(4, 1, 5, 1) == pytest.approx(0.203847, abs=1e-6)
    assert [f.erlang_b(n, a) for n, a in ((1, 0.5), (5, 3), (10, 5), (10, 9), (20, 15))] == pytest.approx(
        [0.333333, 0.110054, 0.018385, 0.167963, 0.045593], abs=1e-6
    )
    assert [f.erlang_c(n, a) for n, a in ((5, 3), (10, 5), (10, 9), (20, 15))] == pytest.approx(
        [0.236152, 0.036105, 0.668732, 0.160429], abs=1e-6
    )


@pytest.mark.parametrize(
    ("rate", "mu", "servers", "most", "lost", "lq", "wq"),
    [
        (0.8, 1, 1, 5, 0.088819, 1.139388, 1.563065),
        (3, 4, 2, 3, 0.049360, 0.049360, 0.017308),
        (2, 1, 2, 4, 0.222222, 0.666667, 0.428571),
        (4, 1, 3, 6, 0.307831, 1.558395, 0.562866),
        (9, 1, 10, 15, 0.061259, 1.066870, 0.126277),
    ],
)
def test_mmck(rate, mu, servers, most, lost, lq, wq):
    q = f.mmck(rate, mu, servers, most)
    assert (q.lost, q.lq, q.wq) == pytest.approx((lost, lq, wq), abs=1e-6)


@pytest.mark.parametrize(
    ("rho", "cv2", "wq"),
    [
        (0.8, 0, 2.0),
        (0.8, 0.25, 2.5),
        (0.8, 0.5, 3.0),
        (0.8, 1, 4.0),
        (0.8, 2.25, 6.5),
        (0.8, 4, 10.0),
        (0.5, 4, 2.5),
    ],
)
def test_mg1(rho, cv2, wq):
    assert f.mg1(rho, 1.0, cv2).wq == pytest.approx(wq)


@pytest.mark.parametrize(
    ("rate", "servers", "theta", "lost", "wq", "p_wait", "used"),
    [
        (1, 1, 0.5, 0.313035, 0.626071, 0.686965, 0.686965),
        (4, 3, 0.5, 0.306797, 0.613593, 0.844556, 0.924271),
        (10, 10, 0.2, 0.077693, 0.388464, 0.715627, 0.922307),
        (1.2, 1, 0.1, 0.252828, 2.528277, 0.896607, 0.896607),
        (5, 4, 1.0, 0.287369, 0.287369, 0.734974, 0.890789),
    ],
)
def test_erlang_a(rate, servers, theta, lost, wq, p_wait, used):
    q = f.erlang_a(rate, 1.0, servers, theta)
    assert (q.lost, q.wq, q.p_wait, q.busy / servers) == pytest.approx((lost, wq, p_wait, used), abs=1e-6)


def test_priorities_only_pass_waiting_on():
    assert f.priority_waits([0.2, 0.6], 1, 1) == pytest.approx([1.0, 5.0])
    assert f.priority_waits([0.6, 0.6, 1.2], 1, 3) == pytest.approx([0.269663, 0.449438, 1.797753], abs=1e-6)
    assert f.priority_waits([1, 3], 1, 5) == pytest.approx([0.138528, 0.692641], abs=1e-6)
    rates = [0.6, 0.6, 1.2]
    passed_on = sum(r * w for r, w in zip(rates, f.priority_waits(rates, 1, 3), strict=True))
    assert passed_on == pytest.approx(2.4 * f.mmc(2.4, 1, 3).wq)


def test_networks():
    through, queues = f.jackson([1, 0, 0], [[0, 0.6, 0.3], [0, 0, 0.5], [0.1, 0, 0]], [2, 1, 0.8], [1, 1, 2])
    present = [q.lq + q.busy for q in queues]
    assert through == pytest.approx([1.063830, 0.638298, 0.638298], abs=1e-6)
    assert present == pytest.approx([1.136364, 1.764706, 0.948888], abs=1e-6)
    assert sum(present) == pytest.approx(3.849957, abs=1e-6)


def test_unlimited_seats():
    survival = f.exponential_survival(10.0)
    found = [f.stock_from_empty(10.0, survival, t) for t in (5.0, 10.0, 20.0, 50.0)]
    assert found == pytest.approx([39.3469, 63.2121, 86.4665, 99.3262], abs=1e-4)
    mu, sigma = f.lognormal_parameters(10.0, 1.0)
    assert f.stock_from_empty(1.0, f.lognormal_survival(mu, sigma), 5000.0, 500_000) == pytest.approx(
        10.0, rel=1e-5
    )


def test_seasonal_stock_follows_the_sine():
    """Rate 10 + 5 sin(2 pi t / 52), mean stay 13: known stocks at weeks 0, 13, 26 and 39 of the cycle."""
    step = 0.01
    start = np.arange(0, 40 * 52, step)
    blocks = [(step, step * (10 + 5 * np.sin(2 * np.pi * (t + step / 2) / 52))) for t in start]
    path = f.seasonal_stock(blocks, 13.0)
    found = [path[round((39 * 52 + t) / step) - 1] for t in (0, 13, 26, 39)]
    assert found == pytest.approx([100.5538, 148.7460, 159.4462, 111.2540], abs=1e-3)


def test_cohort_path_ends_in_the_steady_state():
    moves = [[0.72, 0.08], [0.05, 0.80]]
    path = f.cohort_path([[100, 60]] * 200, moves)
    assert path[-1] == pytest.approx(f.cohort([100, 60], moves), rel=1e-9)
    assert path[0] == pytest.approx([100, 60])
