"""DataFusion: Arrow batches in memory, one query in SQL over integers, exact."""

import datafusion
import numpy as np
import pyarrow as pa

VERSION = datafusion.__version__
THREADS = 2


def prepare(load, columns, figures):
    settings = datafusion.SessionConfig().with_target_partitions(THREADS)
    context = datafusion.SessionContext(settings)
    table = pa.table({name: np.array(column) for name, column in columns.items()})
    # A partition a thread, each in batches of the engine's own size, in the order of the rows.
    batches = table.to_batches(max_chunksize=8192)
    share = -(-len(batches) // THREADS)
    context.register_record_batches("claims", [batches[at : at + share] for at in range(0, len(batches), share)])
    query = {"contribution": contribution, "award": award}[load](figures)
    frame = context.sql(query)
    return lambda: frame.collect_partitioned()


def half_up(amount, by):
    twice = 2 * by if isinstance(by, int) else f"(2 * {by})"
    return f"((2 * ({amount}) + {by}) / {twice})"


def bounded(value, least, greatest):
    return f"greatest(least({value}, {greatest}), {least})"


def contribution(f):
    unemployment = half_up(f"contribution_base * {f['unemployment_per_mille']}", 1000)
    return f"""
        SELECT
            contribution_base,
            {half_up(f"contribution_base * {f['employer_percent']}", 100)} AS employer_due,
            {half_up(f"contribution_base * {f['employee_percent']}", 100)} AS employee_due,
            {unemployment} AS unemployment_employer_contribution,
            {unemployment} AS unemployment_employee_contribution
        FROM (SELECT {bounded("wage", f["floor"], f["ceiling"])} AS contribution_base FROM claims)
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

    tenths = enumerate(payout_tenths(f), start=12 * f["payout_first_age"])
    divisor = f"CASE age {' '.join(f'WHEN {age} THEN {months}' for age, months in tenths)} END"
    return f"""
        WITH groups AS (
            SELECT *,
                birth_month + {by_group("original_age")} AS original_month,
                {by_group("step")} AS step
            FROM claims
        ), delays AS (
            SELECT *,
                least(greatest(original_month - {f["reform_start"]} + step, 0) / step,
                    {by_group("greatest_delay")}) AS delay
            FROM groups
        ), ages AS (
            SELECT *,
                original_month + delay AS statutory_retirement_month,
                original_month + delay - birth_month AS age
            FROM delays
        ), parts AS (
            SELECT
                contribution_months,
                statutory_retirement_month,
                {half_up("calculation_wage_used * (10000 + average_index) * "
                    + half_up("contribution_months * 100", 12), 200000000)} AS basic_pension,
                {half_up("account_balance * 10", divisor)} AS account_pension,
                {half_up("calculation_wage_used * (10000 + average_index) * "
                    + half_up("deemed_months * 100", 12) + f" * {f['transitional_per_mille']}", 2000000000)}
                    AS transitional_pension
            FROM ages
        )
        SELECT
            statutory_retirement_month,
            basic_pension,
            account_pension,
            transitional_pension,
            CASE WHEN contribution_months >= {bounded(
                f"{f['minimum']} + {f['minimum_rise']} * (statutory_retirement_month / 12 - {f['minimum_rises_from'] - 1})",
                f["minimum"], f["final_minimum"])}
                THEN basic_pension + account_pension + transitional_pension ELSE 0 END AS monthly_pension
        FROM parts
    """


def as_numpy(partitions):
    batches = [batch for partition in partitions for batch in partition]
    table = pa.Table.from_batches(batches)
    return {name: table.column(name).to_numpy() for name in table.column_names}
