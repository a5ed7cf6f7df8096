"""numba: the hand-written loop in Python, compiled by LLVM when first run, exact."""

import numba
import numpy as np

VERSION = numba.__version__
THREADS = 1


def prepare(load, columns, figures):
    rows = {name: np.array(column) for name, column in columns.items()}
    work = {"contribution": contribution, "award": award}[load](figures)
    return lambda: work(**rows)


def half_up(amount, by):
    return (2 * amount + by) // (2 * by)


def contribution(f):
    floor, ceiling = f["floor"], f["ceiling"]
    employer_percent, employee_percent = f["employer_percent"], f["employee_percent"]
    per_mille = f["unemployment_per_mille"]
    rounded = numba.njit(half_up, inline="always")

    @numba.njit
    def loop(wage):
        rows = len(wage)
        base, employer, employee = np.empty(rows, np.int64), np.empty(rows, np.int64), np.empty(rows, np.int64)
        unemployment_employer, unemployment_employee = np.empty(rows, np.int64), np.empty(rows, np.int64)
        for row in range(rows):
            bounded = min(max(wage[row], floor), ceiling)
            base[row] = bounded
            employer[row] = rounded(bounded * employer_percent, 100)
            employee[row] = rounded(bounded * employee_percent, 100)
            unemployment_employer[row] = rounded(bounded * per_mille, 1000)
            unemployment_employee[row] = rounded(bounded * per_mille, 1000)
        return base, employer, employee, unemployment_employer, unemployment_employee

    names = (
        "contribution_base",
        "employer_due",
        "employee_due",
        "unemployment_employer_contribution",
        "unemployment_employee_contribution",
    )
    return lambda **rows: dict(zip(names, loop(**rows)))


def award(f):
    original_age, steps, greatest_delay = (np.array(f[name]) for name in ("original_age", "step", "greatest_delay"))
    payout_months, first_age = np.array(f["payout_months"]), f["payout_first_age"]
    reform_start, per_mille = f["reform_start"], f["transitional_per_mille"]
    least, rises_from, rise, final = (
        f[name] for name in ("minimum", "minimum_rises_from", "minimum_rise", "final_minimum")
    )
    rounded = numba.njit(half_up, inline="always")

    @numba.njit
    def payout_tenths(age):
        year = age // 12 - first_age
        over = age % 12
        this = payout_months[year]
        if over == 0:
            return this * 10
        return rounded(this * 120 - (this - payout_months[year + 1]) * over * 10, 12)

    @numba.njit
    def loop(
        sex,
        post,
        birth_month,
        contribution_months,
        deemed_months,
        account_balance,
        average_index,
        calculation_wage_used,
    ):
        rows = len(sex)
        retirement = np.empty(rows, np.int32)
        basics, accounts = np.empty(rows, np.int64), np.empty(rows, np.int64)
        transitionals, pensions = np.empty(rows, np.int64), np.empty(rows, np.int64)
        for row in range(rows):
            group = 0 if sex[row] == 0 else 1 if post[row] == 1 else 2
            age = original_age[group]
            original_month = birth_month[row] + age
            delay = -((reform_start - 1 - original_month) // steps[group])
            delay = min(max(delay, 0), greatest_delay[group])
            month = original_month + delay
            account = rounded(account_balance[row] * 10, payout_tenths(age + delay))
            wages = calculation_wage_used[row] * (10_000 + average_index[row])
            basic = rounded(wages * rounded(contribution_months[row] * 100, 12), 200_000_000)
            deemed = rounded(deemed_months[row] * 100, 12)
            transitional = rounded(wages * deemed * per_mille, 2_000_000_000)
            minimum = min(max(least + rise * (month // 12 - rises_from + 1), least), final)
            retirement[row] = month
            basics[row] = basic
            accounts[row] = account
            transitionals[row] = transitional
            pensions[row] = basic + account + transitional if contribution_months[row] >= minimum else 0
        return retirement, basics, accounts, transitionals, pensions

    names = (
        "statutory_retirement_month",
        "basic_pension",
        "account_pension",
        "transitional_pension",
        "monthly_pension",
    )
    return lambda **rows: dict(zip(names, loop(**rows)))


def as_numpy(results):
    return results
