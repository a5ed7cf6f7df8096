//! Every status, on a page a command, in order of precedence.
//!
//! A row is a command, its lines where it has any, and what is expected:
//!
//! ```text
//! direct KEY KIND DAY[@MONTH] | DEBIT … / CREDIT … | ok, exists or a status
//! prepare KEY KIND DAY[@MONTH] | DEBIT … / CREDIT … | …
//! post KEY DAY | …
//! void KEY DAY | …
//! reverse KEY REVERSED DAY | …
//! seal MONTH | …
//! balance FUND.HEADING[:HOLDER] | debits pending, debits posted / credits pending, credits posted
//! chain whole, altered, replaced or another-row | …
//! ```
//!
//! Days and months are of 2025. Funds are two letters, holders a letter and a number, amounts fen; `full` is the most an
//! amount can be. The key `-` is an empty one, and an account `#11.9` is given by its codes.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use ledger::{
    Account, Applied, Book, Chunk, ChunkTree, Command, Fund, Heading, Holder, Journal, Key, Kind,
    Line, Origin, Refusal, Reversal, RunTree, Seal, Sealed, Side, Status, leaf, prove, seal,
    verify,
};
use measure::{Day, Fen, Moment, Month};
use std::collections::{BTreeMap, BTreeSet};

/// A journal with every fault there is; each row mends the first that was named.
const ENTERING: &str = "
    seal 02                                                                                           | ok
    direct known opening 03-01       | un.bank full / un.fund-balance full                            | ok

    direct - reversal 02-05@04       | #11.9:e0 1 un.accounts-due 1 /                                 | KeyUnusable
    direct known reversal 02-05@04   | #11.9 1 un.accounts-due 1 un.bank:e0 1 /                       | AccountUnknown
    direct known reversal 02-05@04   | #99.1001 1 un.accounts-due 1 un.bank:e0 1 /                    | AccountUnknown
    direct known reversal 02-05@04   | un.accounts-due 1 un.bank:e0 1 /                               | AccountNotOfFund
    direct known reversal 02-05@04   | un.bank:e0 1 /                                                 | HolderUnknown
    direct known reversal 02-05@04   | /                                                              | ExistsWithDifferentContent
    direct new reversal 02-05@04     | /                                                              | ReversalByHand
    direct new settlement 02-05@04   | /                                                              | NoLines
    direct new settlement 02-05@04   | un.bank:e7 0 wi.income 7 wi.settlement 1 / un.settlement 2 wi.bank 1  | AmountNotPositive
    direct new settlement 02-05@04   | un.bank:e7 1 wi.income 7 wi.settlement 1 / un.settlement 2 wi.bank -1 | AmountNotPositive
    direct new settlement 02-05@04   | un.bank:e7 1 wi.income 7 wi.settlement 1 / un.settlement 2 wi.bank 1  | HolderNotOfAccount
    direct new settlement 02-05@04   | un.bank 1 wi.income 7 wi.settlement 1 / un.settlement 2 wi.bank 1     | AccountNotOfKind
    direct new settlement 02-05@04   | un.bank 1 wi.settlement 1 / un.settlement 2 wi.bank 1          | DayOutsideMonth
    direct new settlement 02-05      | un.bank 1 wi.settlement 1 / un.settlement 2 wi.bank 1          | Unbalanced
    direct new settlement 02-05      | un.bank 2 wi.settlement 1 / un.settlement 2 wi.bank 1          | SettlementUnequal
    direct new settlement 02-05      | un.bank 1 wi.settlement 1 / un.settlement 1 wi.bank 1          | PeriodSealed
    direct new settlement 03-05      | un.bank 1 wi.settlement 1 / un.settlement 1 wi.bank 1          | TooLarge
    direct new settlement 03-05      | ra.bank 1 wi.settlement 1 / ra.settlement 1 wi.bank 1          | BeyondBalance
    direct new settlement 03-05      | ra.bank 1 un.settlement 1 / ra.settlement 1 un.bank 1          | ok
    direct new settlement 03-05      | ra.bank 1 un.settlement 1 / ra.settlement 1 un.bank 1          | exists
    prepare new settlement 03-05     | ra.bank 1 un.settlement 1 / ra.settlement 1 un.bank 1          | ExistsWithDifferentContent
    direct new settlement 03-06      | ra.bank 1 un.settlement 1 / ra.settlement 1 un.bank 1          | ExistsWithDifferentContent
    direct new settlement 03-05      | un.settlement 1 ra.bank 1 / ra.settlement 1 un.bank 1          | ExistsWithDifferentContent

    prepare too settlement 03-05     | un.bank 1 wi.settlement 1 / un.settlement 1 wi.bank 1          | TooLarge
    prepare too receipt 03-05        | wi.bank full wi.bank 1 / wi.clearing full wi.clearing 1        | TooLarge
";

/// What is known answers first, then whether it can be settled, then the day, then the month.
const SETTLING: &str = "
    direct posted receipt 02-10      | un.bank 100 / un.clearing:e7 100                               | ok
    prepare one receipt 02-10        | un.bank 100 / un.clearing:e7 100                               | ok
    prepare two receipt 02-10        | un.bank 100 / un.clearing:e7 100                               | ok
    seal 02                                                                                           | ok

    post nothing 02-05      | PendingNotFound
    void nothing 02-05      | PendingNotFound
    post posted 02-05       | NotPending
    void posted 02-05       | NotPending
    post one 02-05          | DayBeforeJournal
    void one 02-05          | DayBeforeJournal
    post one 02-20          | PeriodSealed
    void one 02-20          | PeriodSealed
    post one 03-01          | ok
    post one 03-01          | exists
    post one 02-05          | AlreadyPosted
    void one 02-05          | AlreadyPosted
    void two 03-02          | ok
    void two 03-02          | exists
    void two 02-05          | AlreadyVoid
    post two 02-05          | AlreadyVoid
    prepare one receipt 02-10        | un.bank 100 / un.clearing:e7 100                               | exists
    prepare two receipt 02-10        | un.bank 100 / un.clearing:e7 100                               | exists
    direct one receipt 02-10         | un.bank 100 / un.clearing:e7 100                               | ExistsWithDifferentContent
    balance un.clearing:e7           | 0 0 / 0 200
";

const REVERSING: &str = "
    direct old receipt 02-10         | un.bank 100 / un.clearing:e7 100                               | ok
    direct used receipt 03-10        | un.bank 100 / un.clearing:e8 100                               | ok
    direct use refund 03-11          | un.clearing:e8 60 / un.refunds-payable:e8 60                   | ok
    direct back late-fee 03-12       | un.receivable-fees:e7 5 / un.fee-income 5                      | ok
    prepare pending receipt 03-10    | un.bank 1 / un.clearing 1                                      | ok
    prepare void receipt 03-10       | un.bank 1 / un.clearing 1                                      | ok
    void void 03-10                  | ok
    prepare late receipt 03-10       | un.bank 1 / un.clearing 1                                      | ok
    post late 03-20                  | ok
    reverse rback back 03-15         | ok
    direct full opening 03-01        | wi.fund-balance full / wi.clearing full                        | ok
    direct some refund 03-02         | wi.clearing 1 / wi.refunds-payable:e7 1                        | ok
    seal 02                                                                                           | ok

    reverse old nothing 02-05        | ExistsWithDifferentContent
    reverse old old 02-05            | ExistsWithDifferentContent
    reverse new nothing 02-05        | ToReverseNotFound
    reverse new rback 02-05          | ReversesReversal
    reverse new pending 02-05        | ReversesPending
    reverse new void 02-05           | ReversesVoid
    reverse new back 02-05           | AlreadyReversed
    reverse new old 02-05            | DayBeforeJournal
    reverse new late 03-19           | DayBeforeJournal
    reverse new old 02-15            | PeriodSealed
    reverse new some 03-02           | TooLarge
    reverse new used 03-20           | BeyondBalance
    reverse new use 03-20            | ok
    reverse new use 03-20            | exists
    reverse new use 03-21            | ExistsWithDifferentContent
    reverse other used 03-20         | ok
    reverse again late 03-20         | ok
    balance un.clearing:e8           | 0 160 / 0 160
    balance un.refunds-payable:e8    | 0 60 / 0 60
";

/// What is prepared is neither spent twice nor spent early.
const BOUNDS: &str = "
    prepare in receipt 03-01         | un.bank 100 / un.clearing:e7 100                               | ok
    direct out refund 03-01          | un.clearing:e7 1 / un.refunds-payable:e7 1                     | BeyondBalance
    post in 03-02                    | ok
    prepare a refund 03-03           | un.clearing:e7 60 / un.refunds-payable:e7 60                   | ok
    prepare b refund 03-03           | un.clearing:e7 41 / un.refunds-payable:e7 41                   | BeyondBalance
    direct b refund 03-03            | un.clearing:e7 41 / un.refunds-payable:e7 41                   | BeyondBalance
    direct b refund 03-03            | un.clearing:e8 40 / un.refunds-payable:e8 40                   | BeyondBalance
    balance un.clearing:e7           | 60 0 / 0 100
    void a 03-04                     | ok
    balance un.clearing:e7           | 0 0 / 0 100
    direct b refund 03-03            | un.clearing:e7 100 / un.refunds-payable:e7 100                 | ok
    direct c refund 03-03            | un.refunds-payable:e7 100 / un.bank 100                        | ok
    direct d refund 03-03            | un.clearing:e7 1 / un.bank 1                                   | BeyondBalance
    direct e allocation 03-03        | un.clearing 5 / un.clearing:e7 5                               | BeyondBalance
    direct f opening 03-03           | un.receivable:e7 9 / un.fund-balance 9                         | ok
    direct g write-off 03-03         | un.written-off 10 / un.receivable:e7 10                        | BeyondBalance
    direct g write-off 03-03         | un.written-off 9 / un.receivable:e7 9                          | ok
    balance un.bank                  | 0 100 / 0 100
";

const SEALING: &str = "
    seal 02     | ok
    seal 02     | exists
    seal 01     | exists
    seal 04     | SealSkipsMonth
    seal 03     | ok
    seal 04     | ok
    direct k receipt 04-30           | un.bank 1 / un.clearing 1                                      | PeriodSealed
    direct k receipt 05-01           | un.bank 1 / un.clearing 1                                      | ok
    seal 05     | ok
    direct k receipt 05-01           | un.bank 1 / un.clearing 1                                      | exists

    chain whole         | ok
    chain altered       | SealAltered
    chain replaced      | ChainBroken
    chain another-row   | NotProven
";

const PAGES: [(&str, &str); 5] = [
    ("entering", ENTERING),
    ("settling", SETTLING),
    ("reversing", REVERSING),
    ("bounds", BOUNDS),
    ("sealing", SEALING),
];

#[test]
fn pages_hold() {
    let mut amiss = Vec::new();
    for (page, text) in PAGES {
        let mut book = Book::new();
        for row in rows(text) {
            let before = book.clone();
            let (found, expected) = run(&mut book, row);
            if found != expected {
                amiss.push(format!("{page}: {row}\n    found {found}"));
            }
            if found != "ok" {
                assert_eq!(book, before, "{page}: changed by: {row}");
            }
        }
        book.trial_balance(Day::MAX).unwrap().check().unwrap();
    }
    assert!(amiss.is_empty(), "{}", amiss.join("\n"));
}

#[test]
fn every_status_stands_on_a_page() {
    let expected = |row: &'static str| row.rsplit('|').next().unwrap().trim();
    let shown: BTreeSet<&str> = PAGES
        .iter()
        .flat_map(|(_, text)| rows(text))
        .map(expected)
        .collect();
    for status in Status::all() {
        assert!(shown.contains(format!("{status:?}").as_str()), "{status:?}");
    }
}

/// On the page where one journal is mended step by step, the statuses come in order of precedence.
#[test]
fn the_first_page_is_in_order_of_precedence() {
    let position = |row: &str| {
        let expected = row.rsplit('|').next().unwrap().trim();
        Status::all().find(|status| format!("{status:?}") == expected)
    };
    let first = rows(ENTERING).take_while(|row| !row.ends_with("exists"));
    let statuses: Vec<Status> = first.filter_map(position).collect();
    assert!(statuses.len() > 10 && statuses.is_sorted(), "{statuses:?}");
}

fn rows(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|row| !row.is_empty())
}

/// What came of a row, and what was expected.
fn run(book: &mut Book, row: &str) -> (String, String) {
    let columns: Vec<&str> = row.split('|').map(str::trim).collect();
    let (command, expected) = (columns[0], *columns.last().unwrap());
    let words: Vec<&str> = command.split_whitespace().collect();
    let found = match words[0] {
        "balance" => return (balance(book, words[1]), expected.to_string()),
        "chain" => chain(words[1]).map(|()| Applied::Now),
        _ => read(&words, columns[1]).and_then(|command| book.apply(&command)),
    };
    let found = match found {
        Ok(Applied::Now) => "ok".to_string(),
        Ok(Applied::Exists) => "exists".to_string(),
        Err(refusal) => format!("{:?}", refusal.status),
    };
    (found, expected.to_string())
}

fn read(words: &[&str], lines: &str) -> Result<Command, Refusal> {
    let key = |text: &str| Key::new(if text == "-" { "" } else { text });
    Ok(match words[0] {
        "direct" => Command::PostDirectly(journal(words, lines)?),
        "prepare" => Command::Prepare(journal(words, lines)?),
        "post" => Command::Post {
            key: key(words[1])?,
            day: day(words[2]),
        },
        "void" => Command::Void {
            key: key(words[1])?,
            day: day(words[2]),
        },
        "reverse" => Command::Reverse(Reversal {
            key: key(words[1])?,
            reverses: key(words[2])?,
            day: day(words[3]),
            origin: Origin::Case(1),
        }),
        "seal" => Command::Seal(month(words[1])),
        other => panic!("no command {other}"),
    })
}

fn journal(words: &[&str], lines: &str) -> Result<Journal, Refusal> {
    let key = Key::new(if words[1] == "-" { "" } else { words[1] })?;
    let (on, of) = words[3]
        .split_once('@')
        .unwrap_or((words[3], &words[3][..2]));
    let (debits, credits) = lines.split_once('/').unwrap();
    let mut read = Vec::new();
    // All accounts are made before all holders, so that what is amiss with them comes first.
    for (side, text) in [(Side::Debit, debits), (Side::Credit, credits)] {
        let words: Vec<&str> = text.split_whitespace().collect();
        for pair in words.chunks(2) {
            let (account, holder) = pair[0].split_once(':').unwrap_or((pair[0], "-"));
            read.push((self::account(account)?, holder, side, amount(pair[1])));
        }
    }
    let lines = read.into_iter().map(|(account, holder, side, amount)| {
        Ok(Line {
            account,
            holder: self::holder(holder)?,
            side,
            amount,
        })
    });
    Ok(Journal {
        key,
        kind: *Kind::ALL.iter().find(|kind| kind.id() == words[2]).unwrap(),
        month: month(of),
        day: day(on),
        origin: Origin::Run(1),
        law_version: None,
        lines: lines.collect::<Result<_, Refusal>>()?,
    })
}

fn account(text: &str) -> Result<Account, Refusal> {
    if let Some((fund, heading)) = text
        .strip_prefix('#')
        .and_then(|codes| codes.split_once('.'))
    {
        return Account::from_codes(fund.parse().unwrap(), heading.parse().unwrap());
    }
    let (fund, heading) = text.split_once('.').unwrap();
    let fund = match fund {
        "ep" => Fund::EmployeePooled,
        "ea" => Fund::EmployeeAccounts,
        "rp" => Fund::ResidentPooled,
        "ra" => Fund::ResidentAccounts,
        "un" => Fund::Unemployment,
        "wi" => Fund::WorkInjury,
        other => panic!("no fund {other}"),
    };
    let row = ledger::CHART.iter().find(|row| row.id == heading);
    let heading: Heading = row
        .unwrap_or_else(|| panic!("no heading {heading}"))
        .heading;
    Account::of(fund, heading)
}

fn holder(text: &str) -> Result<Holder, Refusal> {
    let number = || text[1..].parse().unwrap();
    match &text[..1] {
        "-" => Ok(Holder::NOBODY),
        "d" => Holder::district(text[1..].parse().unwrap()),
        "e" => Holder::employer(number()),
        "p" => Holder::person(number()),
        other => panic!("no holder {other}"),
    }
}

fn amount(text: &str) -> Fen {
    match text {
        "full" => Fen::MAX,
        fen => Fen(fen.parse().unwrap()),
    }
}

fn day(text: &str) -> Day {
    Day::parse(&format!("2025-{text}")).unwrap()
}

fn month(text: &str) -> Month {
    Month::parse(&format!("2025-{text}")).unwrap()
}

fn balance(book: &Book, of: &str) -> String {
    let (account, holder) = of.split_once(':').unwrap_or((of, "-"));
    let balance = book.balance(
        self::account(account).unwrap(),
        self::holder(holder).unwrap(),
    );
    format!(
        "{} {} / {} {}",
        balance.debits_pending.0,
        balance.debits_posted.0,
        balance.credits_pending.0,
        balance.credits_posted.0
    )
}

/// A chain of two seals over a run of one chunk of three rows, with something amiss.
fn chain(what: &str) -> Result<(), Refusal> {
    let leaves = [leaf(b"a"), leaf(b"b"), leaf(b"c")];
    let mut tree = ChunkTree::new();
    leaves.iter().for_each(|leaf| {
        tree.leaf(*leaf);
    });
    let chunks: [Chunk; 1] = [tree.finish()];
    let mut run = RunTree::new();
    run.chunk(chunks[0]);
    let content = |of: &str, number: i64| Sealed {
        month: month(of),
        run: number,
        law_version: "law".to_string(),
        facts_known: Moment::from_microseconds(1),
        totals: BTreeMap::new(),
        rows: run.rows(),
        root: run.root(),
    };
    let mut first = Seal::after(None, content("01", 1));
    let second = Seal::after(Some(&first), content("02", 2));
    match what {
        "altered" => first.content.rows += 1,
        "replaced" => first = Seal::after(None, content("01", 3)),
        _ => {}
    }
    seal::check_chain([&first, &second])?;
    let proof = prove(leaves, 1, &chunks, 0)?;
    let shown = if what == "another-row" {
        leaves[2]
    } else {
        leaves[1]
    };
    verify(&shown, &proof, &second.content.root)
}
