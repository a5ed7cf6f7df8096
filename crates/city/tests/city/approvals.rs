//! What takes two people: agreements on instalments, write-offs and refunds, as tables.

use crate::{day, yuan};
use city::actors::Actor;
use city::collection::Part;
use city::collection::instalments::{self, Agreement};
use city::collection::refunds::{self, Held, Refund};
use city::collection::write_offs::{self, Ground, Open, WriteOff};
use city::refusal::Refused;
use measure::Fen;

fn actor(name: &str) -> Actor {
    Actor::new(name).unwrap()
}

/// Deeds on days, one after another -> the last one's events, or the code of its refusal.
const AGREEMENTS: &str = "
    2025-01-10 propose 1000.01 2025-01-31 3                             -> proposed 2025-01-31:333.33 2025-02-28:333.33 2025-03-31:333.35
    2025-01-10 propose 0 2025-01-31 3                                   -> K0105
    2025-01-10 propose 1000 2025-01-31 0                                -> K0106
    2025-01-10 propose 1000 2025-01-31 14                               -> K0106
    2025-01-10 propose 1000 2025-01-09 3                                -> K0107
    2025-01-10 approve checker                                          -> K0103
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-10 approve maker     -> K0104
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-10 approve checker   -> approved
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-11 propose 900 2025-01-31 2 -> K0103
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-11 pay 100           -> K0103
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-11 decline checker | 2025-01-12 propose 900 2025-01-31 1 -> proposed 2025-01-31:900.00
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-10 approve checker | 2025-01-31 look -> nothing
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-10 approve checker | 2025-02-01 look -> missed 0
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-10 approve checker | 2025-02-01 pay 500 -> missed 0 rest 500.00
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-10 approve checker | 2025-01-31 pay 500 -> paid 0:500.00
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-10 approve checker | 2025-01-31 pay 700 -> paid 0:500.00 paid 1:200.00
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-10 approve checker | 2025-01-31 pay 1100 -> paid 0:500.00 paid 1:500.00 rest 100.00 kept
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-10 approve checker | 2025-01-31 pay 499.99 | 2025-02-01 look -> missed 0
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-10 approve checker | 2025-01-31 pay 500 | 2025-03-01 look -> missed 1
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-10 approve checker | 2025-01-31 pay 1000 | 2025-03-01 look -> nothing
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-10 approve checker | 2025-02-01 look | 2025-02-02 pay 5 -> K0103
    2025-01-10 propose 1000 2025-01-31 2 | 2025-01-10 approve checker | 2025-01-31 pay 0 -> K0101
";

#[test]
fn agreements_run_until_kept_or_missed() {
    use instalments::{Command, Event};
    let allowed = |months: u32, guaranteed: bool| Ok(months <= 12 && guaranteed);
    for line in AGREEMENTS
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let (deeds, expected) = line.split_once(" -> ").unwrap();
        let (mut agreement, mut outcome) = (None::<Agreement>, String::new());
        for deed in deeds.split('|') {
            let words: Vec<&str> = deed.split_whitespace().collect();
            let command = match words[1] {
                "propose" => Command::Propose {
                    owed: yuan(words[2]),
                    first: day(words[3]),
                    count: words[4].parse().unwrap(),
                    guaranteed: true,
                    by: actor("maker"),
                },
                "approve" => Command::Approve {
                    by: actor(words[2]),
                },
                "decline" => Command::Decline {
                    by: actor(words[2]),
                },
                "pay" => Command::Pay {
                    amount: yuan(words[2]),
                },
                _ => Command::Look,
            };
            outcome =
                match instalments::decide(agreement.as_ref(), &command, day(words[0]), allowed) {
                    Err(refusal) => refusal.code().to_owned(),
                    Ok(events) if events.is_empty() => String::from("nothing"),
                    Ok(events) => {
                        let shown = events.iter().map(|event| match event {
                            Event::Proposed { plan, .. } => {
                                let plan = plan
                                    .iter()
                                    .map(|part| format!(" {}:{}", part.due, part.amount));
                                format!("proposed{}", plan.collect::<String>())
                            }
                            Event::Approved { .. } => String::from("approved"),
                            Event::Declined { .. } => String::from("declined"),
                            Event::Paid { place, amount } => format!("paid {place}:{amount}"),
                            Event::Rest { amount } => format!("rest {amount}"),
                            Event::Kept => String::from("kept"),
                            Event::Missed { place } => format!("missed {place}"),
                        });
                        let shown = shown.collect::<Vec<_>>().join(" ");
                        agreement = events.iter().fold(agreement, Agreement::after);
                        shown
                    }
                };
        }
        assert_eq!(outcome, expected.trim(), "{line}");
    }
}

#[test]
fn an_agreement_without_security() {
    let command = instalments::Command::Propose {
        owed: yuan("1000"),
        first: day("2025-01-31"),
        count: 2,
        guaranteed: false,
        by: actor("maker"),
    };
    let refusal = instalments::decide(None, &command, day("2025-01-10"), |_, guaranteed| {
        Ok(guaranteed)
    });
    assert_eq!(
        refusal.unwrap_err().to_string(),
        "K0106: the law does not allow 1 months without security; shorten it, and give security"
    );
}

/// Deeds -> how it stands, or the code of the last one's refusal. Open are 100 of the dues and 10 of the fee.
const WRITE_OFFS: &str = "
    ask 100+10 bankruptcy                        -> asked
    ask 100+0 fee-waived                         -> K0109
    ask 0+10 fee-waived                          -> asked
    ask 100.01+0 ruling                          -> K0108
    ask 0+10.01 ruling                           -> K0108
    ask 0+0 ruling                               -> K0101
    ask -1+5 ruling                              -> K0101
    approve checker                              -> K0103
    ask 100+10 ruling | approve maker            -> K0104
    ask 100+10 ruling | approve checker          -> done 100.00+10.00
    ask 100+10 ruling | ask 5+0 ruling           -> K0103
    ask 100+10 ruling | decline checker | ask 5+0 ruling -> asked
    ask 100+10 ruling | approve checker | approve checker -> K0103
    ask 100+10 ruling | paid | approve checker   -> K0108
";

#[test]
fn write_offs_need_a_ground_and_two_people() {
    use write_offs::Command;
    let lawful = |ground, part| Ok((ground, part) != (Ground::FeeWaived, Part::Principal));
    for line in WRITE_OFFS
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let (deeds, expected) = line.split_once(" -> ").unwrap();
        let mut open = Open {
            principal: yuan("100"),
            fee: yuan("10"),
        };
        let (mut write_off, mut outcome) = (None::<WriteOff>, String::new());
        for deed in deeds.split('|') {
            let words: Vec<&str> = deed.split_whitespace().collect();
            let command = match words[0] {
                "ask" => {
                    let (principal, fee) = words[1].split_once('+').unwrap();
                    Command::Ask {
                        principal: yuan(principal),
                        fee: yuan(fee),
                        ground: *Ground::ALL
                            .iter()
                            .find(|ground| ground.in_law() == words[2])
                            .unwrap(),
                        by: actor("maker"),
                    }
                }
                "approve" => Command::Approve {
                    by: actor(words[1]),
                },
                "decline" => Command::Decline {
                    by: actor(words[1]),
                },
                _ => {
                    open.principal = Fen::ZERO;
                    continue;
                }
            };
            outcome = match write_offs::decide(write_off.as_ref(), &command, open, lawful) {
                Err(refusal) => refusal.code().to_owned(),
                Ok(next) => {
                    let shown = match &next {
                        WriteOff::Asked { .. } => String::from("asked"),
                        WriteOff::Done { principal, fee } => format!("done {principal}+{fee}"),
                        WriteOff::Declined => String::from("declined"),
                    };
                    write_off = Some(next);
                    shown
                }
            };
        }
        assert_eq!(outcome, expected.trim(), "{line}");
    }
}

/// Deeds -> how it stands and what it takes, or the code of the last one's refusal. Held are 100 from account A.
const REFUNDS: &str = "
    ask 100 A                                        -> asked 100.00
    ask 100.01 A                                     -> K0108
    ask 0 A                                          -> K0101
    ask 100 B                                        -> K0110
    send                                             -> K0103
    ask 60 A | approve maker                         -> K0104
    ask 60 A | approve checker                       -> approved 60.00
    ask 60 A | decline checker                       -> declined 0.00
    ask 60 A | approve checker | decline checker     -> declined 0.00
    ask 60 A | decline checker | ask 50 A            -> asked 50.00
    ask 60 A | send                                  -> K0103
    ask 60 A | approve checker | send                -> sent 60.00
    ask 60 A | approve checker | came-back           -> K0103
    ask 60 A | approve checker | send | decline checker -> K0103
    ask 60 A | approve checker | send | came-back    -> returned 0.00
    ask 60 A | approve checker | send | came-back | ask 60 A -> asked 60.00
    ask 60 A | approve checker | send | ask 40 A     -> K0103
";

#[test]
fn refunds_go_back_where_the_money_came_from() {
    use refunds::Command;
    let held = Held {
        rest: yuan("100"),
        account: String::from("A"),
    };
    for line in REFUNDS
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let (deeds, expected) = line.split_once(" -> ").unwrap();
        let (mut refund, mut outcome) = (None::<Refund>, String::new());
        for deed in deeds.split('|') {
            let words: Vec<&str> = deed.split_whitespace().collect();
            let command = match words[0] {
                "ask" => Command::Ask {
                    amount: yuan(words[1]),
                    account: words[2].to_owned(),
                    by: actor("maker"),
                },
                "approve" => Command::Approve {
                    by: actor(words[1]),
                },
                "decline" => Command::Decline {
                    by: actor(words[1]),
                },
                "send" => Command::Send,
                _ => Command::CameBack,
            };
            outcome = match refunds::decide(refund.as_ref(), &command, &held) {
                Err(refusal) => refusal.code().to_owned(),
                Ok(next) => {
                    let name = match &next {
                        Refund::Asked { .. } => "asked",
                        Refund::Approved { .. } => "approved",
                        Refund::Sent { .. } => "sent",
                        Refund::Returned => "returned",
                        Refund::Declined => "declined",
                    };
                    let shown = format!("{name} {}", next.takes());
                    refund = Some(next);
                    shown
                }
            };
        }
        assert_eq!(outcome, expected.trim(), "{line}");
    }
}
