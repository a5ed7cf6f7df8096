"""NumPy: whole columns of 64-bit integers, exact."""

import numpy as np

VERSION = np.__version__
THREADS = 1


def prepare(load, columns, figures):
    rows = {name: np.array(column) for name, column in columns.items()}
    work = {"contribution": contribution, "award": award}[load]
    return lambda: work(rows, figures)


def half_up(amount, by):
    return (2 * amount + by) // (2 * by)


def contribution(rows, f):
    base = np.clip(rows["wage"], f["floor"], f["ceiling"])
    unemployment = half_up(base * f["unemployment_per_mille"], 1000)
    return {
        "contribution_base": base,
        "employer_due": half_up(base * f["employer_percent"], 100),
        "employee_due": half_up(base * f["employee_percent"], 100),
        "unemployment_employer_contribution": unemployment,
        "unemployment_employee_contribution": unemployment.copy(),
    }


def payout_tenths(f):
    """Payout months in tenths by age in months, from the first age of the table on."""
    ages = np.arange(12 * (len(f["payout_months"]) - 1))
    table = np.array(f["payout_months"])
    this, following = table[ages // 12], table[ages // 12 + 1]
    return half_up(120 * this - 10 * (this - following) * (ages % 12), 12)


def award(rows, f):
    group = np.where(rows["sex"] == 0, 0, np.where(rows["post"] == 1, 1, 2))
    age, step, greatest = (np.array(f[name], dtype=np.int32)[group] for name in ("original_age", "step", "greatest_delay"))
    original_month = rows["birth_month"] + age
    delay = np.clip(-((f["reform_start"] - 1 - original_month) // step), 0, greatest)
    retirement = original_month + delay

    divisor = payout_tenths(f)[age + delay - 12 * f["payout_first_age"]]
    account = half_up(rows["account_balance"] * 10, divisor)

    wages = rows["calculation_wage_used"] * (10_000 + rows["average_index"])
    counted = half_up(rows["contribution_months"].astype(np.int64) * 100, 12)
    deemed = half_up(rows["deemed_months"].astype(np.int64) * 100, 12)
    basic = half_up(wages * counted, 200_000_000)
    transitional = half_up(wages * deemed * f["transitional_per_mille"], 2_000_000_000)

    rises = retirement // 12 - f["minimum_rises_from"] + 1
    minimum = np.clip(f["minimum"] + f["minimum_rise"] * rises, f["minimum"], f["final_minimum"])
    reached = rows["contribution_months"] >= minimum
    return {
        "statutory_retirement_month": retirement,
        "basic_pension": basic,
        "account_pension": account,
        "transitional_pension": transitional,
        "monthly_pension": np.where(reached, basic + account + transitional, 0),
    }


def as_numpy(results):
    return results
