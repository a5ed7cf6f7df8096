"""OpenFisca-core: a small country package, written as its country template is; amounts are its default 32-bit floats."""

from importlib.metadata import version
from pathlib import Path

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

VERSION = version("OpenFisca-Core")
THREADS = 1
PERIOD = "2025-06"

Person = build_entity(key="person", plural="persons", label="An insured person", is_person=True)


def to_the_fen(amount):
    return np.floor(amount * 100 + 0.5) / 100


class Sex(Enum):
    male = "Male"
    female = "Female"


class Post(Enum):
    worker = "Worker"
    management = "Management"


class RetirementGroup(Enum):
    male_60 = "Men, formerly at 60"
    female_55 = "Women, formerly at 55"
    female_50 = "Women, formerly at 50"


class wage(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Last year's average monthly wage"


class contribution_base(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The wage within floor and ceiling"

    def formula(person, period, parameters):
        contribution = parameters(period).contribution
        return np.clip(person("wage", period), contribution.floor, contribution.ceiling)


class employer_due(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The employer's pension contribution"

    def formula(person, period, parameters):
        return to_the_fen(person("contribution_base", period) * parameters(period).contribution.employer_rate)


class employee_due(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The employee's pension contribution"

    def formula(person, period, parameters):
        return to_the_fen(person("contribution_base", period) * parameters(period).contribution.employee_rate)


class unemployment_employer_contribution(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The employer's unemployment contribution"

    def formula(person, period, parameters):
        rate = parameters(period).contribution.unemployment_employer_rate
        return to_the_fen(person("contribution_base", period) * rate)


class unemployment_employee_contribution(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The employee's unemployment contribution"

    def formula(person, period, parameters):
        rate = parameters(period).contribution.unemployment_employee_rate
        return to_the_fen(person("contribution_base", period) * rate)


class sex(Variable):
    value_type = Enum
    possible_values = Sex
    default_value = Sex.male
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Sex"


class post(Variable):
    value_type = Enum
    possible_values = Post
    default_value = Post.worker
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Post"


class birth_month(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.ETERNITY
    label = "Month of birth, year * 12 + month - 1"


class contribution_months(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months of contributions, deemed ones included"


class deemed_months(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months before accounts began"


class account_balance(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Balance of the account"


class average_index(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Average index"


class calculation_wage_used(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Calculation wage"


class retirement_group(Variable):
    value_type = Enum
    possible_values = RetirementGroup
    default_value = RetirementGroup.male_60
    entity = Person
    definition_period = DateUnit.MONTH
    label = "The group by former retirement age"

    def formula(person, period, parameters):
        men = person("sex", period) == Sex.male
        management = person("post", period) == Post.management
        return np.select(
            [men, management],
            [RetirementGroup.male_60, RetirementGroup.female_55],
            default=RetirementGroup.female_50,
        )


class retirement_age(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Statutory retirement age, months"

    def formula(person, period, parameters):
        retirement = parameters(period).retirement
        group = person("retirement_group", period)
        original_age = retirement.original_age[group]
        elapsed = person("birth_month", period) + original_age - 2025 * 12 + 1
        steps = np.ceil(elapsed / retirement.step[group])
        return original_age + np.clip(steps, 0, retirement.greatest_delay[group])


class statutory_retirement_month(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Statutory month of retirement, year * 12 + month - 1"

    def formula(person, period, parameters):
        return person("birth_month", period) + person("retirement_age", period)


class payout_divisor(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months over which the account is paid out, between birthdays by month"

    def formula(person, period, parameters):
        table = parameters(period).payout_months
        age = person("retirement_age", period)
        this_year = table.calc(age // 12)
        next_year = table.calc(age // 12 + 1)
        return np.floor((this_year - (this_year - next_year) * (age % 12) / 12) * 10 + 0.5) / 10


class averaged_wage(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Mean of the calculation wage and one's own indexed wage"

    def formula(person, period, parameters):
        calculation_wage = person("calculation_wage_used", period)
        return (calculation_wage + calculation_wage * person("average_index", period)) / 2


class basic_pension(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Basic pension"

    def formula(person, period, parameters):
        years = to_the_fen(person("contribution_months", period) / 12)
        return to_the_fen(person("averaged_wage", period) * years * 0.01)


class account_pension(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Account pension"

    def formula(person, period, parameters):
        return to_the_fen(person("account_balance", period) / person("payout_divisor", period))


class transitional_pension(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Transitional pension"

    def formula(person, period, parameters):
        years = to_the_fen(person("deemed_months", period) / 12)
        coefficient = parameters(period).retirement.transitional_coefficient
        return to_the_fen(person("averaged_wage", period) * years * coefficient)


class minimum_contribution(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Months of contributions a pension takes"

    def formula(person, period, parameters):
        retirement = parameters(period).retirement
        rises = person("statutory_retirement_month", period) // 12 - retirement.minimum_rises_from + 1
        return np.clip(
            retirement.minimum + retirement.minimum_rise * rises, retirement.minimum, retirement.final_minimum
        )


class monthly_pension(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.MONTH
    label = "Monthly pension; 0 where the minimum is not reached"

    def formula(person, period, parameters):
        reached = person("contribution_months", period) >= person("minimum_contribution", period)
        parts = ("basic_pension", "account_pension", "transitional_pension")
        return reached * sum(person(part, period) for part in parts)


OUTPUTS = {
    "contribution": (
        contribution_base,
        employer_due,
        employee_due,
        unemployment_employer_contribution,
        unemployment_employee_contribution,
    ),
    "award": (
        statutory_retirement_month,
        basic_pension,
        account_pension,
        transitional_pension,
        monthly_pension,
    ),
}
IN_FEN = {"wage", "account_balance", "calculation_wage_used"}


def country():
    system = TaxBenefitSystem([Person])
    system.add_variables(*(kind for kind in globals().values() if isinstance(kind, type) and issubclass(kind, Variable) and kind is not Variable))
    system.load_parameters(str(Path(__file__).with_name("openfisca_parameters")))
    return system


def prepare(load, columns, figures):
    system = country()
    rows = len(next(iter(columns.values())))
    # The columns as its users hold them: yuan, and members of its own enumerations.
    inputs = {}
    for name, column in columns.items():
        kind = system.get_variable(name)
        if name in IN_FEN:
            column = column / 100
        elif name == "average_index":
            column = column / 10_000
        elif kind.value_type is Enum:
            members = np.array([member.name for member in kind.possible_values])
            column = kind.possible_values.encode(members[column])
        inputs[name] = column

    def work():
        # From columns to columns: a simulation is made for the rows at hand, takes them in and is asked.
        simulation = SimulationBuilder().build_default_simulation(system, count=rows)
        for name, column in inputs.items():
            simulation.set_input(name, PERIOD, column)
        return {kind.__name__: simulation.calculate(kind.__name__, PERIOD) for kind in OUTPUTS[load]}

    return work


def one(load, columns, figures):
    return prepare(load, {name: column[:1] for name, column in columns.items()}, figures)


def as_numpy(results):
    def whole(name, values):
        if name == "statutory_retirement_month":
            return values
        return np.rint(values.astype(np.float64) * 100)

    return {name: whole(name, values) for name, values in results.items()}
