//! As what is somebody insured, through whom, on what amount? The rows of employments and participations.

use crate::chance::Draw;
use crate::city::City;
use crate::codes::{category, employment, post, scheme, status};
use crate::employers::Employer;
use crate::insured::Insured;
use crate::layout::{Group, Workplace};
use crate::registers::{Employments, Participations, Registers, id};

/// A participation on its way into the columns.
#[derive(Clone, Copy)]
struct Part {
    scheme: u8,
    category: u8,
    employer: i64,
    district: i32,
    status: u8,
    declared: i64,
    from: i32,
}

/// An employer with its number, and since which day it employs.
struct Work {
    employer: Employer,
    number: i64,
    from: i32,
}

impl City {
    /// Adds what somebody who lives there does and how they are insured.
    pub(crate) fn push_insurance(&self, registers: &mut Registers, insured: &Insured, home: u8) {
        let first = match insured.group {
            Group::PlatformResident
            | Group::Resident
            | Group::DrawingResident
            | Group::OldResident => insured.joined(),
            _ => insured.beginning().0,
        };
        let calendar = self.registry.calendar();
        let work = insured.workplace.map(|workplace| Work {
            employer: self.employer(workplace),
            number: Workplace::number(workplace),
            from: calendar.first_day(insured.hired(first)),
        });
        if let Some(work) = &work {
            registers.employments.push(insured, work);
        }
        let own = Part {
            scheme: scheme::EMPLOYEE_PENSION,
            category: category::INDIVIDUAL,
            employer: 0,
            district: self.code(home),
            status: status::ACTIVE,
            declared: 0,
            from: calendar.first_day(first),
        };
        let person = id(insured.number);
        let mut push = |part: Part| registers.participations.push(person, part);
        match (insured.group, &work) {
            (Group::Staff, Some(work)) => {
                let pension = Part {
                    declared: self.declared(insured, &work.employer),
                    from: own.from,
                    ..self.through_employer(work, scheme::EMPLOYEE_PENSION)
                };
                push(pension);
                for scheme in [scheme::UNEMPLOYMENT, scheme::WORK_INJURY] {
                    push(Part {
                        declared: pension.declared,
                        ..self.through_employer(work, scheme)
                    });
                }
            }
            (Group::PartTime, Some(work)) => {
                push(self.individual(insured, own));
                push(Part {
                    declared: self.wage_at(insured, &work.employer),
                    ..self.through_employer(work, scheme::WORK_INJURY)
                });
            }
            _ => push(self.alone(insured, own)),
        }
    }

    /// The one participation of whoever has none through an employer.
    fn alone(&self, insured: &Insured, own: Part) -> Part {
        match insured.group {
            Group::EarlyPensioner | Group::Pensioner | Group::OldPensioner => Part {
                category: match self
                    .margins
                    .by_standing
                    .pick(insured.chance, Draw::Standing)
                {
                    0 => category::EMPLOYEE,
                    _ => category::INDIVIDUAL,
                },
                status: status::ENDED,
                ..own
            },
            Group::PlatformResident | Group::Resident => {
                let tier = self.margins.by_tier.pick(insured.chance, Draw::Tier);
                Part {
                    declared: self.margins.tiers[usize::from(tier)],
                    ..resident(own)
                }
            }
            Group::DrawingResident | Group::OldResident => Part {
                status: status::ENDED,
                ..resident(own)
            },
            Group::Staff | Group::PartTime | Group::PlatformIndividual | Group::Individual => {
                self.individual(insured, own)
            }
        }
    }

    fn individual(&self, insured: &Insured, own: Part) -> Part {
        Part {
            status: self.individual_status(insured),
            declared: self.chosen_base(insured.chance),
            ..own
        }
    }

    fn through_employer(&self, work: &Work, scheme: u8) -> Part {
        Part {
            scheme,
            category: category::EMPLOYEE,
            employer: work.number,
            district: self.code(work.employer.district),
            status: status::ACTIVE,
            declared: 0,
            from: work.from,
        }
    }

    /// The wage an employer declared, or 0 where it has not: one in two thousand.
    fn declared(&self, insured: &Insured, employer: &Employer) -> i64 {
        match insured.chance.below(Draw::Undeclared, 2_000) {
            0 => 0,
            _ => self.wage_at(insured, employer),
        }
    }

    fn wage_at(&self, insured: &Insured, employer: &Employer) -> i64 {
        self.wage(insured.chance, employer.district)
    }

    /// One in ten of those insured as individuals without any work pauses.
    pub(crate) fn individual_status(&self, insured: &Insured) -> u8 {
        match insured.group == Group::Individual && insured.chance.below(Draw::Paused, 10) == 0 {
            true => status::PAUSED,
            false => status::ACTIVE,
        }
    }
}

/// The kind of somebody's employment.
pub(crate) fn kind(group: Group, employer: &Employer) -> u8 {
    match group {
        Group::PlatformIndividual | Group::PlatformResident => employment::PLATFORM,
        Group::PartTime => employment::FLEXIBLE,
        _ if employer.dispatches => employment::DISPATCHED,
        _ => employment::STANDARD,
    }
}

fn resident(own: Part) -> Part {
    Part {
        scheme: scheme::RESIDENT_PENSION,
        category: category::RESIDENT,
        ..own
    }
}

impl Employments {
    fn push(&mut self, insured: &Insured, work: &Work) {
        self.person.push(id(insured.number));
        self.employer.push(work.number);
        self.kind.push(kind(insured.group, &work.employer));
        self.post.push(match insured.post {
            0 => post::WORKER,
            _ => post::MANAGEMENT,
        });
        self.from.push(work.from);
    }
}

impl Participations {
    fn push(&mut self, person: i64, part: Part) {
        self.person.push(person);
        self.scheme.push(part.scheme);
        self.category.push(part.category);
        self.employer.push(part.employer);
        self.district.push(part.district);
        self.status.push(part.status);
        self.declared.push(part.declared);
        self.from.push(part.from);
    }
}
