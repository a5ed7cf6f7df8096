"""DuckDB: a table in memory, one query in SQL over integers, exact; a table in memory comes out."""

import duckdb
import numpy as np

VERSION = duckdb.__version__
THREADS = 2


def prepare(load, columns, figures):
    database = duckdb.connect(":memory:", config={"threads": THREADS})
    # The order of the rows is part of the result: it is compared row by row.
    rows = {name: np.array(column) for name, column in columns.items()}
    database.register("given", rows)
    database.execute("CREATE TABLE claims AS SELECT * FROM given")
    database.unregister("given")
    query = {"contribution": contribution, "award": award}[load](figures)

    def work():
        database.execute(f"CREATE OR REPLACE TABLE results AS {query}")
        return database

    return work


def half_up(amount, by):
    twice = 2 * by if isinstance(by, int) else f"(2 * {by})"
    return f"((2 * ({amount}) + {by}) // {twice})"


def contribution(f):
    unemployment = half_up(f"contribution_base * {f['unemployment_per_mille']}", 1000)
    return f"""
        SELECT
            greatest(least(wage, {f["ceiling"]}), {f["floor"]}) AS contribution_base,
            {half_up(f"contribution_base * {f['employer_percent']}", 100)} AS employer_due,
            {half_up(f"contribution_base * {f['employee_percent']}", 100)} AS employee_due,
            {unemployment} AS unemployment_employer_contribution,
            {unemployment} AS unemployment_employee_contribution
        FROM claims
    """


def payout_tenths(f):
    """Payout months in tenths by age in months, from the first age of the table on."""
    table = f["payout_months"]
    pairs = zip(table, table[1:])
    return [(120 * this - 10 * (this - following) * over + 6) // 12 for this, following in pairs for over in range(12)]


def award(f):
    def by_group(figure):
        men, managing, others = f[figure]
        return f"CASE WHEN sex = 0 THEN {men} WHEN post = 1 THEN {managing} ELSE {others} END"

    return f"""
        WITH ages AS (
            SELECT *,
                {by_group("original_age")} AS original_age,
                birth_month + original_age AS original_month,
                {by_group("step")} AS step,
                -- Steps begun since the reform; none before it, when the first term is not above 0.
                greatest(original_month - {f["reform_start"]} + step, 0) // step AS steps,
                least(steps, {by_group("greatest_delay")}) AS delay,
                original_month + delay AS statutory_retirement_month,
                original_age + delay AS age
            FROM claims
        ), parts AS (
            SELECT *,
                {payout_tenths(f)}[age - {12 * f["payout_first_age"] - 1}] AS divisor,
                calculation_wage_used * (10000 + average_index) AS wages,
                {half_up("wages * " + half_up("contribution_months * 100", 12), 200000000)} AS basic_pension,
                {half_up("account_balance * 10", "divisor")} AS account_pension,
                {half_up(f"wages * {half_up('deemed_months * 100', 12)} * {f['transitional_per_mille']}", 2000000000)}
                    AS transitional_pension,
                least({f["minimum"]} + {f["minimum_rise"]}
                        * greatest(statutory_retirement_month // 12 - {f["minimum_rises_from"] - 1}, 0),
                    {f["final_minimum"]}) AS minimum
            FROM ages
        )
        SELECT
            statutory_retirement_month,
            basic_pension,
            account_pension,
            transitional_pension,
            CASE WHEN contribution_months >= minimum
                THEN basic_pension + account_pension + transitional_pension ELSE 0 END AS monthly_pension
        FROM parts
    """


def as_numpy(database):
    return database.execute("SELECT * FROM results").fetchnumpy()
