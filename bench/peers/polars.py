"""Polars: a lazy query of integer expressions, exact."""

import os

THREADS = 2
os.environ["POLARS_MAX_THREADS"] = str(THREADS)

import numpy as np
import polars as pl
from polars import col

VERSION = pl.__version__


def prepare(load, columns, figures):
    rows = pl.DataFrame({name: np.array(column) for name, column in columns.items()})
    query = {"contribution": contribution, "award": award}[load](rows.lazy(), figures)
    return lambda: query.collect()


def half_up(amount, by):
    return (2 * amount + by) // (2 * by)


def contribution(rows, f):
    base = col("contribution_base")
    unemployment = half_up(base * f["unemployment_per_mille"], 1000)
    return rows.select(contribution_base=col("wage").clip(f["floor"], f["ceiling"])).with_columns(
        employer_due=half_up(base * f["employer_percent"], 100),
        employee_due=half_up(base * f["employee_percent"], 100),
        unemployment_employer_contribution=unemployment,
        unemployment_employee_contribution=unemployment,
    )


def award(rows, f):
    def by_group(figure):
        men, managing, others = (pl.lit(months, dtype=pl.Int32) for months in f[figure])
        return pl.when(col("sex") == 0).then(men).when(col("post") == 1).then(managing).otherwise(others)

    ages = np.arange(12 * (len(f["payout_months"]) - 1))
    table = np.array(f["payout_months"])
    this, following = table[ages // 12], table[ages // 12 + 1]
    payout_tenths = pl.lit(pl.Series(half_up(120 * this - 10 * (this - following) * (ages % 12), 12)))
    return (
        rows.with_columns(age=by_group("original_age"), step=by_group("step"))
        .with_columns(original_month=col("birth_month") + col("age"))
        .with_columns(
            delay=pl.min_horizontal(
                (col("original_month") - f["reform_start"] + col("step")).clip(lower_bound=0) // col("step"),
                by_group("greatest_delay"),
            )
        )
        .with_columns(statutory_retirement_month=col("original_month") + col("delay"))
        .with_columns(
            divisor=payout_tenths.gather(col("age") + col("delay") - 12 * f["payout_first_age"]),
            wages=col("calculation_wage_used") * (10_000 + col("average_index")).cast(pl.Int64),
            minimum=(
                f["minimum"]
                + f["minimum_rise"] * (col("statutory_retirement_month") // 12 - f["minimum_rises_from"] + 1)
            ).clip(f["minimum"], f["final_minimum"]),
        )
        .select(
            "statutory_retirement_month",
            "contribution_months",
            "minimum",
            basic_pension=half_up(
                col("wages") * half_up(col("contribution_months").cast(pl.Int64) * 100, 12), 200_000_000
            ),
            account_pension=half_up(col("account_balance") * 10, col("divisor")),
            transitional_pension=half_up(
                col("wages")
                * half_up(col("deemed_months").cast(pl.Int64) * 100, 12)
                * f["transitional_per_mille"],
                2_000_000_000,
            ),
        )
        .select(
            "statutory_retirement_month",
            "basic_pension",
            "account_pension",
            "transitional_pension",
            monthly_pension=pl.when(col("contribution_months") >= col("minimum"))
            .then(col("basic_pension") + col("account_pension") + col("transitional_pension"))
            .otherwise(0),
        )
    )


def as_numpy(results):
    return {column.name: column.to_numpy() for column in results}
